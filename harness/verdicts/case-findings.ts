import type { Case, CaseResult } from '../case.ts';
import { gateEffect, type RequirementVerdict, type RunOptions } from './verdicts.ts';

/** A verdict that a test reports: it makes the test red, or comes as a note. */
export interface CaseFinding {
  readonly requirement: string;
  /** `undefined` if the contract has no such requirement, which is a defect of the suite. */
  readonly verdict: RequirementVerdict | undefined;
  /**
   * `blocking`: fails the gate; `excused`: accepted for this target; `advice`: does not fail the gate; `elsewhere`: an
   * answer to this case shows the violation, and another case reports it.
   */
  readonly kind: 'blocking' | 'excused' | 'advice' | 'elsewhere';
  /** True if this test is the one that reports the violations. */
  readonly isReporter: boolean;
}

/**
 * The verdicts of a selection, by requirement id. A requirement that no exchange could prove counts as not run if one may
 * still come: from a case that was not selected (`coveredByOthers`: all that these cover), or from another shard (`isPart`).
 */
export function selectedVerdicts(
  verdicts: readonly RequirementVerdict[],
  { coveredByOthers, isPart }: { readonly coveredByOthers: ReadonlySet<string>; readonly isPart: boolean },
): ReadonlyMap<string, RequirementVerdict> {
  return new Map(
    verdicts.map((verdict) => {
      const { id } = verdict.requirement;
      const mayBeMet = verdict.unmet === true && (isPart || coveredByOthers.has(id));
      return [id, mayBeMet ? { ...verdict, verdict: 'not-run' } : verdict];
    }),
  );
}

/**
 * What a test reports: the verdicts on the requirements that its case covers, whichever case saw them, and what else its
 * own answers have shown.
 *
 * @param verdicts of the whole selection
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
    // An error of this case itself is reported once, not once for each requirement it covers.
    if (verdict.verdict === 'not-run' || (verdict.verdict === 'error' && verdict.by === test.id)) return [];
    if (!isReporter && !test.covers.includes(requirement))
      return violated.includes(requirement) ? finding('elsewhere') : against(verdict.by === test.id);
    return against(true);

    function against(counts: boolean): CaseFinding[] {
      if (!counts || verdict === undefined) return [];
      if (verdict.verdict === 'known') return finding('excused');
      const effect = gateEffect(verdict, options);
      return effect === 'ok' ? [] : finding(effect === 'gate' ? 'blocking' : 'advice');
    }
  });
}

/** The colour of a test; `excused`: everything that makes it red is accepted for this target. */
export function colourOf(findings: readonly CaseFinding[], result: CaseResult): 'green' | 'excused' | 'red' {
  if (result.error !== undefined || findings.some(({ kind }) => kind === 'blocking')) return 'red';
  return findings.some(({ kind }) => kind === 'excused') ? 'excused' : 'green';
}
