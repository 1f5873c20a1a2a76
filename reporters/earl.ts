import type { Verdict } from '../harness/verdicts/verdicts.ts';
import type { Report, ReportedRequirement } from './schema/report.ts';
import { verdictLine } from './verdict-line.ts';

/** Verdicts as outcomes of W3C EARL 1.0, which has no accepted failures. */
const OUTCOMES: Readonly<Record<Verdict, string>> = {
  passed: 'earl:passed',
  failed: 'earl:failed',
  known: 'earl:failed',
  stale: 'earl:passed',
  blocked: 'earl:cantTell',
  error: 'earl:cantTell',
  excluded: 'earl:inapplicable',
  untested: 'earl:untested',
  'not-run': 'earl:untested',
};

/** The report as W3C EARL 1.0 in JSON-LD: one assertion for each promise. */
export function earlOf(report: Report) {
  const { run, suite, contract, target, requirements, evidence } = report;
  const outcome = ({ verdict, observed }: ReportedRequirement) =>
    verdict === 'stale' && observed === 'violated' ? 'earl:failed' : OUTCOMES[verdict];
  return {
    '@context': {
      earl: 'http://www.w3.org/ns/earl#',
      dct: 'http://purl.org/dc/terms/',
      doap: 'http://usefulinc.com/ns/doap#',
    },
    '@graph': [
      {
        '@id': '_:suite',
        '@type': ['earl:Assertor', 'earl:Software'],
        'dct:title': `account-groups-conformance ${suite.version}`,
        ...(suite.commit !== undefined && { 'doap:revision': suite.commit }),
      },
      {
        '@id': '_:target',
        '@type': 'earl:TestSubject',
        'dct:title': target,
        'dct:description': verdictLine(report),
      },
      ...requirements.map((one) => ({
        '@id': `urn:uuid:${run.id}#${one.id}`,
        '@type': 'earl:Assertion',
        'earl:assertedBy': { '@id': '_:suite' },
        'earl:subject': { '@id': '_:target' },
        'earl:mode': { '@id': 'earl:automatic' },
        'earl:test': {
          '@id': `urn:sha256:${contract.sha256}${one.pointer.startsWith('#') ? one.pointer : `#${one.pointer}`}`,
          '@type': one.level === 'MUST' ? ['earl:TestRequirement'] : ['earl:TestCriterion'],
          'dct:identifier': one.id,
          'dct:title': `${one.level} ${one.statement}`,
        },
        'earl:result': {
          '@type': 'earl:TestResult',
          'earl:outcome': { '@id': outcome(one) },
          'dct:date': run.endedAt,
          ...infoOf(one, evidence),
        },
      })),
    ],
  };
}

function infoOf({ id, reason }: ReportedRequirement, evidence: Report['evidence']) {
  const info = [evidence[id]?.violations[0]?.seen, reason].filter((text) => text !== undefined).join('; ');
  return info === '' ? {} : { 'earl:info': info };
}
