import { REFERENCE_DEFAULTS } from '../../reference/app.ts';
import { type Answered, type Asked, answer, type Fault, is, refused, TOKEN } from './fault.ts';
import type { Subject } from './subject.ts';
import { formOf } from './tokens.ts';

/** Server errors instead of refusals, in one situation of one operation. */

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
    'that accepts only XML',
    ({ headers }, { status }) => status === 406 && headers.get('accept') === 'application/xml',
    (verb) => [`${verb}.not-acceptable`],
  ],
];

/** Server errors instead of refusals by the token endpoint. */
const tokenErrors: Fault[] = (
  [
    ['wrong-secret', 'with a wrong secret', (asked) => hasSecret(asked), ['token.wrong-secret']],
    [
      'unknown-scope',
      'for a scope that does not exist',
      (asked) => formOf(asked).get('scope')?.includes('undocumented:') === true,
      ['token.unknown-scope'],
    ],
    [
      'no-grant',
      'without a grant type',
      (asked) => !formOf(asked).has('grant_type'),
      ['token.body.grant_type.required'],
    ],
  ] satisfies ReadonlyArray<readonly [string, string, (asked: Asked) => boolean, readonly string[]]>
).map(([id, words, when, breaks]) => ({
  id: `fails-500-token-${id}`,
  statement: `A token request ${words} is answered with 500.`,
  breaks: ['token.no-server-error', ...breaks],
  intercept: answer(
    (asked, { status }) => is(TOKEN)(asked) && asked.method === 'POST' && status >= 400 && isForm(asked) && when(asked),
    refused(500),
  ),
}));

const isForm = ({ headers }: Asked) => headers.get('content-type') === 'application/x-www-form-urlencoded';
/** Whether a complete form has another secret; other refusals of a complete form do not concern credentials. */
const hasSecret = (asked: Asked) => {
  const form = formOf(asked);
  const isWhole = ['client_id', 'client_secret', 'grant_type', 'scope'].every((name) => form.get(name));
  return (
    isWhole &&
    form.get('client_id') === REFERENCE_DEFAULTS.clientId &&
    /^[0-9a-f-]{36}$/.test(form.get('client_secret') ?? '')
  );
};

/** Each as a problem, and as the error of a gateway. */
export const serverErrorFaults = (about: Subject): Fault[] => [
  ...tokenErrors,
  ...about.verbs.flatMap((verb) =>
    SITUATIONS.flatMap(([id, words, when, breaks]) => [
      {
        id: `fails-500-${verb}-${id}`,
        statement: `A request to ${verb} ${words} is answered with 500.`,
        breaks: [`${verb}.no-server-error`, ...breaks(verb)],
        intercept: answer((asked, answered) => is(verb)(asked) && when(asked, answered), refused(500)),
      },
      {
        id: `fails-502-${verb}-${id}`,
        statement: `A request to ${verb} ${words} is answered with 502 by a gateway.`,
        breaks: [
          `${verb}.no-server-error`,
          `${verb}.status-documented`,
          'undocumented-refusal.media-type',
          'undocumented-refusal.upvest-request-id',
          ...breaks(verb),
        ],
        intercept: answer(
          (asked, answered) => is(verb)(asked) && when(asked, answered),
          (answered) => {
            answered.status = 502;
            answered.headers = new Headers({ 'content-type': 'text/html' });
            answered.body = '<h1>Bad Gateway</h1>';
          },
        ),
      },
    ]),
  ),
];
