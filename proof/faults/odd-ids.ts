import {
  type Asked,
  CLOSE,
  collectionUrl,
  empty,
  type Fault,
  groups,
  intercepting,
  is,
  problem,
  RETRIEVE,
} from './fault.ts';

/** Unusual ids that are found, or that cause an error of the server. */

const KINDS: ReadonlyArray<readonly [id: string, words: string, when: (id: string) => boolean]> = [
  ['nil', 'The nil UUID', (id) => /^[0-]{36}$/.test(id)],
  ['max', 'The max UUID', (id) => /^[f-]{36}$/i.test(id)],
  ['v1', 'A UUID of version 1', (id) => /^.{8}-.{4}-1.{3}-.{4}-.{12}$/.test(id)],
  ['v7', 'A UUID of version 7', (id) => /^.{8}-.{4}-7.{3}-.{4}-.{12}$/.test(id)],
  ['long', 'An id of 300 characters', (id) => id.length === 300],
  ['longest', 'An id of 2,000 characters', (id) => id.length === 2000],
];
const ON_CLOSE = ['nil', 'v7', 'long'];

export const oddIdFaults: Fault[] = KINDS.flatMap(([kind, words, when]): Fault[] => {
  const on = (verb: string) => (asked: Asked) => is(verb)(asked) && when(asked.id);
  const fails = (verb: typeof RETRIEVE | typeof CLOSE) => ({
    id: `odd-id-${kind}-${verb}-500`,
    statement: `${words} is answered with 500 (${verb}).`,
    breaks: [`${verb}.odd-id`, `${verb}.no-server-error`],
    intercept: intercepting(() => async (asked, forward) => (on(verb)(asked) ? problem(500) : forward())),
  });
  return [
    fails(RETRIEVE),
    {
      id: `odd-id-${kind}-retrieve-found`,
      statement: `${words} is answered with a group.`,
      breaks: ['retrieve.odd-id', ...(kind.startsWith('long') ? [] : ['retrieve.the-asked-group'])],
      intercept: intercepting(() => async (asked, forward) => {
        if (!on(RETRIEVE)(asked)) return forward();
        const [first] = groups(await forward({ ...asked, url: collectionUrl(asked) }));
        return forward({ ...asked, id: String(first?.id) });
      }),
    },
    ...(ON_CLOSE.includes(kind)
      ? [
          fails(CLOSE),
          {
            id: `odd-id-${kind}-close-202`,
            statement: `${words} is accepted for closing.`,
            breaks: ['close.odd-id'],
            intercept: intercepting(() => async (asked, forward) => (on(CLOSE)(asked) ? empty(202) : forward())),
          },
        ]
      : []),
  ];
});
