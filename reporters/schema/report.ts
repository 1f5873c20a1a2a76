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

/** One run as a document: the source of its types, and of `conformance.schema.json`. */

export const SCHEMA = 'account-groups-conformance/4';

export const sha256 = named('sha256', pattern('^[0-9a-f]{64}$'));
const time = named('time', pattern('^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$'));
const verdict = named('verdict', words(VERDICTS));

export const suite = named(
  'suite',
  object({
    version: text(),
    commit: optional(text('Absent where the suite is not a git work tree.')),
    dirty: optional(flag('The work tree differs from the commit.')),
  }),
);

export const settings = named(
  'settings',
  record(textOrNumber, 'The settings of the run; secrets are named, never shown.'),
);

const proof = object(
  {
    suite: sha256,
    contract: sha256,
    date: text('The day on which the proof was made.'),
    commit: optional(text('What was checked out when the proof was made.')),
    faults: count('Faults of the proof that break nothing but what this run has judged.'),
    caught: count(),
    variants: count('Conforming variants in the proof, which runs the whole suite.'),
    alarms: count('How many of these raised an alarm.'),
    requirements: count('Promises that this run has judged.'),
    covered: count('How many of these a fault of the proof breaks.'),
    qualified: flag('The proof is whole, and was made with the contract and the suite of this run.'),
    statement: text(),
  },
  { description: 'The last proof that the checks can fail; absent where there is no record of one.' },
);

const scope = object(
  {
    limits: list(
      object({ by: words(['setting', 'profile', 'target', 'contract']), words: text(), promises: count() }),
      'What was ruled out, and how many promises went with it.',
    ),
    judged: count('Promises that were seen kept or violated.'),
    of: count(),
  },
  { description: 'What the run was able to judge.' },
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
    log: optional(text('The entry of the curation log that argues for it.')),
  },
  { description: 'On whose word the promise rests.' },
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
    pointer: text('JSON pointer into the contract.'),
    quote: optional(text('The promise as the contract has it, for findings only.')),
    verdict,
    observed: words(OBSERVATIONS, 'What was seen, whatever is accepted.'),
    acceptance: words(['open', 'accepted', 'expired'], 'What is accepted, whatever was seen.'),
    gate: words(['ok', 'advice', 'gate'], 'Does the verdict keep the gate closed?'),
    reason: optional(text()),
    accepted: optional(list(deviation, 'The deviations of this target by which it is accepted, or was.')),
    excludedBy: optional(
      words(['setting', 'profile', 'target', 'contract'], 'What rules it out, where it is excluded.'),
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
    state: words(CASE_STATES, 'What has become of it; only one that asked something has run.'),
    error: optional(text()),
  }),
);

const run = named(
  'run',
  object({
    id: text(),
    partIds: texts,
    ended: words(['completed', 'timed out', 'interrupted'], 'How it ended; what it found is the verdict.'),
    startedAt: time,
    endedAt: time,
    durationMs: number(0),
    requests: count(),
    parts: count('From how many shards the report is made.'),
    node: text(),
    playwright: text(),
    footprint,
    troubles: texts,
    targetSays: optional(text('What the target calls itself in its answers.')),
    operator: optional(text()),
    ci: optional(
      object(
        { name: text(), job: text(), url: optional(text()), commit: optional(text()) },
        {
          description: 'The job of a CI server that made the run.',
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
      violations: list(violation, 'One of each sort first; not all where there are many.'),
      violationCount: count(),
    },
    { description: 'The cases that have judged it, all exchanges that the verdict rests on, and what was seen.' },
  ),
);

export const report = object(
  {
    schema: constant(SCHEMA),
    verdict: words(RUN_VERDICTS),
    scope,
    narrowed: flag('Not every case was selected, or the run ended early.'),
    target: text('The base URL, or the words for the embedded reference.'),
    counts: keyed(verdict, count(), 'How many requirements have which verdict.'),
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
    complete: constant(true, 'The last member: nothing was cut off.'),
  },
  {
    description:
      'What one run has shown, by requirement. Everything that differs between two runs of equal outcome stands in run, evidence and exchanges. A file without complete is invalid.',
  },
);

export type Report = Of<typeof report>;
export type ReportedRequirement = Report['requirements'][number];
export type ReportedCase = Report['cases'][number];
/** What stands behind a verdict. */
export type Evidence = NonNullable<Report['evidence'][string]>;
export type Proof = Of<typeof proof>;
/** What is different each time. */
export type RunDetails = Omit<Report['run'], 'requests'>;
