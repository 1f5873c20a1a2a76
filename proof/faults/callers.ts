import { admit } from './admission.ts';
import {
  type Asked,
  answer,
  CLOSE,
  CREATE,
  empty,
  type Fault,
  is,
  isUuid,
  lying,
  problem,
  RETRIEVE,
  refuse,
  refused,
  underKey,
} from './fault.ts';
import { type Subject, subjectOf } from './subject.ts';

/** Scopes that are read wrongly, and refusals that act all the same. */

const onGroups = ({ contract, operation }: Asked) => subjectOf(contract).verbs.includes(operation);
const reads = ({ contract, operation }: Asked) => subjectOf(contract).reads.includes(operation);
const has = ({ scopes }: Asked, word: string) =>
  scopes?.split(' ').some((scope) => scope.startsWith(word) || scope.endsWith(word)) ?? false;
const each = (caller: string, verbs: readonly string[]) => verbs.map((verb) => `${verb}.caller.${caller}`);
const UNKNOWN = [
  'no-token',
  'no-credentials',
  'wrong-scheme',
  'bare-token',
  'unknown-token',
  'tampered-token',
  'expired-token',
];

/** Turns one refusal into another, on operations on groups only. */
const insteadOf = (status: number, other: number) =>
  answer((asked, answered) => onGroups(asked) && answered.status === status, refused(other));

export const callerFaults = ({ verbs, reads: reading }: Subject): Fault[] => [
  {
    id: 'scope-by-prefix',
    lie: 'Any scope on accounts opens everything.',
    breaks: [...each('accounts-read', [CREATE, CLOSE])],
    tell: admit((asked) => asked.alive && onGroups(asked) && has(asked, 'accounts:')),
  },
  {
    id: 'scope-by-suffix-admin',
    lie: 'Any admin scope opens everything.',
    breaks: [...each('unrelated-scope', verbs), 'retrieve.existence-not-leaked'],
    tell: admit((asked) => asked.alive && onGroups(asked) && has(asked, ':admin')),
  },
  {
    id: 'scope-by-suffix-read',
    lie: 'Any read scope opens reading.',
    breaks: [...each('unrelated-scope', reading), 'retrieve.existence-not-leaked'],
    tell: admit((asked) => asked.alive && reads(asked) && has(asked, ':read')),
  },
  {
    id: 'scope-not-checked',
    lie: 'A token opens everything, whatever its scopes.',
    breaks: [
      ...each('unrelated-scope', verbs),
      ...each('accounts-read', [CREATE, CLOSE]),
      'retrieve.existence-not-leaked',
      'close.existence-not-leaked',
    ],
    tell: admit((asked) => asked.alive && onGroups(asked)),
  },
  {
    id: 'scope-read-may-create',
    lie: 'accounts:read may create.',
    breaks: each('accounts-read', [CREATE]),
    tell: admit((asked) => is(CREATE)(asked) && asked.scopes === 'accounts:read'),
  },
  {
    id: 'scope-read-may-close',
    lie: 'accounts:read may close.',
    breaks: each('accounts-read', [CLOSE]),
    tell: admit((asked) => is(CLOSE)(asked) && asked.scopes === 'accounts:read'),
  },
  {
    id: 'scope-both-to-read',
    lie: 'Reading takes both scopes.',
    breaks: [...each('accounts-read', reading), ...each('accounts-admin', reading)],
    tell: refuse((asked) => reads(asked) && ['accounts:read', 'accounts:admin'].includes(asked.scopes ?? ''), 403),
  },
  {
    id: 'scope-admin-does-not-read',
    lie: 'accounts:admin may not read.',
    breaks: each('accounts-admin', reading),
    tell: refuse((asked) => reads(asked) && asked.scopes === 'accounts:admin', 403),
  },
  {
    id: 'acts-and-refuses-create',
    lie: 'A creation without the scope is refused, and carried out.',
    breaks: ['create.refused-creates-nothing'],
    tell: admit((asked) => is(CREATE)(asked) && asked.scopes === 'accounts:read', { honestly: false }),
  },
  {
    id: 'acts-and-refuses-close',
    lie: 'A closing without the scope is refused, and carried out.',
    breaks: ['close.refused-closes-nothing'],
    tell: admit((asked) => is(CLOSE)(asked) && asked.scopes === 'accounts:read', { honestly: false }),
  },
  {
    id: 'acts-for-anybody-create',
    lie: 'A creation without a token is refused, and carried out.',
    breaks: ['create.refused-creates-nothing'],
    tell: admit((asked) => is(CREATE)(asked) && !asked.headers.has('authorization'), { honestly: false }),
  },
  {
    id: 'acts-for-anybody-close',
    lie: 'A closing without a token is refused, and carried out.',
    breaks: ['close.refused-closes-nothing'],
    tell: admit((asked) => is(CLOSE)(asked) && !asked.headers.has('authorization'), { honestly: false }),
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
        if (is(CREATE, 200)(asked, answered)) good ??= asked;
        if (is(CREATE)(asked) && answered.status >= 400 && good !== undefined && ++count % 5 === 0)
          await forward(underKey(good));
        return answered;
      };
    }),
  },
  {
    id: 'insufficient-401',
    lie: 'A missing scope is answered with 401.',
    breaks: [...each('unrelated-scope', verbs), ...each('accounts-read', [CREATE, CLOSE])],
    tell: insteadOf(403, 401),
  },
  {
    id: 'insufficient-404',
    lie: 'A missing scope is answered with 404.',
    breaks: [...each('unrelated-scope', verbs), ...each('accounts-read', [CREATE, CLOSE]), 'list.status-documented'],
    tell: insteadOf(403, 404),
  },
  {
    id: 'insufficient-500',
    lie: 'A missing scope breaks the server.',
    breaks: [
      'client-id.of-another-client',
      ...verbs.map((verb) => `${verb}.no-server-error`),
      ...each('unrelated-scope', verbs),
      ...each('accounts-read', [CREATE, CLOSE]),
    ],
    tell: insteadOf(403, 500),
  },
  {
    id: 'unknown-403',
    lie: 'A caller who is not known is answered with 403.',
    breaks: UNKNOWN.flatMap((caller) => each(caller, verbs)),
    tell: insteadOf(401, 403),
  },
  {
    id: 'unknown-302',
    lie: 'A caller who is not known is sent to a login page.',
    breaks: [...UNKNOWN.flatMap((caller) => each(caller, verbs)), ...verbs.map((verb) => `${verb}.status-documented`)],
    tell: answer(
      (asked, { status }) => onGroups(asked) && status === 401,
      (answered) => {
        Object.assign(answered, empty(302));
        answered.headers.set('location', '/login');
      },
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
        if (is(RETRIEVE, 200)(asked, answered)) known.add(asked.id);
        return is(RETRIEVE, 403)(asked, answered) && !known.has(asked.id) && isUuid(asked.id) ? problem(404) : answered;
      };
    }),
  },
];
