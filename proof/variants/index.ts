import type { Contract } from '../../harness/contract/index.ts';
import type { Profile } from '../../harness/verdicts/profile.ts';
import type { ReferenceOptions } from '../../reference/app.ts';
import type { EventIntercepts } from '../delivering.ts';
import { eachEvent } from '../faults/delivered.ts';
import {
  answer,
  CLOSE,
  CREATE,
  empty,
  type Fault,
  groups,
  hasUnknownParameter,
  intercepting,
  type Json,
  LIST,
  meta,
  OTHER,
  problem,
  RETRIEVE,
  refused,
} from '../faults/fault.ts';
import { objectsIn } from '../faults/parts.ts';
import { type Subject, subjectOf } from '../faults/subject.ts';
import { closingVariants } from './closing.ts';
import { deliveryVariants } from './delivery.ts';
import { laterVariants } from './later.ts';
import { refusalVariants } from './refusal.ts';
import { signatureVariants } from './signature.ts';
import { spellingVariants } from './spelling.ts';
import { stateVariants } from './state.ts';
import { tokenVariants } from './token.ts';

/**
 * A difference from the reference that the contract permits. Each is tried like a fault, and must break nothing.
 */
export interface Variant extends EventIntercepts {
  readonly id: string;
  /** The difference in one sentence. */
  readonly difference: string;
  readonly intercept?: Fault['intercept'];
  readonly ignores?: Fault['ignores'] | undefined;
  readonly outside?: Fault['outside'] | undefined;
  readonly reference?: ReferenceOptions;
  /** The aspect that it changes; two variants of one aspect cannot be combined. */
  readonly aspect?: string;
  /** Closest to the client: no other variant could read the answers that it makes. */
  readonly outermost?: true;
  /** The declared capabilities of the target. */
  readonly profile?: Partial<Profile>;
  /** Prefixes of requirements that may be blocked, because the target does not declare the difference. */
  readonly blocks?: readonly string[];
}

const anything = () => true;

