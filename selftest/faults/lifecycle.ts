import { randomUUID } from 'node:crypto';
import {
  type Answered,
  type Asked,
  answer,
  data,
  type Fault,
  group,
  groups,
  isJson,
  lying,
  meta,
  problem,
  request,
} from './lie.ts';

/** Groups that come, change and go in ways that were not promised. */

type Json = Record<string, unknown>;
const is = (operation: Asked['operation']) => (asked: Asked) => asked.operation === operation;
const accepted = (asked: Asked, answered: Answered) => asked.operation === 'close' && answered.status === 202;
const isClosing = (one: Json) => one.status === 'CLOSING' || one.status === 'CLOSED';
const isOld = (one: Json) => Date.parse(String(one.created_at)) < Date.UTC(2025, 5);
const later = (stamp: unknown, milliseconds: number) =>
  new Date(Date.parse(String(stamp)) + milliseconds).toISOString();

/** Remembers which groups were asked to close, and lies about those. */
function afterClosing(lie: (answered: Answered, closed: ReadonlySet<string>, asked: Asked) => void): Fault['tell'] {
  return lying(() => {
    const closed = new Set<string>();
    return async (asked, forward) => {
      const answered = await forward();
      if (accepted(asked, answered)) closed.add(asked.id);
      lie(answered, closed, asked);
      return answered;
    };
  });
}

/** Takes groups out of pages, and out of their totals. */
function unlist(answered: Answered, hidden: (one: Json) => boolean): void {
  const page = data(answered);
  const shown = page.filter((one) => !hidden(one));
  page.splice(0, page.length, ...shown);
  if ('count' in meta(answered)) meta(answered).count = shown.length;
}

const NOT_FOUND = () => problem(404, 'not_found', 'Not found');

