import { admit } from './admission.ts';
import {
  type Answered,
  type Asked,
  answer,
  CLOSE,
  CREATE,
  collectionUrl,
  empty,
  type Fault,
  groups,
  intercepting,
  is,
  isJson,
  LIST,
  OWNER,
  RETRIEVE,
  refused,
} from './fault.ts';
import type { Subject } from './subject.ts';

/** Access without a token that has the scope, and refusals that disclose too much. */

const isHead = ({ method }: Asked) => method === 'HEAD';
const onList = (asked: Asked) => asked.url.pathname === collectionUrl(asked).pathname;

const headFaults: Fault[] = (
  [
    [LIST, onList],
    [RETRIEVE, (asked: Asked) => !onList(asked)],
  ] as const
).flatMap(([verb, isHere]): Fault[] => [
  ...(
    [
      ['no-token', 401],
      ['unrelated-scope', 403],
    ] as const
  ).map(([caller, status]) => ({
    id: `head-${verb}-${caller}`,
    statement: `HEAD of ${verb} serves the caller ${caller}.`,
    breaks: ['head.needs-what-get-needs'],
    intercept: answer(
      (asked, answered) => isHead(asked) && isHere(asked) && answered.status === status,
      (answered: Answered) => void Object.assign(answered, { status: 200, body: '' }),
    ),
  })),
  ...([204, 500, 302] as const).map((status) => ({
    id: `head-${verb}-${status}`,
    statement: `HEAD of ${verb} is answered with ${status}.`,
    breaks: ['head.as-get'],
    intercept: answer(
      (asked, answered) => isHead(asked) && isHere(asked) && answered.status === 200,
      (answered) => void Object.assign(answered, { status, body: '' }),
    ),
  })),
]);

/** Callers who may not read, and how to recognize their requests. */
const STRANGERS: ReadonlyArray<readonly [id: string, is: (asked: Asked) => boolean]> = [
  ['no-token', ({ headers }) => !headers.has('authorization')],
  ['unrelated-scope', ({ scopes, alive }) => alive && scopes !== undefined && !scopes.includes('accounts')],
];

/** Differences in a refusal that disclose whether an id exists. */
const LEAKS: ReadonlyArray<readonly [id: string, words: string, change: (answered: Answered) => void]> = [
  ['status', 'has the status 404', refused(404)],
  ['detail', 'has a special detail', ({ body }) => void (isJson(body) && (body.detail = 'There is no such group.'))],
  ['title', 'has no title', ({ body }) => void (isJson(body) && delete body.title)],
  ['header', 'has an additional header', ({ headers }) => headers.set('x-cache', 'miss')],
];

/** Changes refusals for unknown ids. Known are those that the target has shown to any caller. */
function leaking(when: (asked: Asked) => boolean, change: (answered: Answered) => void): Fault['intercept'] {
  return intercepting(() => {
    const known = new Set<unknown>();
    return async (asked, forward) => {
      const answered = await forward();
      for (const { id } of groups(answered)) known.add(id);
      if (when(asked) && answered.status >= 400 && !known.has(asked.id)) change(answered);
      return answered;
    };
  });
}

/** Does not compare the client id of a request with that of its token. */
function underAnyClient(when: (asked: Asked) => boolean): Fault['intercept'] {
  return intercepting(() => {
    let own: string | undefined;
    return async (asked, forward) => {
      const named = asked.headers.get('upvest-client-id');
      if (asked.operation === OWNER) own ??= named ?? undefined;
      if (when(asked) && own !== undefined && named !== null && HYPHENATED.test(named))
        asked.headers.set('upvest-client-id', own);
      return forward();
    };
  });
}

const HYPHENATED = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const leakFaults: Fault[] = ([RETRIEVE, CLOSE] as const).flatMap((verb) =>
  STRANGERS.flatMap(([caller, isCaller]) =>
    LEAKS.map(([id, words, change]) => ({
      id: `existence-${verb}-${caller}-${id}`,
      statement: `For the caller ${caller}, the refusal to ${verb} an unknown id ${words}.`,
      breaks: [`${verb}.existence-not-leaked`],
      intercept: leaking((asked) => is(verb)(asked) && isCaller(asked) && HYPHENATED.test(asked.id), change),
    })),
  ),
);

/** Refusals that disclose the status of a group to callers who may not read. */
const stateLeakFaults = ({ resource }: Subject): Fault[] =>
  resource.life.statuses.map((status) => ({
    id: `existence-${status}`,
    statement: `The refusal to retrieve a group discloses that it is ${status}.`,
    breaks: ['retrieve.existence-not-leaked'],
    intercept: intercepting(() => {
      const known = new Map<unknown, unknown>();
      return async (asked, forward) => {
        const answered = await forward();
        for (const group of groups(answered)) if (String(group.created_at) < '2026') known.set(group.id, group.status);
        if (is(RETRIEVE, 403)(asked, answered) && known.get(asked.id) === status && isJson(answered.body))
          answered.body.detail = `The group is ${status}.`;
        return answered;
      };
    }),
  }));

/** Answers requests for unknown ids as if they had been executed. */
const unknownServed: Fault[] = STRANGERS.map(([caller, isCaller]) => ({
  id: `unknown-served-${caller}`,
  statement: `Closing an unknown group is accepted for the caller ${caller}.`,
  breaks: [`close.caller.${caller}`, 'close.existence-not-leaked'],
  intercept: leaking(
    (asked) => is(CLOSE)(asked) && isCaller(asked),
    (answered) => void Object.assign(answered, empty(202)),
  ),
}));

export const identityFaults = (about: Subject): Fault[] => [
  ...unknownServed,
  ...headFaults,
  ...leakFaults,
  ...stateLeakFaults(about),
  {
    id: 'client-id-not-compared',
    statement: 'A token is served under any client id.',
    breaks: ['client-id.of-another-client'],
    intercept: underAnyClient(() => true),
  },
  ...[LIST, RETRIEVE, CREATE, CLOSE, ...about.otherLists].map(
    (verb): Fault => ({
      id: `client-id-not-compared-${verb}`,
      statement: `${verb} serves a token under any client id.`,
      breaks: ['client-id.of-another-client'],
      intercept: underAnyClient(is(verb)),
    }),
  ),
  {
    id: 'cookie-stands-in',
    statement: 'The list sets a cookie, and serves any caller who sends it.',
    breaks: ['cookie.no-authority'],
    intercept: (honest, clock) => {
      const admitting = admit((asked) => is(LIST)(asked) && asked.headers.has('cookie'))(honest, clock);
      return answer(is(LIST, 200), ({ headers }) => headers.set('set-cookie', 'session=1; Path=/; HttpOnly'))(
        admitting,
        clock,
      );
    },
  },
  {
    id: 'head-with-a-body',
    statement: 'HEAD has a body.',
    breaks: ['head.as-get'],
    intercept: answer(
      (asked, { status }) => isHead(asked) && status === 200,
      (answered) => void (answered.body = 'body'),
    ),
  },
  {
    id: 'existence-by-other-refusal',
    statement: 'Without the scope, an unknown id is answered with 409.',
    breaks: ['retrieve.existence-not-leaked', 'retrieve.status-documented', 'retrieve.caller.unrelated-scope'],
    intercept: leaking(
      (asked) => is(RETRIEVE)(asked) && asked.alive && HYPHENATED.test(asked.id) && !asked.scopes?.includes('accounts'),
      refused(409),
    ),
  },
];
