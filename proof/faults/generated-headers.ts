import { promisedBy } from '../../harness/contract/ids.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { isAskable } from '../../harness/contract/roles.ts';
import type { Answered, Fault } from './fault.ts';
import { inSituation } from './generated.ts';
import type { Situation } from './situations.ts';

/** Missing or wrong headers and other media types, in each situation and with each status. */

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
      title: `${HEADER} is repeated`,
      breaks: () => [format],
      change: ({ headers }) => headers.append(HEADER, headers.get(HEADER) ?? ''),
    },
    {
      id: 'html',
      title: 'the media type is text/html',
      breaks: (prefix) => [`${prefix}.media-type`],
      change: ({ headers }) => headers.set('content-type', 'text/html; charset=utf-8'),
    },
    {
      id: 'other-json',
      title: 'the media types of success and problems are swapped',
      breaks: (prefix) => [`${prefix}.media-type`],
      change: ({ headers, status }) =>
        headers.set('content-type', status < 300 ? 'application/problem+json' : 'application/json'),
    },
    {
      id: 'untyped',
      title: 'the media type is missing',
      breaks: (prefix) => [`${prefix}.media-type`],
      change: ({ headers }) => headers.delete('content-type'),
    },
  ];
  return contract.operations.filter(isAskable).flatMap((operation) =>
    [...operation.responses.values()]
      .filter(({ provocable }) => provocable)
      .flatMap((response) => {
        const prefix = promisedBy(operation, response.status);
        // Situations are about permitted callers, who are not refused; each refusal occurs too rarely for them.
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
                statement: `In ${response.status} answers of ${operation.id}, ${title}, ${here.title}.`,
                breaks: breaks(prefix),
                mayBreak: ['problem.request-id-equals-header', 'request-id.unique', 'headers.single'],
                intercept: inSituation(
                  here,
                  () => [{ part: {} }],
                  (_, { answered }) => change(answered),
                ),
              };
            }),
          );
      }),
  );
}
