import type { Api } from '../harness/case.ts';
import { isObject } from '../harness/contract/nodes.ts';
import { type Exchange, mediaType } from '../harness/exchange.ts';

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
  for (const refusal of existing) {
    const differing = differences([partsOf(refusal)], strange);
    const evidence = [...unknown, refusal].map(({ exchange }) => exchange);
    let told: string | undefined;
    if (differing.length > 0) {
      const again = async ({ title, id }: Refusal) => ({ title, id, exchange: await ask(id) });
      const nobody = unknown[0] ?? refusal;
      // One after the other, so that no fault that comes every so many answers looks like a rule.
      const later: Refusal[] = [];
      for (const one of [refusal, nobody, refusal, refusal, nobody]) later.push(await again(one));
      evidence.push(...later.map(({ exchange }) => exchange));
      const of = (id: string) => later.filter((one) => one.id === id).map(partsOf);
      const [difference] = differences([partsOf(refusal), ...of(refusal.id)], [...strange, ...of(nobody.id)]);
      told =
        difference &&
        `${difference.part} is ${difference.known} for ${refusal.title}, ${difference.unknown} for an unknown id`;
    }
    api.judge(requirement, evidence, told);
  }
}

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
