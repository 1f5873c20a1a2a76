import { OBSERVATIONS, RUN_VERDICTS, VERDICTS } from '../../harness/verdicts/verdicts.ts';
import { exchange, footprint, texts, violation } from './messages.ts';
import {
  constant,
  count,
  flag,
  keyed,
  list,
  named,
  number,
  type Of,
  object,
  optional,
  pattern,
  record,
  text,
  textOrNumber,
  words,
} from './shape.ts';

/** The report of one run: the source of its types and of `conformance.schema.json`. */

export const SCHEMA = 'account-groups-conformance/4';

export const sha256 = named('sha256', pattern('^[0-9a-f]{64}$'));
const time = named('time', pattern('^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$'));
const verdict = named('verdict', words(VERDICTS));

export const suite = named(
  'suite',
  object({
    version: text(),
    commit: optional(text('Absent if the suite is not in its own git work tree.')),
    dirty: optional(flag('The work tree differs from the commit.')),
  }),
);

export const settings = named('settings', record(textOrNumber, 'The settings of the run; secrets are shown as (set).'));

const proof = object(
  {
    version: text('The version of the contract that was proven.'),
    suite: sha256,
    contract: sha256,
    date: text('The day on which the proof ran.'),
    commit: optional(text('The commit that was checked out when the proof ran.')),
    faults: count('Faults in the proof that violate only promises that this run judged.'),
    caught: count(),
    variants: count('Conforming variants in the proof, each tried with the whole suite.'),
    alarms: count('How many variants raised a false alarm.'),
    requirements: count('Promises that this run judged.'),
    covered: count('How many of these promises a fault in the proof violates.'),
    qualified: flag('The proof is complete, and belongs to the contract and the suite of this run.'),
    statement: text(),
  },
  {
    description: 'The last proof, of this version of the contract, that the checks can fail; absent without a record.',
  },
);

const scope = object(
  {
    limits: list(
      object({ by: words(['setting', 'profile', 'target', 'contract']), words: text(), promises: count() }),
      'Exclusions, and how many promises each of them excluded.',
    ),
    judged: count('Promises that were seen kept or violated.'),
    of: count(),
  },
  { description: 'What the run could judge.' },
);

const deviation = object({
  because: text(),
  ticket: text(),
  approver: optional(text()),
  since: text(),
  until: text('The last day.'),
});

const authority = object(
  {
    kind: words(['vendor page', 'vendor document', 'RFC', 'our reading']),
    name: text(),
    log: optional(text('The entry of the curation log that gives the reasons.')),
  },
  { description: 'The authority behind the promise.' },
);

const requirement = named(
  'requirement',
  object({
    id: text(),
    area: text(),
    level: words(['MUST', 'SHOULD']),
    statement: text(),
    source: text(),
    authority,
    since: optional(text('The version of the vendor with which it got this level; absent if the first one made it.')),
    until: optional(text('The version of the vendor that lifts it or changes its level; absent if none does.')),
    pointer: text('JSON pointer into the contract.'),
    quote: optional(text('The promise in the contract, as YAML; for findings only.')),
    verdict,
    observed: words(OBSERVATIONS, 'What was observed, regardless of accepted deviations.'),
    acceptance: words(
      ['open', 'accepted', 'expired'],
      'Whether a deviation is accepted, regardless of what was observed.',
    ),
    gate: words(['ok', 'advice', 'gate'], 'Effect of the verdict: `gate` keeps the gate closed.'),
    reason: optional(text()),
    accepted: optional(
      list(deviation, 'The deviations that accept a violation for this target, or did until they expired.'),
    ),
    excludedBy: optional(
      words(['setting', 'profile', 'target', 'contract'], 'What excludes it; only for the verdict `excluded`.'),
    ),
    cases: texts,
  }),
);

export const CASE_STATES = ['asked', 'excluded', 'nothing-asked', 'not-selected', 'not-run'] as const;

const testCase = named(
  'case',
  object({
    id: text(),
    title: text(),
    area: text(),
    operation: optional(text()),
    covers: texts,
    state: words(CASE_STATES, 'Only cases in the state `asked` sent requests.'),
    error: optional(text()),
  }),
);

const run = named(
  'run',
  object({
    id: text(),
    partIds: texts,
    ended: words(['completed', 'timed out', 'interrupted'], 'How the run ended, regardless of its findings.'),
    startedAt: time,
    endedAt: time,
    durationMs: number(0),
    requests: count(),
    parts: count('Number of shards in the report.'),
    node: text(),
    playwright: text(),
    footprint,
    troubles: texts,
    targetSays: optional(text('Value of the `server` header in the answers of the target.')),
    operator: optional(text()),
    ci: optional(
      object(
        { name: text(), job: text(), url: optional(text()), commit: optional(text()) },
        {
          description: 'The CI job that executed the run.',
        },
      ),
    ),
    keyFingerprint: optional(text('SHA-256 of the public key that signs the evidence (SPKI, DER).')),
  }),
);

const evidence = named(
  'evidence',
  object(
    {
      cases: texts,
      exchanges: texts,
      violations: list(violation, 'One of each kind first; a sample if there are many.'),
      violationCount: count(),
    },
    {
      description: 'The cases that judged a promise, the exchanges on which its verdict is based, and the violations.',
    },
  ),
);

export const report = object(
  {
    schema: constant(SCHEMA),
    verdict: words(RUN_VERDICTS),
    scope,
    narrowed: flag('Not every case was selected, or the run ended early.'),
    target: text('The base URL, or `the embedded reference`.'),
    counts: keyed(verdict, count(), 'Number of requirements by verdict.'),
    contract: object({
      title: text(),
      version: text(),
      path: text(),
      sha256,
    }),
    targetFile: optional(object({ path: text(), sha256 })),
    suite,
    proof: optional(proof),
    settings,
    requirements: list(requirement),
    cases: list(testCase),
    run,
    evidence: record(evidence, 'By requirement id.'),
    exchanges: list(exchange),
    complete: constant(true, 'The last member: the file is not truncated.'),
  },
  {
    description:
      'The outcome of one run, by requirement. Only run, evidence and exchanges differ between two runs of equal outcome. A file without complete is invalid.',
  },
);

export type Report = Of<typeof report>;
export type ReportedRequirement = Report['requirements'][number];
export type ReportedCase = Report['cases'][number];
/** The evidence for a verdict. */
export type Evidence = NonNullable<Report['evidence'][string]>;
export type Proof = Of<typeof proof>;
/** The details of a run, which differ each time. */
export type RunDetails = Omit<Report['run'], 'requests'>;
