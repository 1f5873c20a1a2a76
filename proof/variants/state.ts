import type { Contract } from '../../harness/contract/index.ts';
import {
  type Asked,
  CREATE,
  type Fault,
  groups,
  intercepting,
  is,
  isJson,
  type Json,
  mayWrite,
  OWNER,
  problem,
  RETRIEVE,
} from '../faults/fault.ts';
import { falling, ORDERS, query, relist, relisted } from '../faults/listing.ts';
import { type Subject, subjectOf } from '../faults/subject.ts';
import { busy, crowd } from '../neighbour.ts';
import type { Variant } from './index.ts';
import { stamps } from './spelling.ts';

/** The time by which a list is sorted. */
const instantOf = (one: Json, asked: Asked) => Date.parse(String(one[query(asked, 'sort') ?? 'created_at']));

/** Whether a body is valid. */
function isValid({ resource, schemas }: Contract, body: Json): boolean {
  const schema = resource.create?.requestBody?.schema;
  return schema !== undefined && schemas.accepts(schema, body);
}

/** Whether only the target's own rules could be a reason to refuse a creation. */
const isFlawless = (asked: Asked, owners: ReadonlySet<unknown>) => {
  const { contract, json, headers } = asked;
  return (
    mayWrite(asked) &&
    owners.has(json[subjectOf(contract).owner]) &&
    isValid(contract, json) &&
    headers.get('accept') === 'application/json' &&
    headers.get('content-type') === 'application/json' &&
    !headers.has('upvest-api-version') &&
    /^[0-9a-f-]{36}$/.test(headers.get('upvest-client-id') ?? '') &&
    /^[0-9a-f-]{36}$/.test(headers.get('idempotency-key') ?? '')
  );
};

/** A rule of the target's own: whether it refuses a creation, given the bodies of those that it has served. */
type Rule = (asked: Asked, served: ReadonlySet<string>) => boolean;

/** Refuses creations by a rule. A repeated idempotency key gets the same decision. */
function ruled(status: number, refuses: Rule): Fault['intercept'] {
  return intercepting(() => {
    const owners = new Set<unknown>();
    const served = new Set<string>();
    const decisions = new Map<string, boolean>();
    return async (asked, forward) => {
      const key = `${asked.headers.get('idempotency-key')} ${asked.text}`;
      if (is(CREATE)(asked) && isFlawless(asked, owners) && (decisions.get(key) ?? refuses(asked, served))) {
        decisions.set(key, true);
        return problem(status);
      }
      const answered = await forward();
      if (is(CREATE, 200)(asked, answered)) {
        served.add(asked.text);
        decisions.set(key, false);
      }
      if (is(OWNER)(asked) && isJson(answered.body)) owners.add(answered.body.id);
      return answered;
    };
  });
}

const isOther = ({ contract, json }: Asked) => {
  const { choice, usual } = subjectOf(contract);
  return json[choice] !== usual;
};

/** Refuses the second group of a type for one owner. */
const isSecond: Rule = ({ text }, served) => served.has(text);

/** Hides a new group from the list and from retrieval for some time after its creation. */
function late(milliseconds: number): Fault['intercept'] {
  return intercepting((clock) => {
    const born = new Map<unknown, number>();
    const isYoung = (id: unknown) => (born.get(id) ?? 0) > clock.now() - milliseconds;
    return async (asked, forward) => {
      const answered = await relist(asked, forward, (all) => all.filter(({ id }) => !isYoung(id)));
      if (is(CREATE)(asked)) for (const one of groups(answered)) if (!born.has(one.id)) born.set(one.id, clock.now());
      return is(RETRIEVE, 200)(asked, answered) && isYoung(asked.id) ? problem(404) : answered;
    };
  });
}

/** Changes the order of groups with equal creation times in each answer. */
function unstableTies(instant: (one: Json, asked: Asked) => number): Fault['intercept'] {
  return intercepting(() => {
    let times = 0;
    const turn = (one: Json) => String(one.id).charCodeAt(times % ORDERS);
    return (asked, forward) => {
      times++;
      return relist(asked, forward, (all) =>
        all.toSorted(
          (a, b) => (falling(asked) ? -1 : 1) * (instant(a, asked) - instant(b, asked)) || turn(a) - turn(b),
        ),
      );
    };
  });
}

