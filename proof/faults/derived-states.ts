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
  intercepting,
  is,
  isQueryValid,
  type Json,
  LIST,
  mayWrite,
  problem,
  RETRIEVE,
  refused,
  underKey,
} from './fault.ts';
import { closed, created, current, isOld } from './lifecycle.ts';
import { offsetOf } from './listing.ts';
import { type Subject, subjectOf } from './subject.ts';

/** Faults that concern only groups in one state, one caller or some pages, in all combinations. */

/** A status and a type of items. */
type Kind = readonly [status: string, kind: string];

/** The combinations that the target has from the start, as far as the contract has these statuses. */
function kindsOf({ usual, elder, waiting, open, closing, closed, locked }: Subject): Kind[] {
  const all: Kind[] = [
    [closed, usual],
    [open, elder],
    [open, usual],
    [locked, elder],
    [locked, usual],
    [closing, elder],
    [waiting, usual],
  ];
  const there = all.filter(([status]) => status !== '');
  return [...new Map(there.map((kind) => [kind.join(), kind])).values()];
}

/** Whether a request has a token with exactly the scopes of a caller. */
const shows =
  ({ credential }: Caller) =>
  (asked: Asked) =>
    credential.kind === 'token' && asked.alive && asked.scopes === credential.scopes.join(' ');

export function derivedStateFaults(contract: Contract): Fault[] {
  const about = subjectOf(contract);
  const { list, create, retrieve, close } = contract.resource;
  const allowed = (operation: Operation | undefined) => callers(contract, operation).filter((caller) => caller.allowed);
  const single = (operation: Operation | undefined) =>
    allowed(operation).filter(({ credential }) => credential.kind === 'token' && credential.scopes.length === 1);
  const kinds = about.usual === about.other ? [about.usual] : [about.usual, about.other];
  return [
    ...kindsOf(about).flatMap((kind) => kindFaults(about, kind, single(retrieve))),
    ...single(list).map((caller) => ({
      id: `page.later.${caller.id}`,
      statement: `A caller ${caller.title} is refused every page except the first.`,
      breaks: [],
      breaksOneOf: [`list.caller.${caller.id}`, 'list.allowed'],
      intercept: answer(
        (asked, { status }) => is(LIST)(asked) && status === 200 && offsetOf(asked) > 0 && shows(caller)(asked),
        refused(403),
      ),
    })),
    ...kinds.map((kind) => twice(`type.${kind}`, `A ${kind}`, ({ json }) => json[about.choice] === kind)),
    ...allowed(create).map((caller) =>
      twice(`caller.${caller.id}`, `A group of a caller ${caller.title}`, shows(caller)),
    ),
    ...kinds.flatMap((kind) => closingFaults(about, kind)),
    ...[create, close].flatMap((operation) =>
      callers(contract, operation)
        .filter((caller) => !caller.allowed && caller.credential.kind === 'token')
        .map((caller) => ({
          id: `acts.${operation?.name}.${caller.id}`,
          statement: `${operation?.name} refuses a caller ${caller.title}, but is executed.`,
          breaks: [operation === create ? 'create.refused-creates-nothing' : 'close.refused-closes-nothing'],
          intercept: admit((asked) => is(operation?.name ?? '')(asked) && shows(caller)(asked), { honestly: false }),
        })),
    ),
  ];
}

const callers = ({ doc }: Contract, operation: Operation | undefined) =>
  operation === undefined ? [] : callersOf(doc, operation);

function kindFaults(about: Subject, [status, type]: Kind, readers: readonly Caller[]): Fault[] {
  const isKind = (one: Json) => isOld(one) && one.status === status && one[about.kind] === type;
  const shown = (asked: Asked, answered: Parameters<typeof groups>[0]) =>
    is(RETRIEVE)(asked) && groups(answered).some(isKind);
  const kind = `${status}.${type}`;
  return [
    ...[403, 404, 500].map((code) => ({
      id: `unretrievable.${kind}.${code}`,
      statement: `A ${status} ${type} is listed, but retrieving it is answered with ${code}.`,
      breaks: ['list.retrievable'],
      mayBreak: ['retrieve.allowed', ...(code < 500 ? [] : ['retrieve.no-server-error'])],
      intercept: answer(shown, refused(code)),
    })),
    ...readers.map((caller) => ({
      id: `unretrievable.${kind}.${caller.id}`,
      statement: `A caller ${caller.title} cannot retrieve a ${status} ${type}.`,
      breaks: [],
      breaksOneOf: [`retrieve.caller.${caller.id}`, 'retrieve.allowed'],
      intercept: answer((asked, answered) => shows(caller)(asked) && shown(asked, answered), refused(403)),
    })),
    {
      id: `listed-otherwise.${kind}`,
      statement: `The list shows a ${status} ${type} without its ${about.owners}.`,
      breaks: ['list.equals-retrieved'],
      intercept: answer(is(LIST), (answered) => {
        for (const one of groups(answered).filter(isKind)) one[about.owners] = [];
      }),
    },
  ];
}

/** The creations that a condition selects silently create a second group. */
function twice(id: string, what: string, when: (asked: Asked) => boolean): Fault {
  return {
    id: `twice.${id}`,
    statement: `${what} is created twice.`,
    breaks: ['create.one-group'],
    intercept: intercepting(() => {
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

function closingFaults(about: Subject, type: string): Fault[] {
  return [
    {
      id: `close.idle.${type}`,
      statement: `The closing of a ${type} is acknowledged, but not executed.`,
      breaks: ['close.reaches-closing', ...(type === about.usual ? ['close.second-conflict'] : [])],
      intercept: intercepting(() => {
        const ids = new Set<unknown>();
        return async (asked, forward) => {
          const isPlain =
            /json/i.test(asked.headers.get('accept') ?? 'json') &&
            [null, '1'].includes(asked.headers.get('upvest-api-version'));
          if (
            is(CLOSE)(asked) &&
            ids.has(asked.id.toLowerCase()) &&
            mayWrite(asked) &&
            isPlain &&
            asked.headers.has('upvest-client-id') &&
            isQueryValid(asked) &&
            (await current(asked, forward))?.status === about.open
          )
            return empty(202);
          const answered = await forward();
          if (asked.json[about.choice] === type) for (const id of created(asked, answered)) ids.add(id);
          return answered;
        };
      }),
    },
    {
      id: `close.unlisted.${type}`,
      statement: `A closed ${type} can no longer be retrieved.`,
      breaks: ['close.stays-readable'],
      intercept: intercepting(() => {
        const gone = new Set<unknown>();
        return async (asked, forward) => {
          const answered = await forward();
          for (const id of closed(asked, answered)) gone.add(id);
          const isGone = is(RETRIEVE, 200)(asked, answered) && gone.has(asked.id);
          return isGone && groups(answered)[0]?.[about.kind] === type ? problem(404) : answered;
        };
      }),
    },
  ];
}
