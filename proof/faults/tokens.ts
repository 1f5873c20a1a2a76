import { REFERENCE_DEFAULTS } from '../../reference/app.ts';
import {
  type Asked,
  answer,
  becomes,
  type Fault,
  intercepting,
  isJson,
  isUuid,
  type Json,
  refused,
  TOKEN,
} from './fault.ts';
import { drops } from './headers.ts';

/** Tokens that should not be granted, and wrong answers of the token endpoint. */

export const isToken = ({ operation, method }: Asked) => operation === TOKEN && method === 'POST';
export const isGranted = (asked: Asked, { status, body }: { status: number; body: unknown }) =>
  isToken(asked) && status === 200 && isJson(body);
export const READING = 'accounts:read';
export const formOf = (asked: Asked) => new URLSearchParams(asked.text);

/** A fault for all callers, and the same for callers that request only the scope to read. */
function toEach(
  id: string,
  statement: string,
  breaks: readonly string[],
  spoil: (body: Json, asked: Asked) => void,
): Fault[] {
  const intercept = (when: (asked: Asked) => boolean) =>
    answer(
      (asked, answered) => isGranted(asked, answered) && when(asked),
      (answered, asked) => void (isJson(answered.body) && spoil(answered.body, asked)),
    );
  return [
    { id: `token-${id}`, statement: `${statement}.`, breaks, intercept: intercept(() => true) },
    {
      id: `token-${id}-reading`,
      statement: `${statement}, for ${READING} only.`,
      breaks,
      intercept: intercept((asked) => formOf(asked).get('scope') === READING),
    },
  ];
}

/** Tokens that are too long, but work. */
const longTokens: Fault['intercept'] = intercepting(() => {
  const padding = 'x'.repeat(1000);
  return async (asked, forward) => {
    const shown = asked.headers.get('authorization');
    if (shown?.endsWith(padding)) asked.headers.set('authorization', shown.slice(0, -padding.length));
    const answered = await forward();
    if (isGranted(asked, answered) && isJson(answered.body)) answered.body.access_token += padding;
    return answered;
  };
});

/** Serves the requests that a condition selects as if they were valid, with the credentials of an earlier one. */
export function grant(
  when: (asked: Asked) => boolean,
  mend: (asked: Asked, good: Asked) => Asked = asGood,
): Fault['intercept'] {
  return intercepting(() => {
    let good: Asked | undefined;
    return async (asked, forward) => {
      if (isToken(asked) && good !== undefined && when(asked)) return forward(mend(asked, good));
      const answered = await forward();
      if (isGranted(asked, answered)) good ??= { ...asked };
      return answered;
    };
  });
}

/** Accepts the client secrets that a condition selects; `secret`: the right one, known from an earlier request. */
function comparing(isAccepted: (shown: string, secret: string) => boolean): Fault['intercept'] {
  return intercepting(() => {
    let secret: string | undefined;
    return async (asked, forward) => {
      const form = formOf(asked);
      const shown = form.get('client_secret') ?? '';
      if (isToken(asked) && secret !== undefined && shown !== '' && isAccepted(shown, secret)) {
        form.set('client_secret', secret);
        if (!asked.text.startsWith('{')) asked.text = form.toString();
      }
      const answered = await forward();
      if (isGranted(asked, answered)) secret ??= shown;
      return answered;
    };
  });
}

/** The valid request, with the requested scope if it exists. */
function asGood(asked: Asked, good: Asked): Asked {
  const form = formOf(good);
  const scope = formOf(asked).get('scope');
  if (scope !== null && /^[a-z]+:[a-z]+( [a-z]+:[a-z]+)*$/.test(scope) && !scope.includes('undocumented'))
    form.set('scope', scope);
  return { ...good, headers: good.headers, text: form.toString() };
}

const hasUnknownScope = (asked: Asked) => (formOf(asked).get('scope') ?? '').includes('undocumented:');
const known = (scope: string) =>
  scope
    .split(' ')
    .filter((word) => !word.startsWith('undocumented:'))
    .join(' ');

