import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Envelope, seal } from './dsse.ts';
import { type Artifact, artifactsIn, EVIDENCE, freshFolders } from './manifest.ts';
import type { Report } from './report.ts';
import { writeWhole } from './report-file.ts';
import { safeJson } from './text.ts';

const RESULTS = {
  conformant: 'PASSED',
  'non-conformant': 'FAILED',
  inconclusive: 'FAILED',
  incomplete: 'FAILED',
} as const;

/** An in-toto Statement v1 about all artifacts of a run, with the predicate test-result v0.1. */
function statementOf(report: Report, artifacts: readonly Artifact[]) {
  const { requirements, contract, suite } = report;
  const isWarned = ({ gate, verdict }: Report['requirements'][number]) => gate === 'advice' || verdict === 'known';
  const ids = (of: (one: Report['requirements'][number]) => boolean) => requirements.filter(of).map(({ id }) => id);
  const warned = ids(isWarned);
  const result = RESULTS[report.verdict];
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: artifacts.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: result === 'PASSED' && warned.length > 0 ? 'WARNED' : result,
      configuration: [
        { name: contract.path, digest: { sha256: contract.sha256 } },
        {
          name: `account-groups-conformance@${suite.version}`,
          ...(suite.commit !== undefined && { digest: { gitCommit: suite.commit } }),
          ...(suite.dirty !== undefined && { annotations: { dirty: suite.dirty } }),
        },
      ],
      passedTests: ids(({ verdict }) => verdict === 'passed'),
      warnedTests: warned,
      failedTests: ids(({ gate }) => gate === 'gate'),
    },
  };
}

/**
 * Writes the manifest of what this run has left in its folders; signed where a key is given. To be called when all
 * other reporters are done.
 */
export function writeEvidence({
  report,
  keyFile,
  since,
  root = '.',
}: {
  readonly report: Report;
  readonly keyFile?: string | undefined;
  /** When the run began, in milliseconds since the epoch. */
  readonly since: number;
  readonly root?: string;
}): void {
  const statement = statementOf(report, artifactsIn(root, freshFolders(root, since)));
  const content: Envelope | typeof statement =
    keyFile === undefined ? statement : seal(safeJson(statement, 2), readFileSync(keyFile, 'utf8'));
  writeWhole(join(root, EVIDENCE), evidenceText(content));
}

/** A manifest, signed or not, to the letter. */
export const evidenceText = (content: unknown): string => `${safeJson(content, 2)}\n`;
