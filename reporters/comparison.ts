import { type Report, type ReportedRequirement, sortOf } from './report.ts';

/** The differences between two reports, by requirement id. */
export interface Comparison {
  /** Whether both runs used the same contract document, by its hash. */
  readonly sameContract: boolean;
  readonly sameTarget: boolean;
  readonly lists: Readonly<Record<Change, readonly Changed[]>>;
  /** Whether the newer run is worse: something newly fails or is newly untested, or a requirement is gone. */
  readonly worse: boolean;
}

export interface Changed {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** What was seen, or why. */
  readonly detail: string;
}

/** Kinds of change with their headings, in the order in which they are printed. */
export const CHANGES = {
  'newly-failing': 'newly failing',
  'newly-stale': 'accepted deviation newly out of date',
  'newly-seen': 'violated before, now also in a new way',
  'newly-untested': 'newly untested',
  gone: 'requirement gone',
  'newly-passing': 'newly passing',
  added: 'new requirement',
  other: 'other changes',
} as const;
export type Change = keyof typeof CHANGES;

const WORSE: readonly Change[] = ['newly-failing', 'newly-stale', 'newly-seen', 'newly-untested', 'gone'];

/** Compares two reports, the older first. */
export function compare(old: Report, next: Report): Comparison {
  const before = new Map(old.requirements.map((one) => [one.id, one]));
  const after = new Map(next.requirements.map((one) => [one.id, one]));
  const lists: Record<Change, Changed[]> = {
    'newly-failing': [],
    'newly-stale': [],
    'newly-seen': [],
    'newly-untested': [],
    gone: [],
    'newly-passing': [],
    added: [],
    other: [],
  };
  for (const one of next.requirements) {
    const was = before.get(one.id);
    const kind = was === undefined ? kindOfNew(one) : changeOf(was, one);
    if (kind === undefined) {
      for (const seen of newlySeen(one.id, old, next))
        lists['newly-seen'].push({ id: one.id, from: one.verdict, to: one.verdict, detail: `seen: ${seen}` });
      continue;
    }
    const from = was === undefined ? '(absent)' : wordOf(was);
    lists[kind].push({ id: one.id, from, to: wordOf(one), detail: detailOf(one, next) });
  }
  for (const was of old.requirements)
    if (!after.has(was.id)) lists.gone.push({ id: was.id, from: wordOf(was), to: '(absent)', detail: '' });
  return {
    sameContract: old.contract.sha256 === next.contract.sha256,
    sameTarget: old.target === next.target,
    lists,
    worse: WORSE.some((kind) => lists[kind].length > 0),
  };
}

/** Verdicts reduced to what a comparison distinguishes. */
const STATES = {
  passed: 'good',
  failed: 'bad',
  stale: 'stale',
  known: 'known',
  error: 'open',
  blocked: 'open',
  'not-run': 'open',
  untested: 'open',
  excluded: 'open',
} as const;

/** A stale deviation is a violation if it has expired, and none if the promise is kept again. */
const stateOf = ({ verdict, observed }: ReportedRequirement) =>
  verdict === 'stale' && observed === 'violated' ? 'bad' : STATES[verdict];
const wordOf = ({ verdict, gate }: ReportedRequirement) => (gate === 'advice' ? `${verdict} (advice)` : verdict);

/** A new promise makes a run worse only if it is violated. */
const kindOfNew = (one: ReportedRequirement): Change => (stateOf(one) === 'bad' ? 'newly-failing' : 'added');

function changeOf(was: ReportedRequirement, one: ReportedRequirement): Change | undefined {
  const [from, to] = [stateOf(was), stateOf(one)];
  if (was.verdict === one.verdict && was.gate === one.gate) return undefined;
  if (to === 'bad')
    return from === 'bad' && !(was.gate === 'advice' && one.gate === 'gate') ? 'other' : 'newly-failing';
  if (to === 'stale') return from === 'stale' ? 'other' : 'newly-stale';
  if (to === 'known') return from === 'good' ? 'newly-failing' : 'other';
  if (to === 'good') return 'newly-passing';
  // Judged before and not now, or deliberately excluded before and now left untested.
  return from !== 'open' || (was.gate === 'ok' && one.gate === 'gate') ? 'newly-untested' : 'other';
}

/** Undocumented statuses, members and enum values that the older run did not see. */
function newlySeen(id: string, old: Report, next: Report): string[] {
  if (!/\.(status-documented|additionalProperties|enum)$/.test(id)) return [];
  const known = new Set(old.evidence[id]?.violations.map(({ seen }) => kindOf(seen)));
  const fresh = next.evidence[id]?.violations.filter(({ seen }) => !known.has(kindOf(seen))) ?? [];
  return [...new Map(fresh.map(({ seen }) => [kindOf(seen), seen])).values()];
}

/** Status codes distinguish violations; list positions and ids do not. */
const kindOf = (seen: string) => (/^\d{3}\b/.test(seen) ? seen.slice(0, 3) : sortOf(seen));

function detailOf(one: ReportedRequirement, { evidence }: Report): string {
  const seen = evidence[one.id]?.violations[0]?.seen;
  return seen === undefined ? (one.reason ?? '') : `seen: ${seen}`;
}