export const tokenFaults: readonly Fault[] = [
  {
    id: 'token-long',
    statement: 'Tokens have more than 1000 characters.',
    breaks: ['access-token.access_token.maxLength'],
    intercept: longTokens,
  },
  ...toEach('scope-empty', 'The scope of a token is empty', ['token.scope-as-asked'], (body) => {
    body.scope = '';
  }),
  ...toEach('scope-wider', 'A token has one scope more than requested', ['token.scope-as-asked'], (body) => {
    body.scope = `${String(body.scope)} users:admin`;
  }),
  ...toEach(
    'scope-long',
    'The scope of a token is longer than permitted',
    ['access-token.scope.maxLength', 'token.scope-as-asked'],
    (body) => {
      body.scope = `${String(body.scope)} ${'x'.repeat(1000)}`;
    },
  ),
  {
    id: 'token-may-be-kept',
    statement: 'Token responses may be cached.',
    breaks: ['token.no-store'],
    intercept: answer(isGranted, drops('cache-control')),
  },
  {
    id: 'token-201',
    statement: 'A token request is answered with 201.',
    breaks: [
      'token.granted',
      'token.status-documented',
      'token.accept.served',
      'token.header.upvest-api-version.served',
      'token.body.served',
    ],
    intercept: answer(isGranted, becomes(201)),
  },
  {
    id: 'token-wrong-secret-granted',
    statement: 'Any client secret is accepted.',
    breaks: ['token.wrong-secret'],
    intercept: comparing((shown) => shown.length <= 1000),
  },
  ...(
    [
      ['case', 'without regard to case', (one: string) => one.toLowerCase()],
      ['beginning', 'by its first eight characters', (one: string) => one.slice(0, 8)],
    ] as const
  ).map(
    ([id, words, seen]): Fault => ({
      id: `token-secret-by-${id}`,
      statement: `The client secret is compared ${words}.`,
      breaks: ['token.wrong-secret'],
      intercept: comparing((shown, secret) => seen(shown) === seen(secret)),
    }),
  ),
  {
    id: 'token-unknown-client-granted',
    statement: 'Any client id is accepted.',
    breaks: ['token.unknown-client'],
    intercept: grant((asked) => {
      const id = formOf(asked).get('client_id') ?? '';
      return isUuid(id) && id !== REFERENCE_DEFAULTS.clientId;
    }),
  },
  {
    id: 'token-unknown-scope-ignored',
    statement: 'An unknown scope is ignored.',
    breaks: ['token.unknown-scope', 'token.scope-as-asked'],
    intercept: grant(hasUnknownScope, (asked) => {
      const form = formOf(asked);
      form.set('scope', known(form.get('scope') ?? ''));
      return { ...asked, text: form.toString() };
    }),
  },
  {
    id: 'token-unknown-scope-granted',
    statement: 'Any scope is granted.',
    breaks: ['token.unknown-scope'],
    intercept: intercepting(() => async (asked, forward) => {
      const form = formOf(asked);
      const scope = form.get('scope');
      if (!isToken(asked) || scope === null || !hasUnknownScope(asked)) return forward();
      form.set('scope', known(scope));
      const answered = await forward({ ...asked, text: form.toString() });
      if (isJson(answered.body)) answered.body.scope = scope;
      return answered;
    }),
  },
  {
    id: 'token-wrong-credentials-403',
    statement: 'Wrong credentials are answered with 403.',
    breaks: ['token.wrong-credentials-status'],
    intercept: answer((asked, { status }) => isToken(asked) && status === 401, refused(403)),
  },
  {
    id: 'token-refusals-422',
    statement: 'Invalid token requests are answered with 422.',
    breaks: [
      'token.status-documented',
      'token.wrong-secret',
      'token.unknown-client',
      'token.wrong-credentials-status',
      'token.unknown-scope',
      'token.not-acceptable',
      ...['client_id', 'client_secret', 'grant_type', 'scope'].map((field) => `token.body.${field}.required`),
      'token.body.client_id.format',
      'token.body.client_secret.maxLength',
      'token.body.grant_type.enum',
      'token.body.scope.maxLength',
      'token.body.additionalProperties',
    ],
    intercept: answer((asked, { status }) => isToken(asked) && status >= 400, refused(422)),
  },
  {
    id: 'token-repeated-field-taken',
    statement: 'If a field is repeated, the last value counts.',
    breaks: ['token.repeated-field'],
    intercept: intercepting(() => async (asked, forward) => {
      const form = formOf(asked);
      const isRepeated = [...form.keys()].length > new Set(form.keys()).size;
      return isToken(asked) && isRepeated
        ? forward({ ...asked, text: new URLSearchParams(Object.fromEntries(form)).toString() })
        : forward();
    }),
  },
  {
    id: 'token-json-taken',
    statement: 'Credentials are accepted as JSON.',
    breaks: ['token.not-a-form'],
    intercept: grant(
      ({ text }) => text.startsWith('{') && text.includes('client_secret'),
      (_, good) => good,
    ),
  },
  {
    id: 'token-accept-ignored',
    statement: 'The token endpoint ignores Accept.',
    breaks: ['token.not-acceptable'],
    intercept: grant(({ headers }) => headers.get('accept') === 'application/xml'),
  },
];
