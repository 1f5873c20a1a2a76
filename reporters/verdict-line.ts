import type { Report, ReportedRequirement } from './schema/report.ts';
import { counted } from './text.ts';

/**
 * The verdict of a run with its scope, in the same words in every report:
 * `conformant, read-only, no events, unsigned: 153 of 332 promises judged`.
 */
export function verdictLine(report: Report): string {
  const { judged, of } = report.scope;
  return `${verdictWords(report)}: ${judged} of ${counted(of, 'promise')} judged`;
}

/** The verdict with its accepted deviations and exclusions, without figures. */
export function verdictWords(report: Report): string {
  const { verdict, scope, settings } = report;
  const accepted = acceptedDeviations(report).length;
  const exception = verdict === 'conformant' && accepted > 0 ? ` with ${counted(accepted, 'accepted deviation')}` : '';
  const limits = scope.limits.filter(({ by }) => by === 'setting' || by === 'contract').map(({ words }) => words);
  const lines = scope.limits.filter(({ by }) => by === 'profile').map(({ words }) => words);
  const profile =
    lines.length > 0
      ? [`except what the profile of ${settings.TARGET ?? 'the target'} excludes (${lines.join(', ')})`]
      : [];
  const tolerant = settings.TOLERATE === 'additive' ? ['tolerating additions'] : [];
  return [`${verdict}${exception}`, ...limits, ...tolerant, ...profile].join(', ');
}

/** The accepted deviations that cover violations of this run, each once. */
export function acceptedDeviations({
  requirements,
}: Report): ReadonlyArray<NonNullable<ReportedRequirement['accepted']>[number]> {
  const all = requirements.filter(({ verdict }) => verdict === 'known').flatMap(({ accepted = [] }) => accepted);
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** The verdict of a run in a few sentences, with its figures. */
export function sentenceOf(report: Report): string {
  return [found(report), ...open(report)].join(' ');
}

function found({ verdict, requirements, scope }: Report): string {
  const has = (of: (one: ReportedRequirement) => boolean) => requirements.filter(of).length;
  const broken = has(
    ({ observed, acceptance, gate }) => observed === 'violated' && acceptance !== 'accepted' && gate === 'gate',
  );
  const accepted = has(({ observed, verdict: word }) => observed === 'violated' && word === 'known');
  const advice = has(({ gate }) => gate === 'advice');
  const kept = has(({ observed }) => observed === 'kept');
  const parts = [
    ...(broken > 0 ? [`${broken} violated`] : []),
    ...(accepted > 0 ? [`${accepted} violated and accepted for this target`] : []),
    ...(advice > 0 ? [`${advice} not kept (advice)`] : []),
  ];
  const judged = counted(scope.judged, 'judged promise');
  if (scope.judged === 0) return `No promise could be judged.`;
  if (parts.length === 0) return verdict === 'conformant' ? `All ${judged} are kept.` : `Of ${judged}, all are kept.`;
  return `Of ${judged}, ${[...parts, `${kept} kept`].join(', ')}.`;
}

/** What else keeps the gate closed, and what was left unjudged. */
function open({ verdict, requirements, scope, narrowed, run, cases }: Report): string[] {
  const has = (of: (one: ReportedRequirement) => boolean) => requirements.filter(of).length;
  const stale = has((one) => one.verdict === 'stale');
  const unclear = has((one) => one.verdict === 'blocked' || one.verdict === 'error');
  const excluded = has((one) => one.verdict === 'excluded');
  const untested = has((one) => one.verdict === 'untested');
  const left = cases.filter(({ state }) => state === 'not-selected').length;
  const rest = [...(excluded > 0 ? [`${excluded} excluded`] : []), ...(untested > 0 ? [`${untested} untested`] : [])];
  return [
    ...(stale > 0
      ? [`${counted(stale, 'promise')} ${stale === 1 ? 'has' : 'have'} an accepted deviation that is out of date.`]
      : []),
    ...(unclear > 0 && scope.judged > 0 ? [`${unclear} could not be judged, which keeps the gate closed.`] : []),
    ...(left > 0 ? [`${left} of ${counted(cases.length, 'case')} were not selected.`] : []),
    ...(narrowed && run.ended !== 'completed'
      ? [`The run ${run.ended === 'interrupted' ? 'was interrupted' : 'ran out of time'}.`]
      : []),
    ...(run.troubles.length > 0 ? ['Problems occurred outside the cases.'] : []),
    ...(verdict !== 'incomplete' && rest.length > 0 ? [`Not judged: ${rest.join(', ')}.`] : []),
  ];
}
