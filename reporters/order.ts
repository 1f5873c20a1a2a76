import type { Verdict } from '../harness/verdicts/verdicts.ts';
import type { Report } from './schema/report.ts';

/** Verdicts in the order in which a reader looks for them: what keeps the gate closed first. */
export const WORST_FIRST: readonly Verdict[] = [
  'failed',
  'stale',
  'error',
  'blocked',
  'not-run',
  'known',
  'passed',
  'untested',
  'excluded',
];

/** The areas of a report, in alphabetical order. */
export const areasOf = ({ requirements }: Pick<Report, 'requirements'>): readonly string[] =>
  [...new Set(requirements.map(({ area }) => area))].sort();
