import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Envelope, signEnvelope } from './dsse.ts';
import { type Artifact, artifactsIn, type Delivery, RUN } from './manifest.ts';
import { writeWhole } from './report-file.ts';
import type { Report, ReportedRequirement } from './schema/report.ts';
import { safeJson } from './text.ts';
import { verdictLine } from './verdict-line.ts';

/** The predicate of an in-toto statement: test-result v0.1, extended by the details of the run. */
export function predicateOf(report: Report) {
  const { requirements, contract, suite, target, run } = report;
  const isWarned = ({ gate, verdict }: ReportedRequirement) => gate === 'advice' || verdict === 'known';
  const ids = (of: (one: ReportedRequirement) => boolean) => requirements.filter(of).map(({ id }) => id);
  const warned = ids(isWarned);
  const passed = warned.length > 0 ? 'WARNED' : 'PASSED';
  return {
    result: report.verdict === 'conformant' ? passed : 'FAILED',
    configuration: [
      { name: contract.path, digest: { sha256: contract.sha256 } },
      {
        name: `account-groups-conformance@${suite.version}`,
        ...(suite.commit !== undefined && { digest: { gitCommit: suite.commit } }),
        ...(suite.dirty !== undefined && { annotations: { dirty: suite.dirty } }),
      },
      ...(report.targetFile ? [{ name: report.targetFile.path, digest: { sha256: report.targetFile.sha256 } }] : []),
    ],
    ...(run.ci?.url !== undefined && { url: run.ci.url }),
    passedTests: ids(({ verdict }) => verdict === 'passed'),
    warnedTests: warned,
    failedTests: ids(({ gate }) => gate === 'gate'),
    run: {
      id: run.id,
      target,
      verdict: verdictLine(report),
      startedAt: run.startedAt,
      endedAt: run.endedAt,
      ...(run.operator !== undefined && { operator: run.operator }),
    },
  };
}

/** An in-toto statement v1 about some artifacts. */
export const statementOf = (predicate: unknown, artifacts: readonly Artifact[]) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: artifacts.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
  predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
  predicate,
});

/** Writes the manifest of a delivery, signed if a key is given. Call it last: it covers the files as they are then. */
export function writeEvidence({
  report,
  keyFile,
  root = '.',
  delivery = RUN,
}: {
  readonly report: Report;
  readonly keyFile?: string | undefined;
  readonly root?: string;
  readonly delivery?: Delivery;
}): void {
  writeStatement(statementOf(predicateOf(report), artifactsIn(root, delivery)), join(root, delivery.manifest), keyFile);
}

/** Writes a statement, signed if a key is given. */
export function writeStatement(
  statement: ReturnType<typeof statementOf>,
  path: string,
  keyFile: string | undefined,
): void {
  const content: Envelope | typeof statement =
    keyFile === undefined ? statement : signEnvelope(safeJson(statement, 2), readFileSync(keyFile, 'utf8'));
  writeWhole(path, evidenceText(content));
}

/** The exact text of a manifest, signed or not. */
export const evidenceText = (content: unknown): string => `${safeJson(content, 2)}\n`;