export const lifecycleFaults: Fault[] = [
  {
    id: 'create-other-type',
    lie: 'A LEGAL_ENTITY is created as PERSONAL.',
    breaks: ['create.type-as-asked'],
    tell: request(is('create'), (asked) => void (asked.text = asked.text.replace('"LEGAL_ENTITY"', '"PERSONAL"'))),
  },
  {
    id: 'create-says-other-type',
    lie: 'The answer to a creation always says PERSONAL.',
    breaks: ['create.type-as-asked', 'create.equals-retrieved', 'account-group.immutable'],
    tell: group((one) => void (one.type = 'PERSONAL'), is('create')),
  },
  {
    id: 'create-for-other-user',
    lie: 'A LEGAL_ENTITY belongs to somebody else.',
    breaks: ['create.owner-as-asked'],
    tell: group(
      (one) =>
        void (
          one.type === 'LEGAL_ENTITY' && (one.users = [{ id: '11111111-2222-4333-8444-666666666666', type: 'OWNER' }])
        ),
    ),
  },
  {
    id: 'create-closed',
    lie: 'A new group starts as CLOSED.',
    breaks: ['create.initial-status', 'account-group.status-forward'],
    tell: group((one) => void (one.status = 'CLOSED'), is('create')),
  },
  {
    id: 'create-locked',
    lie: 'A new group starts as LOCKED.',
    breaks: ['create.initial-status', 'account-group.status-forward'],
    tell: group((one) => void (one.status = 'LOCKED'), is('create')),
  },
  {
    id: 'create-yesterday',
    lie: 'A new group was created yesterday.',
    breaks: ['create.created-now'],
    tell: group((one) => void (!isOld(one) && (one.created_at = later(one.created_at, -86_400_000)))),
  },
  {
    id: 'create-same-id',
    lie: 'A new LEGAL_ENTITY has the id of an earlier group.',
    breaks: ['create.new-group', 'account-group.immutable', 'account-group.number-unique'],
    tell: sameId(),
  },
  {
    id: 'create-not-retrievable',
    lie: 'A new LEGAL_ENTITY cannot be retrieved.',
    breaks: ['create.retrievable'],
    tell: lying(() => {
      const fresh = new Set<unknown>();
      return async (asked, forward) => {
        const answered = await forward();
        if (asked.operation === 'create' && asked.json.type === 'LEGAL_ENTITY')
          for (const one of groups(answered)) fresh.add(one.id);
        return asked.operation === 'retrieve' && fresh.has(asked.id) && answered.status === 200
          ? NOT_FOUND()
          : answered;
      };
    }),
  },
  {
    id: 'create-not-listed',
    lie: 'New groups are not in the list.',
    breaks: ['create.listed', 'close.stays-listed', 'list.page-full'],
    tell: lying(() => {
      const fresh = new Set<unknown>();
      return async (asked, forward) => {
        const answered = await forward();
        if (asked.operation === 'create') for (const one of groups(answered)) fresh.add(one.id);
        if (asked.operation === 'list') unlist(answered, (one) => fresh.has(one.id));
        return answered;
      };
    }),
  },
  {
    id: 'create-not-stored',
    lie: 'The number that a creation answers is not the one that is stored.',
    breaks: ['create.equals-retrieved', 'account-group.immutable'],
    tell: group(
      (one) =>
        void (one.securities_account_number =
          '987654321'.slice(0, 8) + String(one.securities_account_number).slice(-1)),
      is('create'),
    ),
  },
  {
    id: 'read-drops-user',
    lie: 'A retrieved group has one user more than it was created with.',
    breaks: ['create.equals-retrieved', 'list.equals-retrieved'],
    tell: group(
      (one) => void (one.users as Json[]).push({ id: '11111111-2222-4333-8444-555555555555', type: 'OWNER' }),
      is('retrieve'),
    ),
  },
  {
    id: 'close-not-forwarded',
    lie: 'A closing is acknowledged and never carried out.',
    breaks: ['close.reaches-closing', 'close.second-conflict'],
    tell: lying(() => async (asked, forward) => {
      if (asked.operation !== 'close' || !isFlawless(asked) || (await statusOf(asked, forward)) !== 'ACTIVE')
        return forward();
      return { status: 202, headers: new Headers({ 'upvest-request-id': randomUUID() }), body: '' };
    }),
  },
  {
    id: 'close-to-locked',
    lie: 'A closed group is LOCKED.',
    breaks: ['close.reaches-closing'],
    tell: afterClosing((answered, closed) =>
      groups(answered).forEach((one) => void (closed.has(String(one.id)) && (one.status = 'LOCKED'))),
    ),
  },
  {
    id: 'close-reopens',
    lie: 'A closed group becomes ACTIVE again.',
    breaks: ['account-group.status-forward'],
    tell: lying(() => {
      const reads = new Map<unknown, number>();
      return async (_, forward) => {
        const answered = await forward();
        for (const one of groups(answered).filter((candidate) => isClosing(candidate))) {
          const count = (reads.get(one.id) ?? 0) + 1;
          reads.set(one.id, count);
          if (count > 2 && !isOld(one)) one.status = 'ACTIVE';
        }
        return answered;
      };
    }),
  },
  {
    id: 'close-back-to-closing',
    lie: 'A CLOSED group is CLOSING again.',
    breaks: ['account-group.status-forward'],
    tell: lying(() => {
      const reads = new Map<unknown, number>();
      return async (_, forward) => {
        const answered = await forward();
        for (const one of groups(answered).filter((candidate) => candidate.status === 'CLOSED' && isOld(candidate))) {
          const count = (reads.get(one.id) ?? 0) + 1;
          reads.set(one.id, count);
          if (count % 40 === 39) one.status = 'CLOSING';
        }
        return answered;
      };
    }),
  },
  {
    id: 'close-vanishes',
    lie: 'A closed LEGAL_ENTITY cannot be retrieved.',
    breaks: ['close.stays-readable'],
    tell: lying(() => {
      const closed = new Set<string>();
      return async (asked, forward) => {
        const answered = await forward();
        if (accepted(asked, answered)) closed.add(asked.id);
        return asked.operation === 'retrieve' && closed.has(asked.id) && groups(answered)[0]?.type === 'LEGAL_ENTITY'
          ? NOT_FOUND()
          : answered;
      };
    }),
  },
  {
    id: 'close-unlisted',
    lie: 'A closed group is not in the list.',
    breaks: ['close.stays-listed'],
    tell: lying(() => {
      const closed = new Set<unknown>();
      return async (asked, forward) => {
        const answered = await forward();
        if (accepted(asked, answered)) closed.add(asked.id);
        if (asked.operation === 'list' && asked.url.searchParams.get('limit') === '50')
          unlist(answered, (one) => closed.has(one.id));
        if (asked.operation === 'list' && asked.url.search === '?limit=1000')
          unlist(answered, (one) => closed.has(one.id));
        return answered;
      };
    }),
  },
  {
    id: 'close-keeps-updated-at',
    lie: 'Closing does not move updated_at.',
    breaks: ['close.updated-at-moves'],
    tell: frozen(),
  },
  {
    id: 'close-new-number',
    lie: 'Closing gives a group another account number.',
    breaks: ['close.identity-kept', 'account-group.immutable'],
    tell: afterClosing((answered, closed) =>
      groups(answered).forEach(
        (one) =>
          void (
            closed.has(String(one.id)) &&
            (one.securities_account_number = `9${String(one.securities_account_number).slice(1)}`)
          ),
      ),
    ),
  },
  {
    id: 'close-drops-users',
    lie: 'Closing takes the users from a group.',
    breaks: ['close.identity-kept'],
    tell: afterClosing((answered, closed) =>
      groups(answered).forEach((one) => void (closed.has(String(one.id)) && (one.users = []))),
    ),
  },
  {
    id: 'close-new-created-at',
    lie: 'Closing renews created_at, as far as retrieving shows.',
    breaks: ['close.identity-kept', 'account-group.immutable'],
    tell: afterClosing((answered, closed, { operation }) =>
      groups(answered).forEach(
        (one) =>
          void (
            operation === 'retrieve' &&
            one.type === 'PERSONAL' &&
            closed.has(String(one.id)) &&
            (one.created_at = one.updated_at)
          ),
      ),
    ),
  },
  {
    id: 'close-all',
    lie: 'Closing one group closes all groups of its owner.',
    breaks: ['close.bystanders-untouched'],
    tell: lying(() => {
      const own = new Set<string>();
      return async (asked, forward) => {
        const answered = await forward();
        if (asked.operation === 'create') for (const one of groups(answered)) own.add(String(one.id));
        if (accepted(asked, answered)) for (const id of own) if (id !== asked.id) await forward({ ...asked, id });
        return answered;
      };
    }),
  },
  {
    id: 'close-second-404',
    lie: 'A second closing does not find the group.',
    breaks: ['close.second', 'close.second-conflict'],
    tell: secondTime(() => NOT_FOUND()),
  },
  {
    id: 'close-second-200',
    lie: 'A second closing is answered with 200.',
    breaks: ['close.second', 'close.second-conflict', 'close.status-documented'],
    tell: secondTime(() => ({ status: 200, headers: new Headers({ 'upvest-request-id': randomUUID() }), body: '' })),
  },
  {
    id: 'close-second-500',
    lie: 'A second closing breaks the server.',
    breaks: ['close.second', 'close.second-conflict'],
    tell: secondTime(() => problem(500, 'internal', 'Internal error')),
  },
  {
    id: 'close-second-202',
    lie: 'A second closing is accepted once more.',
    breaks: ['close.second-conflict'],
    tell: secondTime(() => ({ status: 202, headers: new Headers({ 'upvest-request-id': randomUUID() }), body: '' })),
  },
  {
    id: 'close-never-allowed',
    lie: 'An ACTIVE group cannot be closed.',
    breaks: ['close.allowed', 'close.caller.accounts-admin', 'close.caller.all-scopes'],
    tell: lying(
      () => async (asked, forward) =>
        asked.operation === 'close' && (await statusOf(asked, forward)) === 'ACTIVE'
          ? problem(409, 'conflict', 'Conflict')
          : forward(),
    ),
  },
  {
    id: 'status-pending-after-active',
    lie: 'The longest page shows an ACTIVE group as PENDING_APPROVAL.',
    breaks: ['account-group.status-forward'],
    tell: answer(
      (asked) => asked.url.searchParams.get('limit') === '1000',
      (answered) =>
        data(answered).forEach(
          (one) => void (isOld(one) && one.status === 'ACTIVE' && (one.status = 'PENDING_APPROVAL')),
        ),
    ),
  },
  {
    id: 'updated-at-back',
    lie: 'updated_at of one group jumps back by a day once.',
    breaks: ['account-group.updated-at-forward'],
    tell: lying(() => {
      let count = 0;
      return async (asked, forward) => {
        const answered = await forward();
        for (const one of data(answered))
          if (isOld(one) && one.status === 'CLOSING' && asked.url.searchParams.get('order') === 'DESC' && count++ === 2)
            one.updated_at = later(one.created_at, 1);
        return answered;
      };
    }),
  },
  {
    id: 'reading-renumbers',
    lie: 'Each retrieval counts up a user id.',
    breaks: [
      'retrieve.repeatable',
      'create.equals-retrieved',
      'list.equals-retrieved',
      'close.identity-kept',
      'close.refused-closes-nothing',
      'close.bystanders-untouched',
    ],
    tell: lying(() => {
      let count = 0;
      return async (asked, forward) => {
        const answered = await forward();
        if (asked.operation === 'retrieve')
          for (const one of groups(answered))
            one.users = [{ id: `11111111-2222-4333-8444-${String(count++).padStart(12, '0')}`, type: 'OWNER' }];
        return answered;
      };
    }),
  },
  {
    id: 'replay-creates',
    lie: 'A repeated idempotency key creates another group.',
    breaks: ['create.same-key-same-group', 'create.same-key-creates-nothing'],
    tell: repeated((asked, forward) => forward(renewed(asked))),
  },
  {
    id: 'replay-creates-silently',
    lie: 'A repeated idempotency key repeats the answer, and creates another group besides.',
    breaks: ['create.same-key-creates-nothing'],
    tell: repeated(async (asked, forward) => {
      const answered = await forward();
      if (answered.status === 200) await forward(renewed(asked));
      return answered;
    }),
  },
  {
    id: 'replay-creates-legal-entity',
    lie: 'Only for a LEGAL_ENTITY a repeated key creates another group.',
    breaks: ['create.same-key-same-group', 'create.same-key-creates-nothing'],
    tell: repeated((asked, forward) => forward(asked.json.type === 'LEGAL_ENTITY' ? renewed(asked) : asked)),
  },
  {
    id: 'replay-409',
    lie: 'A repeated idempotency key is a conflict.',
    breaks: ['create.same-key-same-group', 'create.status-documented'],
    tell: repeated(async (asked, forward) =>
      asked.json.type === 'LEGAL_ENTITY' ? forward() : problem(409, 'conflict', 'Conflict'),
    ),
  },
  {
    id: 'replay-other-number',
    lie: 'A repeated answer shows another account number.',
    breaks: ['account-group.immutable'],
    tell: repeated(async (_, forward) => {
      const answered = await forward();
      for (const one of groups(answered))
        one.securities_account_number = `9${String(one.securities_account_number).slice(1)}`;
      return answered;
    }),
  },
  {
    id: 'key-ignored-for-body',
    lie: 'Requests with the same body get the same group, whatever their key.',
    breaks: ['create.other-key-other-group', 'create.new-group', 'create.same-key-other-body'],
    tell: sameBodySameGroup(),
  },
  {
    id: 'key-other-body-creates',
    lie: 'The same key with another body creates a group.',
    breaks: ['create.same-key-other-body'],
    tell: lying(() => {
      const bodies = new Map<string, string>();
      return async (asked, forward) => {
        const key = asked.headers.get('idempotency-key') ?? '';
        if (asked.operation !== 'create' || key.length !== 36) return forward();
        const before = bodies.get(key);
        if (before === undefined) bodies.set(key, asked.text);
        return before !== undefined && before !== asked.text ? forward(renewed(asked)) : forward();
      };
    }),
  },
  {
    id: 'key-other-body-500',
    lie: 'The same key with another body breaks the server.',
    breaks: ['create.same-key-other-body'],
    tell: lying(() => {
      const bodies = new Map<string, string>();
      return async (asked, forward) => {
        const key = asked.headers.get('idempotency-key') ?? '';
        if (asked.operation !== 'create') return forward();
        const before = bodies.get(key);
        if (before === undefined) bodies.set(key, asked.text);
        return before !== undefined && before !== asked.text ? problem(500, 'internal', 'Internal error') : forward();
      };
    }),
  },
];

