import type { Contract } from './index.ts';
import { isLevel, type Level } from './operations.ts';
import type { Requirement } from './requirements.ts';
import { compareVersions, SEED } from './versions.ts';

/** A level that a promise has in consecutive versions of a contract. */
export interface Span {
  readonly level: Level;
  /** The first version with this level; absent if the document itself makes the promise. */
  readonly since?: string;
  /** The version that lifts the promise or changes its level; absent if none does. */
  readonly until?: string;
}

export type Histories = ReadonlyMap<string, readonly Span[]>;

/** The levels of every promise of any version, by id. @param contracts one for each version, oldest first */
export function historiesOf(contracts: readonly Contract[]): Histories {
  const ids = new Set(contracts.flatMap(({ requirements }) => [...requirements.keys()]));
  return new Map([...ids].map((id) => [id, spansOf(id, contracts)]));
}

function spansOf(id: string, contracts: readonly Contract[]): Span[] {
  const spans: Span[] = [];
  let level: Level | undefined;
  for (const { requirements, vendorVersion } of contracts) {
    const now = requirements.get(id)?.level;
    if (now === level) continue;
    const last = spans.pop();
    if (last !== undefined) spans.push(level === undefined ? last : { ...last, until: vendorVersion });
    if (now !== undefined) spans.push({ level: now, ...(vendorVersion !== SEED && { since: vendorVersion }) });
    level = now;
  }
  return spans;
}

/** The span of a promise in a version of its contract; `undefined` if the histories do not know it. */
export function spanAt(
  histories: Histories,
  { id, level }: Pick<Requirement, 'id' | 'level'>,
  version: string,
): Span | undefined {
  return histories
    .get(id)
    ?.find(
      (span) =>
        span.level === level &&
        compareVersions(span.since ?? SEED, version) <= 0 &&
        (span.until === undefined || compareVersions(version, span.until) < 0),
    );
}

/** `MUST`, `MUST since 1.18`, or `SHOULD since 1.18 until 1.75, MUST since 1.75`. */
export function historyText(spans: readonly Span[]): string {
  return spans.map((span) => [span.level, sinceText(span)].filter((text) => text !== '').join(' ')).join(', ');
}

/** `since 1.18 until 1.75`; empty for a promise that the document itself makes and no version lifts. */
export function sinceText({ since, until }: Pick<Span, 'since' | 'until'>): string {
  return [since && `since ${since}`, until && `until ${until}`].filter(Boolean).join(' ');
}

const SPAN = /^(\w+)(?: since (\d+(?:\.\d+)+))?(?: until (\d+(?:\.\d+)+))?$/;

/** What {@link historyText} wrote. @throws {TypeError} for other texts. */
export function readHistory(text: string): Span[] {
  return text.split(', ').map((part) => {
    const [, level, since, until] = SPAN.exec(part) ?? [];
    if (!isLevel(level)) throw new TypeError(`${JSON.stringify(part)} is no level with its versions`);
    return { level, ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
  });
}
