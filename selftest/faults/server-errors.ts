import { type Answered, type Asked, answer, type Fault, is, problem } from './lie.ts';

/** Servers that fail where they should have refused, in one situation of one operation. */

const VERBS = ['list', 'create', 'retrieve', 'close'] as const;

const SITUATIONS: ReadonlyArray<
  readonly [
    id: string,
    words: string,
    when: (asked: Asked, answered: Answered) => boolean,
    breaks: (verb: string) => readonly string[],
  ]
> = [
  [
    'no-token',
    'without a token',
    ({ headers }, { status }) => status === 401 && !headers.has('authorization'),
    (verb) => [`${verb}.caller.no-token`],
  ],
  [
    'unrelated-scope',
    'without the scope',
    ({ alive, scopes }, { status }) => status === 403 && alive && scopes?.includes('accounts') === false,
    (verb) => [`${verb}.caller.unrelated-scope`],
  ],
  [
    'not-acceptable',
    'that accepts XML',
    ({ headers }, { status }) => status === 406 && headers.get('accept') === 'application/xml',
    (verb) => [`${verb}.not-acceptable`],
  ],
];

/** Each in the documented shape, and as a gateway says it. */
export const serverErrorFaults: Fault[] = VERBS.flatMap((verb) =>
  SITUATIONS.flatMap(([id, words, when, breaks]) => [
    {
      id: `fails-500-${verb}-${id}`,
      lie: `A request to ${verb} ${words} breaks the server.`,
      breaks: [`${verb}.no-server-error`, ...breaks(verb)],
      tell: answer(
        (asked, answered) => is(verb)(asked) && when(asked, answered),
        (answered) => void Object.assign(answered, problem(500)),
      ),
    },
    {
      id: `fails-502-${verb}-${id}`,
      lie: `A request to ${verb} ${words} is answered by a gateway.`,
      breaks: [
        `${verb}.no-server-error`,
        `${verb}.status-documented`,
        'undocumented-refusal.media-type',
        'undocumented-refusal.upvest-request-id',
        ...breaks(verb),
      ],
      tell: answer(
        (asked, answered) => is(verb)(asked) && when(asked, answered),
        (answered) => {
          answered.status = 502;
          answered.headers = new Headers({ 'content-type': 'text/html' });
          answered.body = '<h1>Bad Gateway</h1>';
        },
      ),
    },
  ]),
);