/** The same request under a key of its own. */
function renewed(asked: Asked, key: string = randomUUID()): Asked {
  const headers = new Headers(asked.headers);
  headers.set('idempotency-key', key);
  return { ...asked, headers };
}

/** A request that nothing but the state of the group could refuse. */
const isFlawless = ({ scopes, headers }: Asked) =>
  scopes?.includes('accounts:admin') === true &&
  headers.get('accept') === 'application/json' &&
  !headers.has('upvest-api-version') &&
  /^[0-9a-f-]{36}$/.test(headers.get('upvest-client-id') ?? '') &&
  headers.get('authorization')?.startsWith('Bearer ') === true;

/** Lies about requests whose key and body were seen before. */
function repeated(
  lie: (asked: Asked, forward: (asked?: Asked) => Promise<Answered>) => Promise<Answered>,
): Fault['tell'] {
  return lying(() => {
    const known = new Set<string>();
    return async (asked, forward) => {
      const key = `${asked.headers.get('idempotency-key')} ${asked.text}`;
      if (asked.operation !== 'create') return forward();
      if (known.has(key)) return lie(asked, forward);
      known.add(key);
      return forward();
    };
  });
}

function sameBodySameGroup(): Fault['tell'] {
  return lying(() => {
    const keys = new Map<string, string>();
    return async (asked, forward) => {
      const own = asked.headers.get('idempotency-key') ?? '';
      if (asked.operation !== 'create' || !/^[0-9a-f-]{36}$/.test(own)) return forward();
      const key = keys.get(asked.text) ?? own;
      keys.set(asked.text, key);
      return forward(renewed(asked, key));
    };
  });
}