export function variants(contract: Contract): Variant[] {
  const about = subjectOf(contract);
  return [
    ...spellingVariants,
    ...refusalVariants,
    ...laterVariants(contract),
    {
      id: 'never-active',
      difference: `A group never becomes ${about.open}, but can be closed.`,
      // Behind the scenes it is open at once: one that shows no other status has no other reason to refuse.
      reference: { activationMs: 0 },
      intercept: neverActive(about),
    },
    { id: 'never-closed', difference: 'Closing never ends.', reference: { closingMs: 1e12 } },
    {
      id: 'active-at-once',
      difference: `A group is ${about.open} as soon as it is created.`,
      reference: { activationMs: 0 },
      intercept: answer(anything, (answered) => groups(answered).forEach((one) => void approved(about, one))),
      interceptEvent: eachEvent((_, object) => approved(about, object)),
    },
    { id: 'slow-approval', difference: 'Approval takes a second.', reference: { activationMs: 1000 } },
    { id: 'closed-at-once', difference: `A closing group is ${about.closed} at once.`, reference: { closingMs: 0 } },
    { id: 'long-tokens', difference: 'Tokens live for a day.', reference: { tokenLifetimeSeconds: 86_400 } },
    { id: 'no-groups', difference: 'There are no groups except those of the run.', reference: { seeds: false } },
    {
      id: 'second-closing-accepted',
      difference: 'A second closing is answered with 202.',
      intercept: intercepting(() => {
        const closed = new Set<string>();
        return async (asked, forward) => {
          const answered = await forward();
          if (asked.operation !== CLOSE) return answered;
          if (answered.status === 202) closed.add(asked.id);
          return answered.status === 409 && closed.has(asked.id) ? empty(202) : answered;
        };
      }),
    },
    {
      id: 'malformed-id-400',
      difference: 'A malformed id is answered with 400.',
      intercept: intercepting(() => async (asked, forward) => {
        const answered = await forward();
        return answered.status === 404 && asked.id !== '' && !/^[0-9a-f-]{36}$/i.test(asked.id)
          ? problem(400, 'invalid_request', 'Invalid request')
          : answered;
      }),
    },
    {
      id: 'unknown-user-400',
      difference: 'An unknown owner is answered with 400.',
      intercept: answer(
        (asked, { status }) => asked.operation === CREATE && status === 404,
        (answered) => void Object.assign(answered, problem(400, 'invalid_request', 'Invalid request')),
      ),
    },
    {
      id: 'limit-zero-refused',
      difference: 'A limit of 0 is answered with 400.',
      intercept: intercepting(
        () => async (asked, forward) =>
          asked.operation === LIST && asked.url.searchParams.get('limit') === '0' && (await forward()).status === 200
            ? problem(400, 'invalid_request', 'Invalid request')
            : forward(),
      ),
    },
    {
      id: 'unknown-query-refused',
      difference: 'Unknown query parameters are answered with 400.',
      intercept: intercepting(
        () => async (asked, forward) =>
          hasUnknownParameter(asked) ? problem(400, 'invalid_request', 'Invalid request') : forward(),
      ),
    },
    {
      id: 'method-404',
      difference: 'Undeclared methods are answered with 404.',
      intercept: answer((_, { status }) => status === 405, refused(404)),
    },
    {
      id: 'content-type-415',
      difference: 'A wrong content type is answered with 415.',
      intercept: intercepting(() => async (asked, forward) => {
        const answered = await forward();
        return asked.operation === CREATE &&
          asked.headers.get('content-type') !== 'application/json' &&
          asked.text !== '' &&
          answered.status === 400
          ? problem(415, 'unsupported_media_type', 'Unsupported media type')
          : answered;
      }),
    },
    {
      id: 'key-other-body-409',
      difference: 'The same key with another body is answered with 409.',
      intercept: intercepting(() => {
        const bodies = new Map<string, string>();
        return async (asked, forward) => {
          const key = asked.headers.get('idempotency-key') ?? '';
          const answered = await forward();
          if (asked.operation !== CREATE) return answered;
          if (answered.status === 200 && !bodies.has(key)) bodies.set(key, asked.text);
          return bodies.has(key) && bodies.get(key) !== asked.text ? problem(409) : answered;
        };
      }),
    },
    {
      id: 'key-other-body-replayed',
      difference: 'The same key with another body is answered with the first group.',
      intercept: intercepting(() => {
        const bodies = new Map<string, string>();
        return async (asked, forward) => {
          const key = asked.headers.get('idempotency-key') ?? '';
          const first = asked.operation === CREATE ? bodies.get(key) : undefined;
          if (first !== undefined) asked.text = first;
          const answered = await forward();
          if (asked.operation === CREATE && answered.status === 200 && !bodies.has(key)) bodies.set(key, asked.text);
          return answered;
        };
      }),
    },
    {
      id: 'more-in-meta',
      difference: 'meta has an additional member.',
      intercept: answer(
        anything,
        (answered) => void (Object.keys(meta(answered)).length > 0 && (meta(answered).next = null)),
      ),
    },
    {
      id: 'less-in-meta',
      difference: 'meta has neither sort nor order.',
      intercept: answer(anything, (answered) => {
        delete meta(answered).sort;
        delete meta(answered).order;
      }),
    },
    {
      id: 'sort-id-by-default',
      difference: "Without a sort, meta.sort is id, as in the example on the vendor's page.",
      intercept: answer(
        ({ url }) => !url.searchParams.has('sort'),
        (answered) => void ('sort' in meta(answered) && (meta(answered).sort = 'id')),
      ),
    },
    {
      id: 'more-about-owners',
      difference: 'Owners of a group have an additional member.',
      intercept: answer(anything, (answered) => {
        for (const one of groups(answered))
          for (const owner of objectsIn(one[about.owners])) owner.since = '2024-01-01';
      }),
    },
    {
      id: 'read-after-a-while',
      difference: 'A new group cannot be retrieved for the first 100 ms.',
      intercept: intercepting((clock) => {
        const born = new Map<unknown, number>();
        const young = (id: unknown) => (born.get(id) ?? 0) > clock.now() - 100;
        return async (asked, forward) => {
          const answered = await forward();
          if (asked.operation === CREATE)
            for (const one of groups(answered)) if (!born.has(one.id)) born.set(one.id, clock.now());
          return asked.operation === RETRIEVE && answered.status === 200 && young(asked.id) ? problem(404) : answered;
        };
      }),
    },
    {
      id: 'put-off',
      difference: 'One request in five is first answered with 429 or 503.',
      intercept: intercepting(() => {
        let count = 0;
        const before = new Set<string>();
        return async (asked, forward) => {
          const same = `${asked.method} ${asked.url.href} ${asked.text} ${asked.scopes}`;
          if (asked.operation === OTHER || before.has(same) || count++ % 5 !== 4) return forward();
          before.add(same);
          const later =
            count % 2 === 0
              ? problem(429, 'too_many_requests', 'Too many requests')
              : problem(503, 'service_unavailable', 'Service unavailable');
          later.headers.set('retry-after', '1');
          return later;
        };
      }),
    },
    ...stateVariants(about),
    ...closingVariants(about),
    ...deliveryVariants(about),
    ...signatureVariants,
    ...tokenVariants,
  ];
}

/** Shows groups of this run as approved if they still wait for approval. */
function approved({ waiting, open }: Subject, one: Json): void {
  const isOurs = String(one.created_at) >= '2026';
  if (isOurs && one.status === waiting) one.status = open;
}

function neverActive({ waiting, open }: Subject): Fault['intercept'] {
  return answer(anything, (answered) => {
    for (const one of groups(answered))
      if (one.status === open) Object.assign(one, { status: waiting, updated_at: one.created_at });
  });
}
