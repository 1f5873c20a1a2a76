import { isObject, isTextList } from './document.ts';
import type { Contract } from './index.ts';
import type { Operation } from './operations.ts';
import type { Requirement } from './requirements.ts';

/** The differences between two versions of a contract, promise by promise, and what they mean for API consumers. */

/**
 * The effect according to the vendor's versioning policy, which calls new operations, optional parts of requests, new
 * members, headers and enum values compatible. `unnamed`: consumers have to be ready for more, and the policy does not
 * mention it.
 */
export type Effect = 'compatible' | 'breaking' | 'unnamed';

export interface Change {
  readonly id: string;
  /** The promise in the older and the newer version; `undefined` if it was added or removed. */
  readonly before: Requirement | undefined;
  readonly after: Requirement | undefined;
  /** Values that were added to and removed from a list of values. */
  readonly came: readonly string[];
  readonly went: readonly string[];
  readonly effect: Effect;
  /** The reason for the effect, in words. */
  readonly because: string;
}

/** Every promise that was added, removed or changed, in the order of the newer contract. */
export function changesBetween(older: Contract, newer: Contract): Change[] {
  const moved = renamed(older, newer);
  const ids = new Set([...newer.requirements.keys(), ...older.requirements.keys()]);
  return [...ids].flatMap((id) => {
    const [before, after] = [older.requirements.get(moved.get(id) ?? id), newer.requirements.get(id)];
    // Reported under its new id.
    if (after === undefined && [...moved.values()].includes(id)) return [];
    if (before !== undefined && after !== undefined && isSame(before, after)) return [];
    const [had, has] = [wordsAt(older, before), wordsAt(newer, after)];
    const came = has.filter((word) => !had.includes(word));
    const went = had.filter((word) => !has.includes(word));
    return [{ id, before, after, came, went, ...judge({ older, newer, before, after, came, went }) }];
  });
}

/** Old ids by new ids, for promises of an operation whose keyword stayed at its place. */
function renamed(older: Contract, newer: Contract): ReadonlyMap<string, string> {
  const placeOf = ({ operation, pointer }: Requirement) => `${operation} ${pointer}`;
  const gone = new Map(
    [...older.requirements.values()]
      .filter(({ id, area }) => area === 'requests' && !newer.requirements.has(id))
      .map((requirement) => [placeOf(requirement), requirement.id]),
  );
  return new Map(
    [...newer.requirements.values()].flatMap((requirement) => {
      const id = older.requirements.has(requirement.id) ? undefined : gone.get(placeOf(requirement));
      return id === undefined ? [] : [[requirement.id, id] as const];
    }),
  );
}

const isSame = (one: Requirement, other: Requirement) =>
  one.statement === other.statement && one.level === other.level && String(one.accepts) === String(other.accepts);

/** True for the promise that an item has one of several forms. */
const isUnionOfItems = ({ resource }: Contract, { pointer }: Requirement) =>
  resource.forms.length > 1 && pointer === `${resource.schema?.pointer}/oneOf`;

/** The values that a promise lists. */
function wordsAt({ doc }: Contract, requirement: Requirement | undefined): readonly string[] {
  const value = requirement?.pointer.endsWith('/enum') ? doc.find(requirement.pointer)?.value : undefined;
  return isTextList(value) ? value : [];
}

type Compared = Omit<Change, 'id' | 'effect' | 'because'> & { readonly older: Contract; readonly newer: Contract };
type Consequence = Pick<Change, 'effect' | 'because'>;

const compatible = (because: string): Consequence => ({ effect: 'compatible', because });
const breaking = (because: string): Consequence => ({ effect: 'breaking', because });

function judge(change: Compared): Consequence {
  const { older, newer, before, after } = change;
  const requirement = after ?? before;
  const operation = requirement?.operation;
  const find = ({ operations }: Contract) => operations.find(({ name }) => name === operation);
  const [was, is] = [find(older), find(newer)];
  if (operation !== undefined && was === undefined) return compatible('a new operation');
  if (operation !== undefined && is === undefined) return breaking('the operation is gone');
  const isRefusal = requirement?.area === 'requests' && /\.(body|query|header|path)\./.test(requirement.id);
  return isRefusal ? ofRequests(change, was, is) : ofAnswers(change, was, is);
}

function ofRequests({ older, before, after, came, went }: Compared, was?: Operation, is?: Operation): Consequence {
  const id = after?.id ?? before?.id ?? '';
  const form = componentOf(after?.pointer ?? '');
  if (form !== undefined && older.doc.find(form) === undefined) return compatible('a further form of the request');
  if (id.endsWith('.served'))
    return after === undefined ? breaking('is no longer served') : compatible('more requests are served');
  if (came.length > 0 || went.length > 0)
    return went.length > 0
      ? breaking(`${went.join(', ')} may no longer be sent`)
      : compatible(`${came.join(', ')} may be sent`);
  if (after === undefined) return compatible('requests that were refused may be served');
  if (before !== undefined) {
    if (before.statement === after.statement) return compatible(`${before.level} is ${after.level}`);
    return breaking('other requests are refused than before');
  }
  if (id.endsWith('.required')) return breaking('has to be sent now');
  const parameter = is?.parameters.find(({ pointer }) => after.pointer.startsWith(`${pointer}/`));
  const isNew = parameter !== undefined && !was?.parameters.some(({ name }) => name === parameter.name);
  const isNewMember = /\/properties\//.test(after.pointer) && older.doc.find(ownerOf(after.pointer)) === undefined;
  return isNew || isNewMember
    ? compatible('an optional part of the request')
    : breaking('requests that were served are refused');
}

/** The pointer of the schema that contains a keyword. */
const ownerOf = (pointer: string) => pointer.slice(0, pointer.lastIndexOf('/'));

/** The pointer of the named schema that a keyword belongs to. */
const componentOf = (pointer: string) => /^#\/components\/schemas\/[^/]+/.exec(pointer)?.[0];

/** Members that every item had and some form no longer requires. */
function lost({ resource }: Contract): string[] {
  const [usual = [], ...others] = resource.forms.map((form) => {
    const required = isObject(form.value) ? form.value.required : undefined;
    return isTextList(required) ? required : [];
  });
  return usual.filter((member) => others.some((form) => !form.includes(member)));
}

function ofAnswers({ newer, before, after, came, went }: Compared, was?: Operation, is?: Operation): Consequence {
  if (before === undefined && after !== undefined && isUnionOfItems(newer, after) && lost(newer).length > 0)
    return breaking(`items without ${lost(newer).join(', ')} may occur`);
  if (came.length > 0) return compatible(`${came.join(', ')} may occur; consumers have to tolerate new values`);
  if (went.length > 0) return compatible(`${went.join(', ')} no longer occurs`);
  if (before === undefined) {
    const status = /^[\w-]+\.(\d{3})\./.exec(after?.id ?? '')?.[1];
    const isNewStatus = status !== undefined && is?.responses.has(status) && !was?.responses.has(status);
    return isNewStatus ? { effect: 'unnamed', because: `${status} may occur` } : compatible('an additional promise');
  }
  if (after === undefined)
    return before.additive
      ? compatible('undocumented members may occur')
      : breaking('consumers can no longer rely on it');
  return before.statement === after.statement
    ? compatible(`${before.level} is ${after.level}`)
    : breaking('consumers relied on the old promise');
}