function secondTime(lie: () => Answered): Fault['tell'] {
  return lying(() => async (asked, forward) => {
    if (asked.operation !== 'close') return forward();
    const status = await statusOf(asked, forward);
    const answered = await forward();
    return answered.status === 409 && (status === 'CLOSING' || status === 'CLOSED') ? lie() : answered;
  });
}

async function statusOf(asked: Asked, forward: (asked: Asked) => Promise<Answered>): Promise<unknown> {
  const [one] = groups(await forward({ ...asked, method: 'GET' }));
  return one?.status;
}

function sameId(): Fault['tell'] {
  return lying(() => {
    let id: unknown;
    return async (asked, forward) => {
      const answered = await forward();
      if (asked.operation === 'create' && answered.status === 200 && isJson(answered.body)) {
        id ??= answered.body.id;
        if (asked.json.type === 'LEGAL_ENTITY') answered.body.id = id;
      }
      return answered;
    };
  });
}

/** updated_at stays where it was before the closing. */
function frozen(): Fault['tell'] {
  return lying(() => {
    const stamps = new Map<unknown, unknown>();
    return async (_, forward) => {
      const answered = await forward();
      for (const one of groups(answered).filter((candidate) => !isOld(candidate))) {
        if (isClosing(one)) one.updated_at = stamps.get(one.id) ?? one.updated_at;
        else stamps.set(one.id, one.updated_at);
      }
      return answered;
    };
  });
}
