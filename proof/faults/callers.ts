import { admit } from './admission.ts';
import {
  type Asked,
  answer,
  CLOSE,
  CREATE,
  empty,
  type Fault,
  intercepting,
  is,
  isUuid,
  problem,
  RETRIEVE,
  refuse,
  refused,
  underKey,
} from './fault.ts';
import { type Subject, subjectOf } from './subject.ts';

/** Scopes that are interpreted wrongly, and refused requests that are executed nevertheless. */

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
    statement: 'Any scope for accounts permits every operation.',
    breaks: [...each('accounts-read', [CREATE, CLOSE])],
    intercept: admit((asked) => asked.alive && onGroups(asked) && has(asked, 'accounts:')),
  },
  {
    id: 'scope-by-suffix-admin',
    statement: 'Any admin scope permits every operation.',
    breaks: [...each('unrelated-scope', verbs), 'retrieve.existence-not-leaked'],
    intercept: admit((asked) => asked.alive && onGroups(asked) && has(asked, ':admin')),
  },
  ...(['first', 'last'] as const).map(
    (place): Fault => ({
      id: `scope-${place}-only`,
      statement: `Of several scopes of different kinds only the ${place} one counts.`,
      breaks: ['list.allowed'],
      intercept: refuse((asked) => {
        const scopes = asked.alive ? (asked.scopes?.split(' ') ?? []) : [];
        const kinds = new Set(scopes.map((scope) => scope.split(':')[0]));
        return onGroups(asked) && kinds.size > 1 && !scopes.at(place === 'first' ? 0 : -1)?.startsWith('accounts:');
      }, 403),
    }),
  ),
  {
    id: 'scope-by-suffix-read',
    statement: 'Any read scope permits reading.',
    breaks: [...each('unrelated-scope', reading), 'retrieve.existence-not-leaked'],
    intercept: admit((asked) => asked.alive && reads(asked) && has(asked, ':read')),
  },
  {
    id: 'scope-not-checked',
    statement: 'Any token permits every operation, whatever its scopes.',
    breaks: [
      ...each('unrelated-scope', verbs),
      ...each('accounts-read', [CREATE, CLOSE]),
      'retrieve.existence-not-leaked',
    ],
    mayBreak: ['close.existence-not-leaked'],
    intercept: admit((asked) => asked.alive && onGroups(asked)),
  },
  {
    id: 'scope-read-may-create',
    statement: 'accounts:read permits creating.',
    breaks: each('accounts-read', [CREATE]),
    intercept: admit((asked) => is(CREATE)(asked) && asked.scopes === 'accounts:read'),
  },
  {
    id: 'scope-read-may-close',
    statement: 'accounts:read permits closing.',
    breaks: each('accounts-read', [CLOSE]),
    intercept: admit((asked) => is(CLOSE)(asked) && asked.scopes === 'accounts:read'),
  },
  {
    id: 'scope-both-to-read',
    statement: 'Reading requires both scopes.',
    breaks: [...each('accounts-read', reading), ...each('accounts-admin', reading)],
    intercept: refuse((asked) => reads(asked) && ['accounts:read', 'accounts:admin'].includes(asked.scopes ?? ''), 403),
  },
  {
    id: 'scope-admin-does-not-read',
    statement: 'accounts:admin does not permit reading.',
    breaks: each('accounts-admin', reading),
    intercept: refuse((asked) => reads(asked) && asked.scopes === 'accounts:admin', 403),
  },
  {
    id: 'acts-and-refuses-create',
    statement: 'A creation without the scope is refused, but executed.',
    breaks: ['create.refused-creates-nothing'],
    intercept: admit((asked) => is(CREATE)(asked) && asked.scopes === 'accounts:read', { honestly: false }),
  },
  {
    id: 'acts-and-refuses-close',
    statement: 'A closing without the scope is refused, but executed.',
    breaks: ['close.refused-closes-nothing'],
    intercept: admit((asked) => is(CLOSE)(asked) && asked.scopes === 'accounts:read', { honestly: false }),
  },
  {
    id: 'acts-for-anybody-create',
    statement: 'A creation without a token is refused, but executed.',
    breaks: ['create.refused-creates-nothing'],
    intercept: admit((asked) => is(CREATE)(asked) && !asked.headers.has('authorization'), { honestly: false }),
  },
  {
    id: 'acts-for-anybody-close',
    statement: 'A closing without a token is refused, but executed.',
    breaks: ['close.refused-closes-nothing'],
    intercept: admit((asked) => is(CLOSE)(asked) && !asked.headers.has('authorization'), { honestly: false }),
  },
  {
    id: 'acts-one-in-five',
    statement: 'One refused creation in five is executed.',
    breaks: ['create.refused-creates-nothing'],
    intercept: intercepting(() => {
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
    statement: 'A missing scope is answered with 401.',
    breaks: [...each('unrelated-scope', verbs), ...each('accounts-read', [CREATE, CLOSE])],
    intercept: insteadOf(403, 401),
  },
  {
    id: 'insufficient-404',
    statement: 'A missing scope is answered with 404.',
    breaks: [...each('unrelated-scope', verbs), ...each('accounts-read', [CREATE, CLOSE]), 'list.status-documented'],
    intercept: insteadOf(403, 404),
  },
  {
    id: 'insufficient-500',
    statement: 'A missing scope is answered with 500.',
    breaks: [
      'client-id.of-another-client',
      ...verbs.map((verb) => `${verb}.no-server-error`),
      ...each('unrelated-scope', verbs),
      ...each('accounts-read', [CREATE, CLOSE]),
    ],
    mayBreak: ['create.own-rules'],
    intercept: insteadOf(403, 500),
  },
  {
    id: 'unknown-403',
    statement: 'An unauthenticated caller is answered with 403.',
    breaks: UNKNOWN.flatMap((caller) => each(caller, verbs)),
    intercept: insteadOf(401, 403),
  },
  {
    id: 'unknown-302',
    statement: 'An unauthenticated caller is redirected to a login page.',
    breaks: [...UNKNOWN.flatMap((caller) => each(caller, verbs)), ...verbs.map((verb) => `${verb}.status-documented`)],
    intercept: answer(
      (asked, { status }) => onGroups(asked) && status === 401,
      (answered) => {
        Object.assign(answered, empty(302));
        answered.headers.set('location', '/login');
      },
    ),
  },
  {
    id: 'existence-leaks',
    statement: 'Without the scope, an unknown id is answered with 404 and an existing one with 403.',
    breaks: ['retrieve.existence-not-leaked'],
    intercept: intercepting(() => {
      const known = new Set<string>();
      return async (asked, forward) => {
        const answered = await forward();
        if (is(RETRIEVE, 200)(asked, answered)) known.add(asked.id);
        return is(RETRIEVE, 403)(asked, answered) && !known.has(asked.id) && isUuid(asked.id) ? problem(404) : answered;
      };
    }),
  },
];
