import { type Asked, admit, answer, type Fault, lying, problem } from './lie.ts';

/** Scopes that are read wrongly, and refusals that act all the same. */

const VERBS = ['list', 'create', 'retrieve', 'close'] as const;
const onGroups = (asked: Asked) => (VERBS as readonly string[]).includes(asked.operation);
const has = ({ scopes }: Asked, word: string) =>
  scopes?.split(' ').some((scope) => scope.startsWith(word) || scope.endsWith(word)) ?? false;
const writes = (asked: Asked) => asked.operation === 'create' || asked.operation === 'close';
const each = (caller: string, verbs: readonly string[] = VERBS) => verbs.map((verb) => `${verb}.caller.${caller}`);
const EFFECTS = ['create.refused-creates-nothing', 'close.refused-closes-nothing'];
const UNKNOWN = ['no-token', 'no-credentials', 'wrong-scheme', 'unknown-token', 'tampered-token', 'expired-token'];

/** Turns one refusal into another, on operations on groups only. */
const insteadOf = (status: number, other: number, type: string, title: string) =>
  answer(
    (asked, answered) => onGroups(asked) && answered.status === status,
    (answered) => void Object.assign(answered, problem(other, type, title)),
  );

export const callerFaults: Fault[] = [
  {
    id: 'scope-by-prefix',
    lie: 'Any scope on accounts opens everything.',
    breaks: [...each('accounts-read', ['create', 'close']), ...EFFECTS],
    tell: admit((asked) => onGroups(asked) && has(asked, 'accounts:'), { alive: true }),
  },
  {
    id: 'scope-by-suffix-admin',
    lie: 'Any admin scope opens everything.',
    breaks: [...each('unrelated-scope'), 'retrieve.existence-not-leaked', ...EFFECTS],
    tell: admit((asked) => onGroups(asked) && has(asked, ':admin'), { alive: true }),
  },
  {
    id: 'scope-by-suffix-read',
    lie: 'Any read scope opens reading.',
    breaks: [...each('unrelated-scope', ['list', 'retrieve']), 'retrieve.existence-not-leaked'],
    tell: admit((asked) => onGroups(asked) && !writes(asked) && has(asked, ':read'), { alive: true }),
  },
  {
    id: 'scope-not-checked',
    lie: 'A token opens everything, whatever its scopes.',
    breaks: [
      ...each('unrelated-scope'),
      ...each('accounts-read', ['create', 'close']),
      'retrieve.existence-not-leaked',
      ...EFFECTS,
    ],
    tell: admit(
      (asked) =>
        onGroups(asked) &&
        asked.scopes !== undefined &&
        asked.headers.get('authorization')?.startsWith('Bearer ') === true,
      { alive: true },
    ),
  },
  {
    id: 'scope-read-may-create',
    lie: 'accounts:read may create.',
    breaks: [...each('accounts-read', ['create']), 'create.refused-creates-nothing'],
    tell: admit((asked) => asked.operation === 'create' && asked.scopes === 'accounts:read'),
  },
  {
    id: 'scope-read-may-close',
    lie: 'accounts:read may close.',
    breaks: [...each('accounts-read', ['close']), 'close.refused-closes-nothing'],
    tell: admit((asked) => asked.operation === 'close' && asked.scopes === 'accounts:read'),
  },
  {
    id: 'scope-both-to-read',
    lie: 'Reading takes both scopes.',
    breaks: [...each('accounts-read', ['list', 'retrieve']), ...each('accounts-admin', ['list', 'retrieve'])],
    tell: lying(
      () => async (asked, forward) =>
        onGroups(asked) && !writes(asked) && asked.scopes?.startsWith('accounts:') && !asked.scopes.includes(' ')
          ? problem(403, 'forbidden', 'Forbidden')
          : forward(),
    ),
  },
  {
    id: 'scope-admin-does-not-read',
    lie: 'accounts:admin may not read.',
    breaks: each('accounts-admin', ['list', 'retrieve']),
    tell: lying(
      () => async (asked, forward) =>
        onGroups(asked) && !writes(asked) && asked.scopes === 'accounts:admin'
          ? problem(403, 'forbidden', 'Forbidden')
          : forward(),
    ),
  },
  {
    id: 'acts-and-refuses-create',
    lie: 'A creation without the scope is refused, and carried out.',
    breaks: ['create.refused-creates-nothing'],
    tell: admit((asked) => asked.operation === 'create' && asked.scopes === 'accounts:read', { honestly: false }),
  },
  {
    id: 'acts-and-refuses-close',
    lie: 'A closing without the scope is refused, and carried out.',
    breaks: ['close.refused-closes-nothing'],
    tell: admit((asked) => asked.operation === 'close' && asked.scopes === 'accounts:read', { honestly: false }),
  },
  {
    id: 'acts-for-anybody-create',
    lie: 'A creation without a token is refused, and carried out.',
    breaks: ['create.refused-creates-nothing'],
    tell: admit((asked) => asked.operation === 'create' && !asked.headers.has('authorization'), { honestly: false }),
  },
  {
    id: 'acts-for-anybody-close',
    lie: 'A closing without a token is refused, and carried out.',
    breaks: ['close.refused-closes-nothing'],
    tell: admit((asked) => asked.operation === 'close' && !asked.headers.has('authorization'), { honestly: false }),
  },
  {
    id: 'acts-one-in-five',
    lie: 'One refused creation in five is carried out.',
    breaks: ['create.refused-creates-nothing'],
    tell: lying(() => {
      let count = 0;
      let good: Asked | undefined;
      return async (asked, forward) => {
        const answered = await forward();
        if (asked.operation === 'create' && answered.status === 200) good ??= asked;
        if (asked.operation === 'create' && answered.status >= 400 && good !== undefined && count++ % 5 === 4) {
          const headers = new Headers(good.headers);
          headers.set('idempotency-key', crypto.randomUUID());
          await forward({ ...good, headers });
        }
        return answered;
      };
    }),
  },
  {
    id: 'insufficient-401',
    lie: 'A missing scope is answered with 401.',
    breaks: [...each('unrelated-scope'), ...each('accounts-read', ['create', 'close'])],
    tell: insteadOf(403, 401, 'unauthorised', 'Unauthorised'),
  },
  {
    id: 'insufficient-404',
    lie: 'A missing scope is answered with 404.',
    breaks: [...each('unrelated-scope'), ...each('accounts-read', ['create', 'close']), 'list.status-documented'],
    tell: insteadOf(403, 404, 'not_found', 'Not found'),
  },
  {
    id: 'insufficient-500',
    lie: 'A missing scope breaks the server.',
    breaks: [...each('unrelated-scope'), ...each('accounts-read', ['create', 'close'])],
    tell: insteadOf(403, 500, 'internal', 'Internal error'),
  },
  {
    id: 'unknown-403',
    lie: 'A caller who is not known is answered with 403.',
    breaks: UNKNOWN.flatMap((caller) => each(caller)),
    tell: insteadOf(401, 403, 'forbidden', 'Forbidden'),
  },
  {
    id: 'unknown-302',
    lie: 'A caller who is not known is sent to a login page.',
    breaks: [...UNKNOWN.flatMap((caller) => each(caller)), ...VERBS.map((verb) => `${verb}.status-documented`)],
    tell: answer(
      (asked, { status }) => onGroups(asked) && status === 401,
      (answered) =>
        void Object.assign(answered, {
          status: 302,
          headers: new Headers({ location: '/login', 'upvest-request-id': crypto.randomUUID() }),
          body: '',
        }),
    ),
  },
  {
    id: 'existence-leaks',
    lie: 'Without the scope an unknown id is not found, and an existing one is forbidden.',
    breaks: ['retrieve.existence-not-leaked'],
    tell: lying(() => {
      const known = new Set<string>();
      return async (asked, forward) => {
        const answered = await forward();
        if (asked.operation === 'retrieve' && answered.status === 200) known.add(asked.id);
        return asked.operation === 'retrieve' &&
          answered.status === 403 &&
          !known.has(asked.id) &&
          asked.headers.get('upvest-client-id') !== null &&
          /^[0-9a-f-]{36}$/.test(asked.id)
          ? problem(404, 'not_found', 'Not found')
          : answered;
      };
    }),
  },
];
