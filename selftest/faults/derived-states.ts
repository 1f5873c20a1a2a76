import type { Contract, Operation } from '../../harness/contract/index.ts';
import { type Caller, callersOf } from '../../harness/contract/security.ts';
import { admit } from './admission.ts';
import {
  type Asked,
  answer,
  CLOSE,
  empty,
  type Fault,
  groups,
  is,
  type Json,
  LIST,
  lying,
  problem,
  RETRIEVE,
  refused,
  underKey,
} from './lie.ts';
import { closed, created, isOld } from './lifecycle.ts';
import { offsetOf } from './listing.ts';

/** Lies about groups of one kind, by one caller, or on some pages: whatever can be crossed is crossed. */

/** The kinds of groups that the reference starts with. */
const KINDS = [
  ['CLOSED', 'PERSONAL'],
  ['ACTIVE', 'LEGAL_ENTITY'],
  ['ACTIVE', 'PERSONAL'],
  ['LOCKED', 'LEGAL_ENTITY'],
  ['LOCKED', 'PERSONAL'],
  ['CLOSING', 'LEGAL_ENTITY'],
  ['PENDING_APPROVAL', 'PERSONAL'],
] as const;
const TYPES = ['PERSONAL', 'LEGAL_ENTITY'];

/** The token has these scopes, and no others. */
const shows =
  ({ credential }: Caller) =>
  (asked: Asked) =>
    credential.kind === 'token' && asked.alive && asked.scopes === credential.scopes.join(' ');

export function derivedStateFaults(contract: Contract): Fault[] {
  const operation = (name: string) => contract.operations.find((one) => one.name === name);
  const allowed = (name: string) => callers(contract, operation(name)).filter((caller) => caller.allowed);
  const single = (name: string) =>
    allowed(name).filter(({ credential }) => credential.kind === 'token' && credential.scopes.length === 1);
  return [
    ...KINDS.flatMap((kind) => kindFaults(kind, single('retrieve'))),
    ...single('list').map((caller) => ({
      id: `page.later.${caller.id}`,
      lie: `A caller ${caller.title} is served the first page only.`,
      breaks: [],
      breaksOneOf: [`list.caller.${caller.id}`, 'list.allowed'],
      tell: answer(
        (asked, { status }) => is(LIST)(asked) && status === 200 && offsetOf(asked) > 0 && shows(caller)(asked),
        refused(403),
      ),
    })),
    ...TYPES.map((type) => twice(`type.${type}`, `A ${type}`, ({ json }) => json.type === type)),
    ...allowed('create').map((caller) =>
      twice(`caller.${caller.id}`, `A group of a caller ${caller.title}`, shows(caller)),
    ),
    ...TYPES.flatMap(closingFaults),
    ...(['create', 'close'] as const).flatMap((name) =>
      callers(contract, operation(name))
        .filter((caller) => !caller.allowed && caller.credential.kind === 'token')
        .map((caller) => ({
          id: `acts.${name}.${caller.id}`,
          lie: `A caller ${caller.title} is refused to ${name}, and obeyed.`,
          breaks: [name === 'create' ? 'create.refused-creates-nothing' : 'close.refused-closes-nothing'],
          tell: admit((asked) => is(name)(asked) && shows(caller)(asked), { honestly: false }),
        })),
    ),
  ];
}

const callers = ({ doc }: Contract, operation: Operation | undefined) =>
  operation === undefined ? [] : callersOf(doc, operation);

function kindFaults([status, type]: (typeof KINDS)[number], readers: readonly Caller[]): Fault[] {
  const isKind = (one: Json) => isOld(one) && one.status === status && one.type === type;
  const shown = (asked: Asked, answered: Parameters<typeof groups>[0]) =>
    is(RETRIEVE)(asked) && groups(answered).some(isKind);
  const kind = `${status}.${type}`;
  return [
    ...[403, 404, 500].map((code) => ({
      id: `unretrievable.${kind}.${code}`,
      lie: `A ${status} ${type} is listed, and answered with ${code}.`,
      breaks: ['list.retrievable'],
      mayBreak: ['retrieve.allowed', ...(code < 500 ? [] : ['retrieve.no-server-error'])],
      tell: answer(shown, refused(code)),
    })),
    ...readers.map((caller) => ({
      id: `unretrievable.${kind}.${caller.id}`,
      lie: `A caller ${caller.title} cannot retrieve a ${status} ${type}.`,
      breaks: [],
      breaksOneOf: [`retrieve.caller.${caller.id}`, 'retrieve.allowed'],
      tell: answer((asked, answered) => shows(caller)(asked) && shown(asked, answered), refused(403)),
    })),
    {
      id: `listed-otherwise.${kind}`,
      lie: `The list shows a ${status} ${type} without its users.`,
      breaks: ['list.equals-retrieved'],
      tell: answer(is(LIST), (answered) => {
        for (const one of groups(answered).filter(isKind)) one.users = [];
      }),
    },
  ];
}

/** Creations that a condition picks create a second group, without a word. */
function twice(id: string, what: string, when: (asked: Asked) => boolean): Fault {
  return {
    id: `twice.${id}`,
    lie: `${what} is created twice.`,
    breaks: ['create.one-group'],
    tell: lying(() => {
      const known = new Set<unknown>();
      return async (asked, forward) => {
        const answered = await forward();
        const [id] = created(asked, answered);
        if (id === undefined || known.has(id)) return answered;
        known.add(id);
        if (when(asked)) await forward(underKey(asked));
        return answered;
      };
    }),
  };
}

function closingFaults(type: string): Fault[] {
  return [
    {
      id: `close.idle.${type}`,
      lie: `The closing of a ${type} is acknowledged and never carried out.`,
      breaks: ['close.reaches-closing', ...(type === 'PERSONAL' ? ['close.second-conflict'] : [])],
      tell: lying(() => {
        const ids = new Set<unknown>();
        return async (asked, forward) => {
          const isFlawless = asked.scopes?.includes('accounts:admin') === true && asked.alive;
          const isPlain =
            /json/i.test(asked.headers.get('accept') ?? 'json') &&
            [null, '1'].includes(asked.headers.get('upvest-api-version'));
          if (
            is(CLOSE)(asked) &&
            ids.has(asked.id.toLowerCase()) &&
            isFlawless &&
            isPlain &&
            asked.headers.has('upvest-client-id')
          ) {
            const [one] = groups(await forward({ ...asked, method: 'GET' }));
            if (one?.status === 'ACTIVE') return empty(202);
          }
          const answered = await forward();
          if (asked.json.type === type) for (const id of created(asked, answered)) ids.add(id);
          return answered;
        };
      }),
    },
    {
      id: `close.unlisted.${type}`,
      lie: `A closed ${type} is not found any more.`,
      breaks: ['close.stays-readable'],
      tell: lying(() => {
        const gone = new Set<unknown>();
        return async (asked, forward) => {
          const answered = await forward();
          for (const id of closed(asked, answered)) gone.add(id);
          const isGone = is(RETRIEVE, 200)(asked, answered) && gone.has(asked.id);
          return isGone && groups(answered)[0]?.type === type ? problem(404) : answered;
        };
      }),
    },
  ];
}