/** Conforming differences in the states of groups, in their list, and in what other clients do. */
export const stateVariants = (about: Subject): Variant[] => [
  {
    id: 'thousands',
    aspect: 'others',
    difference: 'There are more groups than a page can hold.',
    intercept: crowd(1100),
  },
  {
    id: 'others-write',
    aspect: 'others',
    difference: 'Another client occasionally creates a group.',
    intercept: busy(40, (neighbour, forward) => neighbour.create(forward)),
  },
  {
    id: 'others-always-write',
    aspect: 'others',
    difference: 'Another client creates a group with every request.',
    intercept: busy(1, (neighbour, forward) => neighbour.create(forward)),
  },
  {
    id: 'others-always-write-alone',
    aspect: 'others',
    difference: 'Another client creates a group with every request, and there were no groups before.',
    reference: { seeds: false },
    intercept: busy(1, (neighbour, forward) => neighbour.create(forward)),
  },
  {
    id: 'others-close',
    aspect: 'others',
    difference: 'Another client constantly creates and closes groups.',
    intercept: busy(2, async (neighbour, forward) => {
      await neighbour.create(forward);
      await neighbour.close(forward);
    }),
  },
  {
    id: 'others-close-seldom',
    aspect: 'others',
    difference: 'Another client occasionally creates or closes a group.',
    intercept: (honest, clock) => {
      let isOpen = false;
      return busy(60, async (neighbour, forward) => {
        isOpen = !isOpen;
        await (isOpen ? neighbour.create(forward) : neighbour.close(forward));
      })(honest, clock);
    },
  },
  {
    id: 'one-group-each',
    aspect: 'own rules',
    difference: 'A second group of a type for the same owner is answered with 400.',
    intercept: ruled(400, isSecond),
  },
  {
    id: 'one-group-each-409',
    aspect: 'own rules',
    difference: 'A second group of a type for the same owner is answered with 409.',
    intercept: ruled(409, isSecond),
  },
  ...[400, 403, 404, 409, 422].flatMap((status): Variant[] => [
    {
      id: `no-legal-entities-${status}`,
      aspect: 'own rules',
      difference: `Groups of types other than ${about.usual} are refused with ${status}.`,
      intercept: ruled(status, isOther),
      blocks: [`create.${about.kind}.as-asked`],
    },
    {
      id: `no-legal-entities-${status}-declared`,
      aspect: 'own rules',
      difference: `Groups of types other than ${about.usual} are refused with ${status}, as the profile declares.`,
      intercept: ruled(status, isOther),
      profile: { types: [about.usual] },
    },
  ]),
  {
    id: 'no-legal-entities-one-each',
    aspect: 'own rules',
    difference: `An owner may have only one group, of the type ${about.usual}.`,
    intercept: ruled(400, (asked, served) => isOther(asked) || isSecond(asked, served)),
    blocks: [`create.${about.kind}.as-asked`],
  },
  {
    id: 'approval-by-hand',
    aspect: 'approval',
    difference: 'Groups are approved manually, and cannot be closed before.',
    reference: { activationMs: 1e12 },
    blocks: [
      'close.allowed',
      'close.caller.',
      'close.accept.served',
      'close.path.',
      'close.header.',
      'close.query.',
      'close.second',
      'close.reaches-closing',
      'close.updated-at-moves',
      'close.identity-kept',
      'close.stays-',
      'close.bystanders-untouched',
      'close.202.',
      'event.object-not-behind',
      about.of('status-forward'),
      about.of('updated-at-'),
      'create.same-key-',
    ],
  },
  {
    id: 'approval-by-hand-declared',
    aspect: 'approval',
    difference: 'Groups are approved manually, and cannot be closed before, as the profile declares.',
    reference: { activationMs: 1e12 },
    profile: { approval: 'manual' },
  },
  {
    id: 'list-by-id',
    aspect: 'sequence',
    difference: 'Without both sort and order, the list is sorted by id.',
    intercept: relisted((all, { url }) =>
      url.searchParams.has('sort') && url.searchParams.has('order')
        ? all
        : all.toSorted((a, b) => String(a.id).localeCompare(String(b.id))),
    ),
  },
  {
    id: 'late',
    aspect: 'sequence',
    difference: 'A new group can neither be retrieved nor listed for half a second.',
    intercept: late(500),
  },
  {
    id: 'falling-ties',
    aspect: 'sequence',
    difference: 'Groups with equal creation times are in ascending order in descending lists.',
    intercept: relisted((all, asked) =>
      falling(asked) ? all.toSorted((a, b) => instantOf(b, asked) - instantOf(a, asked)) : all,
    ),
  },
  {
    id: 'unstable-ties',
    aspect: 'sequence',
    difference: 'Groups with equal creation times are in a different order in each answer.',
    intercept: unstableTies(instantOf),
  },
  {
    id: 'unstable-seconds',
    aspect: 'fraction',
    difference:
      'Creation times have whole seconds, and groups with equal ones are in a different order in each answer.',
    intercept: (honest, clock) =>
      unstableTies((one, asked) => Math.floor(instantOf(one, asked) / 1000))(
        stamps((stamp) => stamp.replace(/\.\d+/, ''))(honest, clock),
        clock,
      ),
  },
];
