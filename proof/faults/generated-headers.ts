import { promisedBy } from '../../harness/contract/ids.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { isAskable } from '../../harness/contract/roles.ts';
import type { Answered, Fault } from './fault.ts';
import { telling } from './generated.ts';
import type { Situation } from './situations.ts';

/** Headers that are missing or wrong, and media types that are others, in each situation and with each status. */

interface Change {
  readonly id: string;
  readonly title: string;
  readonly breaks: (prefix: string) => readonly string[];
  readonly change: (answered: Answered) => void;
}

const HEADER = 'upvest-request-id';
const set =
  (value: string) =>
  ({ headers }: Answered) =>
    headers.set(HEADER, value);

export function generatedHeaderFaults(contract: Contract, situations: readonly Situation[]): Fault[] {
  const format = `${HEADER}.format`;
  const wrong: readonly Change[] = [
    {
      id: 'request-id-missing',
      title: `${HEADER} is missing`,
      breaks: (prefix) => [`${prefix}.${HEADER}`],
      change: ({ headers }) => headers.delete(HEADER),
    },
    { id: 'request-id-empty', title: `${HEADER} is empty`, breaks: () => [format], change: set('') },
    { id: 'request-id-word', title: `${HEADER} is a word`, breaks: () => [format], change: set('none') },
    {
      id: 'request-id-twice',
      title: `${HEADER} stands twice`,
      breaks: () => [format],
      change: ({ headers }) => headers.append(HEADER, headers.get(HEADER) ?? ''),
    },
    {
      id: 'html',
      title: 'the media type is that of a page',
      breaks: (prefix) => [`${prefix}.media-type`],
      change: ({ headers }) => headers.set('content-type', 'text/html; charset=utf-8'),
    },
    {
      id: 'other-json',
      title: 'the media type is that of the other answers',
      breaks: (prefix) => [`${prefix}.media-type`],
      change: ({ headers, status }) =>
        headers.set('content-type', status < 300 ? 'application/problem+json' : 'application/json'),
    },
    {
      id: 'untyped',
      title: 'there is no media type',
      breaks: (prefix) => [`${prefix}.media-type`],
      change: ({ headers }) => headers.delete('content-type'),
    },
  ];
  return contract.operations.filter(isAskable).flatMap((operation) =>
    [...operation.responses.values()]
      .filter(({ provocable }) => provocable)
      .flatMap((response) => {
        const prefix = promisedBy(operation, response.status);
        // Callers who are permitted are not refused, and nobody is refused often for the same reason.
        const isGood = response.status.startsWith('2');
        const met = situations.filter(
          ({ id, operations }) =>
            isGood && (operations === undefined || operations.includes(operation.name)) && id !== 'rare',
        );
        return wrong
          .filter(({ breaks }) => response.body !== undefined || !breaks(prefix).includes(`${prefix}.media-type`))
          .flatMap(({ id, title, breaks, change }) =>
            [undefined, ...met].map((situation): Fault => {
              const when = situation?.when;
              const here: Situation = {
                id: `${prefix}${situation === undefined ? '' : `.${situation.id}`}`,
                title: situation?.title ?? 'always',
                when: () => {
                  const picks = when?.();
                  return (place) =>
                    place.asked.operation === operation.name &&
                    place.answered.status === Number(response.status) &&
                    (picks?.(place) ?? true);
                },
              };
              return {
                id: `when.${here.id}.${id}`,
                statement: `In answers ${response.status} of ${operation.id} ${title}, ${here.title}.`,
                breaks: breaks(prefix),
                mayBreak: ['problem.request-id-equals-header', 'request-id.unique', 'headers.single'],
                intercept: telling(
                  here,
                  (answered) => [{ part: {} }].slice(0, answered.status === Number(response.status) ? 1 : 0),
                  (_, { answered }) => change(answered),
                ),
              };
            }),
          );
      }),
  );
}
