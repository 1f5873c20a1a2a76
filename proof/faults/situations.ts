import type { Contract, Operation } from '../../harness/contract/index.ts';
import { callersOf } from '../../harness/contract/security.ts';
import { type Answered, type Asked, CLOSE, CREATE, is, type Json, LIST, RETRIEVE } from './fault.ts';
import { falling, offsetOf } from './listing.ts';
import { subjectOf } from './subject.ts';

/** A part of an answer, and its context. */
export interface Place {
  readonly asked: Asked;
  readonly answered: Answered;
  /** The item that it belongs to, if any. */
  readonly group?: Json | undefined;
  /** Whether a closing was acknowledged before this answer. */
  readonly afterClosing: boolean;
}

/** The situation in which a fault occurs. */
export interface Situation {
  readonly id: string;
  /** Completes "the fault occurs ...". */
  readonly title: string;
  /** Names of the operations in whose answers it can occur; absent: all. */
  readonly operations?: readonly string[];
  /** It applies to every answer. */
  readonly always?: true;
  /** Creates the condition; called once for each run, so that it can have state. */
  readonly when: () => (place: Place) => boolean;
}

/** A rare fault occurs in one of this many answers; fewer for operations that a client seldom calls. */
const RARE: Readonly<Record<string, number>> = { [LIST]: 7, [RETRIEVE]: 7, [CREATE]: 2 };
const RARE_ANYWHERE = 7;

const plain = (
  id: string,
  title: string,
  when: (place: Place) => boolean,
  operations?: readonly string[],
): Situation => ({ id, title, when: () => when, ...(operations && { operations }) });

export const always: Situation = { id: 'always', title: 'always', always: true, when: () => () => true };

/** Situations by the group that an answer shows: its status or its type. */
export function groupSituations(contract: Contract): Situation[] {
  const { life, creation } = contract.resource;
  const { kind, usual, other } = subjectOf(contract);
  const showing = [LIST, RETRIEVE, CREATE];
  return [
    ...life.statuses.map((word) =>
      plain(
        `status-${word.toLowerCase()}`,
        `about groups in ${word}`,
        ({ group }) => group?.status === word,
        // The reference creates groups in the first of the initial statuses.
        word === life.initial[0] ? showing : [LIST, RETRIEVE],
      ),
    ),
    ...(creation.choice?.words ?? []).map((word) =>
      plain(
        `type-${word.toLowerCase()}`,
        `about groups of type ${word}`,
        ({ group }) => group?.[kind] === word,
        // A run creates groups of two types.
        [usual, other].includes(word) ? showing : [LIST, RETRIEVE],
      ),
    ),
  ];
}

/** Situations by caller, frequency, earlier requests and page. */
export function commonSituations(contract: Contract): Situation[] {
  const permitted = new Map<string, { readonly scopes: string; readonly operations: string[] }>();
  for (const operation of contract.operations)
    for (const { id, allowed, credential } of callersOf(contract.doc, operation)) {
      if (!allowed || credential.kind !== 'token') continue;
      const known = permitted.get(id) ?? { scopes: credential.scopes.join(' '), operations: [] };
      known.operations.push(operation.name);
      permitted.set(id, known);
    }
  return [
    ...[...permitted].map(([id, { scopes, operations }]) =>
      plain(
        `caller-${id}`,
        `to callers with ${scopes}`,
        ({ asked }) => asked.alive && asked.scopes === scopes,
        operations,
      ),
    ),
    rare(RARE_ANYWHERE),
    plain('after-closing', 'once a group was closed', ({ afterClosing }) => afterClosing, [LIST, RETRIEVE, CLOSE]),
    plain('later-page', 'on later pages', ({ asked }) => is(LIST)(asked) && offsetOf(asked) > 0, [LIST]),
    plain('falling', 'on pages in descending order', ({ asked }) => is(LIST)(asked) && falling(asked), [LIST]),
    plain('bare', 'on pages requested without parameters', ({ asked }) => asked.url.search === '', [LIST]),
  ];
}

function rare(often: number): Situation {
  return {
    id: 'rare',
    title: `in one answer of ${often}`,
    when: () => {
      let last: Answered | undefined;
      let count = 0;
      return ({ answered }) => {
        if (answered !== last) count++;
        last = answered;
        return count % often === 0;
      };
    },
  };
}

/** A situation restricted to the answers of one operation; `undefined` if it cannot occur there. */
export function within(any: Situation, operation: Operation): Situation | undefined {
  if (any.operations !== undefined && !any.operations.includes(operation.name)) return undefined;
  const often = RARE[operation.name];
  // Operations that are called only a few times have no rare answers.
  if (any.id === 'rare' && often === undefined) return undefined;
  const situation = any.id === 'rare' && often !== undefined ? rare(often) : any;
  return {
    id: situation.always ? operation.name : `${operation.name}.${situation.id}`,
    title: `${situation.always ? '' : `${situation.title}, `}by ${operation.id} only`,
    operations: [operation.name],
    when: () => {
      const when = situation.when();
      return (place) => is(operation.name)(place.asked) && when(place);
    },
  };
}
