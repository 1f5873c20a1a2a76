import type { Case, CaseResult } from '../case.ts';
import { gateEffect, type RequirementVerdict, type RunOptions } from './verdicts.ts';

/** What stands between a test and green, or beside it. */
export interface CaseFinding {
  readonly requirement: string;
  /** `undefined` where the contract has no such requirement: a fault of the suite. */
  readonly verdict: RequirementVerdict | undefined;
  /**
   * `blocking`: keeps the gate closed; `excused`: accepted of this target; `advice`: does not count against it. `elsewhere`:
   * an answer to this case shows it, and another case reports it.
   */
  readonly kind: 'blocking' | 'excused' | 'advice' | 'elsewhere';
  /** Is it this test that reports the violations? */
  readonly isReporter: boolean;
}

/**
 * The verdicts of a selection, by requirement. What nobody has met counts as not run where somebody else may meet it: a
 * case that was not selected (`provenByOthers` are the requirements of all of these), or another shard (`isPart`).
 */
export function selectedVerdicts(
  verdicts: readonly RequirementVerdict[],
  { provenByOthers, isPart }: { readonly provenByOthers: ReadonlySet<string>; readonly isPart: boolean },
): ReadonlyMap<string, RequirementVerdict> {
  return new Map(
    verdicts.map((verdict) => {
      const { id } = verdict.requirement;
      const mayBeMet = verdict.unmet === true && (isPart || provenByOthers.has(id));
      return [id, mayBeMet ? { ...verdict, verdict: 'not-run' } : verdict];
    }),
  );
}

/**
 * What a test has to say: of the requirements that its case is made for, wherever it was seen, and of what else its
 * answers have shown. `verdicts` are those of all that was selected.
 */
export function findingsOf(
  test: Case,
  result: CaseResult,
  verdicts: ReadonlyMap<string, RequirementVerdict>,
  options: RunOptions,
): CaseFinding[] {
  const violated = Object.keys(result.findings).filter((id) => (result.findings[id]?.violations.length ?? 0) > 0);
  const ids = new Set([...violated, ...test.covers, ...Object.keys(result.blocked)]);
  return [...ids].flatMap((requirement): CaseFinding[] => {
    const verdict = verdicts.get(requirement);
    if (verdict === undefined) return [{ requirement, verdict, kind: 'blocking', isReporter: true }];
    const isReporter = verdict.reporters.includes(test.id);
    const finding = (kind: CaseFinding['kind']): CaseFinding[] => [{ requirement, verdict, kind, isReporter }];
    // That the case itself came to grief is said once, whatever it was made for.
    if (verdict.verdict === 'not-run' || (verdict.verdict === 'error' && verdict.by === test.id)) return [];
    if (!isReporter && !test.covers.includes(requirement))
      return violated.includes(requirement) ? finding('elsewhere') : against(verdict.by === test.id);
    return against(true);

    function against(counts: boolean): CaseFinding[] {
      if (!counts || verdict === undefined) return [];
      if (verdict.verdict === 'known') return finding('excused');
      const heavy = gateEffect(verdict, options);
      return heavy === 'ok' ? [] : finding(heavy === 'gate' ? 'blocking' : 'advice');
    }
  });
}

/** What a test has to be: red only for what is accepted of this target is `excused`. */
export function colourOf(findings: readonly CaseFinding[], result: CaseResult): 'green' | 'excused' | 'red' {
  if (result.error !== undefined || findings.some(({ kind }) => kind === 'blocking')) return 'red';
  return findings.some(({ kind }) => kind === 'excused') ? 'excused' : 'green';
}
