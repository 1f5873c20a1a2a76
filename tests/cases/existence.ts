import type { Api } from '../../harness/case.ts';
import { isObject } from '../../harness/contract/document.ts';
import { type Exchange, mediaType } from '../../harness/exchange.ts';

/** Whether refusals tell an id that exists from one that does not. */

/** A refusal, and the id that it was for. */
export interface Refusal {
  /** What is known of the id, in words. */
  readonly title: string;
  readonly id: string;
  readonly exchange: Exchange;
}

/**
 * Judges that refusals of existing ids look like those of unknown ones, apart from what names the request and from what
 * changes with every answer. A difference counts once it has been seen again.
 *
 * @param unknown at least two, so that what changes by itself is known
 * @param ask asks for an id once more, on behalf of the same caller
 */
export async function judgeExistence(
  api: Api,
  requirement: string,
  existing: readonly Refusal[],
  unknown: readonly Refusal[],
  ask: (id: string) => Promise<Exchange>,
): Promise<void> {
  const strange = unknown.map(partsOf);
  let leaks = 0;
  for (const refusal of existing) {
    const isSuspicious = differences([partsOf(refusal)], strange).length > 0;
    if (isSuspicious && leaks === MOST_LEAKS) continue;
    const nobody = unknown[0] ?? refusal;
    const later: Refusal[] = [];
    // One after the other, so that a fault that comes every so many answers does not look like a rule.
    for (const one of isSuspicious ? [refusal, nobody, refusal, refusal, nobody] : [])
      later.push({ ...one, exchange: await ask(one.id) });
    const of = ({ id }: Refusal) => later.filter((one) => one.id === id).map(partsOf);
    const [leak] = isSuspicious ? differences([partsOf(refusal), ...of(refusal)], [...strange, ...of(nobody)]) : [];
    if (leak !== undefined) leaks++;
    api.report(
      requirement,
      [...unknown, refusal, ...later].map(({ exchange }) => exchange),
      leak && `${leak.part} is ${leak.known} for ${refusal.title}, ${leak.unknown} for an unknown id`,
    );
  }
}

/** So many groups that give themselves away are shown. */
const MOST_LEAKS = 3;

interface Difference {
  readonly part: string;
  readonly known: string;
  readonly unknown: string;
}

/** The parts in which all of some answers agree, all of others agree, and both do not. */
function differences(
  existing: ReadonlyArray<ReadonlyMap<string, string>>,
  unknown: ReadonlyArray<ReadonlyMap<string, string>>,
): Difference[] {
  const names = new Set([...existing, ...unknown].flatMap((parts) => [...parts.keys()]));
  return [...names].flatMap((part) => {
    const [known, other] = [existing, unknown].map(
      (answers) => new Set(answers.map((parts) => parts.get(part) ?? 'absent')),
    );
    const [one] = known ?? [];
    const [two] = other ?? [];
    return known?.size === 1 && other?.size === 1 && one !== undefined && two !== undefined && one !== two
      ? [{ part, known: one, unknown: two }]
      : [];
  });
}

/** Headers that differ with every answer, or with the length of what names the request. */
const VOLATILE = ['date', 'content-length', 'upvest-request-id', 'set-cookie'];
/** Members of a problem that name the one occurrence. */
const OCCURRENCE = ['request_id', 'instance'];

/** What an answer shows, without what names the request. */
function partsOf({ id, exchange }: Refusal): Map<string, string> {
  const { status, headers, body, json } = exchange.response;
  const nameless = (text: string) => text.toLowerCase().replaceAll(id.toLowerCase(), 'the id');
  const parts = new Map([
    ['the status', String(status)],
    ...headers.filter(([name]) => !VOLATILE.includes(name)).map(([name, value]) => [name, nameless(value)] as const),
  ]);
  parts.set('the media type', mediaType(exchange));
  if (isObject(json?.value)) {
    for (const [name, value] of Object.entries(json.value))
      if (!OCCURRENCE.includes(name)) parts.set(`the member ${name}`, nameless(JSON.stringify(value)));
  } else parts.set('the body', nameless(body));
  return parts;
}
