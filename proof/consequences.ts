import type { Node } from '../harness/contract/document.ts';
import { promiseOf } from '../harness/contract/ids.ts';
import type { Contract, Requirement } from '../harness/contract/index.ts';
import { type Keyword, keywordsOf } from '../harness/contract/keywords/places.ts';
import { isOtherList, successOf } from '../harness/contract/roles.ts';
import { type Part, partsOf } from './faults/parts.ts';

/**
 * Which promises can no longer be judged if others are violated. A promise about a value that is missing cannot be judged;
 * any other promise that is no longer judged is a defect of the suite.
 */

/** The semantic promises about a member of an item; they are judged only if its value is valid. */
function judgedOf(contract: Contract, member: string): readonly string[] {
  const { resource } = contract;
  const known = resource.member(member);
  const more: Readonly<Record<string, readonly string[]>> = {
    created_at: ['create.created-now', 'close.updated-at-moves', 'resource.created-before-updated'],
    updated_at: [
      'close.updated-at-moves',
      'resource.created-before-updated',
      'resource.updated-at-forward',
      'resource.updated-at-with-status',
    ],
    [resource.status?.name ?? '']: [
      'create.initial-status',
      'close.reaches-closing',
      'close.updated-at-moves',
      'resource.status-forward',
      'resource.updated-at-with-status',
    ],
  };
  return [
    ...(more[member] ?? []).map((id) => (id.startsWith('resource.') ? promiseOf(resource, id) : id)),
    ...(known?.askedAs === undefined ? [] : [`create.${member}.as-asked`]),
    ...(known?.unique ? [promiseOf(resource, `resource.${member}.unique`)] : []),
  ];
}

/** Promises that are judged by looking for a group in the list. */
export const ASKS_THE_LIST: readonly string[] = [
  'create.listed',
  'create.one-group',
  'create.refused-creates-nothing',
  'create.same-key-creates-nothing',
  'close.bystanders-untouched',
  'close.stays-listed',
];

/** If one of these is violated, there is no group to work with. */
const LOSES_THE_GROUP = ['create.retrievable', 'create.new-group'];

/** By area of a violated promise, the areas in which there may be nothing left to compare. */
const CHAINED: Readonly<Record<string, readonly string[]>> = {
  listing: ['listing'],
  lifecycle: ['lifecycle', 'idempotency', 'webhooks', 'timestamps'],
  idempotency: ['lifecycle', 'idempotency'],
  webhooks: ['webhooks'],
};

/** The requirements that may remain unjudged if these are violated. */
export function silencedBy(contract: Contract, broken: readonly string[]): ReadonlySet<string> {
  const silenced = new Set<string>();
  for (const id of broken)
    for (const other of contract.requirements.values()) if (depends(contract, other, id)) silenced.add(other.id);
  return silenced;
}

function depends(contract: Contract, other: Requirement, id: string): boolean {
  const broken = contract.requirements.get(id);
  if (broken === undefined || other.id === id) return false;
  const keyword = keywordAt(contract, id);
  if (keyword !== undefined) return dependsOnValue(contract, other, keyword);
  if (LOSES_THE_GROUP.includes(id)) return true;
  if (broken.operation !== undefined && isLost(contract, broken))
    return dependsOnOperation(contract, other, broken.operation);
  // A group that is already closed, or cannot be closed, shows nothing about closing.
  if (broken.area === 'lifecycle' && broken.operation === 'close' && other.operation === 'close') return true;
  return (
    (CHAINED[broken.area]?.includes(other.area) ?? false) || (broken.accepts !== undefined && isAnswer(other, broken))
  );
}

/** Promises about the same value, about values inside it, and about what is derived from it. */
function dependsOnValue(contract: Contract, other: Requirement, { component, path, name }: Keyword): boolean {
  const [member = ''] = path.split(/[.[]/);
  const theirs = keywordAt(contract, other.id);
  const role = rolesOf(contract).get(component);
  if (role === 'item' && (member === 'id' || (path === '' && name === 'type'))) return true;
  if (role === 'any item') return true;
  if (role === 'other page')
    return contract.operations.some(
      (list) =>
        isOtherList(list) &&
        nameOf(successOf(list)) === component &&
        (other.operation === list.name || theirs?.component === component),
    );
  if (theirs?.component === component && (theirs.path === path || path === '' || theirs.path.startsWith(path)))
    return true;
  // A token without a lifetime cannot be expected to expire.
  if (role === 'token')
    return member === 'scope' ? other.id === 'token.scope-as-asked' : other.id.endsWith('.caller.expired-token');
  const isOutline = path === '' || ['meta', 'data', 'total_count'].includes(member);
  if (role === 'page' || role === 'meta') {
    // The suite reads the list before it creates, retrieves or closes anything.
    if (isOutline) return true;
    const isOfPage = (promise: string) => contract.resource.lists.some((list) => other.id === promiseOf(list, promise));
    return isOfPage(`list.echo-${member}`) || (member === 'count' && isOfPage('list.count-equals-length'));
  }
  if (role === 'problem') return other.area === 'problems' && (path === '' || other.id.startsWith(`problem.${member}`));
  const innerOf = (name: string) => contract.resource.member(name)?.schema.pointer;
  if (role === 'inner')
    return contract.resource.members.some(
      ({ name }) => holds(contract, innerOf(name), component) && judgedOf(contract, name).includes(other.id),
    );
  if (role === 'item')
    return (
      judgedOf(contract, member).includes(other.id) ||
      (theirs !== undefined &&
        rolesOf(contract).get(theirs.component) === 'inner' &&
        holds(contract, innerOf(member), theirs.component))
    );
  return other.area === 'webhooks';
}

/** Whether the operation is unusable without this promise: that it is permitted, and that its answer has the media type. */
function isLost(contract: Contract, { id, accepts, operation }: Requirement): boolean {
  const good = [...(contract.operations.find(({ name }) => name === operation)?.responses.keys() ?? [])].filter(
    (status) => status.startsWith('2'),
  );
  const isPermission = accepts !== undefined && accepts.length > 0 && accepts.every((status) => good.includes(status));
  return isPermission || good.some((status) => id === `${operation}.${status}.media-type`);
}

/** The suite needs the list, a group to retrieve and one that it created for nearly everything; closing is needed for less. */
function dependsOnOperation(contract: Contract, other: Requirement, operation: string): boolean {
  const known = contract.operations.find(({ name }) => name === operation);
  if (known !== undefined && isOtherList(known)) {
    const component = keywordAt(contract, other.id)?.component ?? '';
    const isItsPage = rolesOf(contract).get(component) === 'other page' && nameOf(successOf(known)) === component;
    return other.operation === operation || isItsPage;
  }
  if (operation === 'close')
    return other.operation === 'close' || ['lifecycle', 'webhooks', 'idempotency', 'timestamps'].includes(other.area);
  return true;
}

/** Whether a promise is about answers with a status that a refusal should have had. */
function isAnswer(other: Requirement, { id, operation, accepts = [] }: Requirement): boolean {
  if (other.id === 'unauthorized.www-authenticate') return accepts.includes('401');
  if (operation === undefined) return other.id.startsWith(`${id.split('.')[0]}.`);
  return (
    (other.operation === operation || other.operation === undefined) &&
    (accepts.some((status) => other.id.startsWith(`${operation}.${status}.`)) ||
      (other.operation === undefined &&
        ['undocumented-refusal', 'undeclared-method'].includes(other.id.split('.')[0] ?? '')))
  );
}

/** Promises that are judged by comparing the same group in two answers. */
const COMPARED: readonly string[] = [
  'list.equals-retrieved',
  'list.descending-mirrors-ascending',
  'list.pages-partition',
  'list.offset-honoured',
  'list.query.limit.default',
  'list.query.order.default',
  'list.query.sort.default',
  'create.equals-retrieved',
  'create.same-key-same-group',
  'create.same-key-changes-nothing',
  'retrieve.repeatable',
  'close.identity-kept',
  'close.bystanders-untouched',
  'close.bystanders-untouched-later',
  'close.refused-closes-nothing',
  'refusal.changes-nothing',
  'event.object-as-retrieved',
];

/** The promises that compare two answers, including those that the contract declares for its resource. */
export const comparedIn = ({ resource }: Contract): readonly string[] => [
  ...COMPARED,
  promiseOf(resource, 'resource.immutable'),
];

/** Every requirement that is judged on groups. */
export function groupDependent(contract: Contract): string[] {
  const areas = ['lifecycle', 'listing', 'timestamps', 'idempotency', 'webhooks'];
  return [...contract.requirements.values()].filter(({ area }) => areas.includes(area)).map(({ id }) => id);
}

/** Every requirement that is violated or cannot be judged if an operation does not work. */
export function dependentOn(contract: Contract, operation: string): string[] {
  return [...contract.requirements.values()]
    .filter((other) => dependsOnOperation(contract, other, operation))
    .map(({ id }) => id);
}

/** Every requirement that is judged on pages of a list. */
export function listDependent(contract: Contract): string[] {
  return [...contract.requirements.values()]
    .filter((one) => one.area === 'listing' || ASKS_THE_LIST.includes(one.id) || one.area === 'lifecycle')
    .map(({ id }) => id);
}

const keywords = new WeakMap<Contract, ReadonlyMap<string, Keyword>>();

/** The schema keyword behind a requirement, if there is one. */
function keywordAt(contract: Contract, id: string): Keyword | undefined {
  const known = keywords.get(contract);
  if (known !== undefined) return known.get(id);
  const made = new Map(
    componentsOf(contract)
      .flatMap(({ component, schema }) => keywordsOf(contract.doc, schema, component))
      .map((keyword) => [contract.byPointer.get(keyword.pointer) ?? keyword.pointer, keyword]),
  );
  keywords.set(contract, made);
  return made.get(id);
}

/** `any item`: the union of the forms of an item. */
type Role = Part['role'] | 'any item' | 'other page' | 'token' | 'event';

const nameOf = (schema: Node | undefined) => schema?.pointer.split('/').at(-1) ?? '';

/** Every schema component of answers and events, with its role. */
function componentsOf(contract: Contract): Array<{ component: string; schema: Node; role: Role }> {
  const { events, forms, schema: item } = contract.resource;
  const [list, ...others] = [contract.resource.list, ...contract.operations.filter(isOtherList)].map(
    (one) => one && successOf(one),
  );
  const endpoint = contract.operations.find(({ issuesTokens }) => issuesTokens);
  const named = (schema: Node | undefined, role: Role) =>
    schema === undefined ? [] : [{ component: nameOf(schema), schema, role }];
  return [
    ...partsOf(contract),
    ...(forms.length > 1 ? named(item, 'any item') : []),
    ...others.flatMap((one) => (one?.pointer === list?.pointer ? [] : named(one, 'other page'))),
    ...named(events.envelope, 'event'),
    ...named(events.event, 'event'),
    ...named(endpoint && successOf(endpoint), 'token'),
  ];
}

const roles = new WeakMap<Contract, ReadonlyMap<string, Role>>();

function rolesOf(contract: Contract): ReadonlyMap<string, Role> {
  const known = roles.get(contract) ?? new Map(componentsOf(contract).map(({ component, role }) => [component, role]));
  roles.set(contract, known);
  return known;
}

/** Whether a member is a list of these components. */
const holds = ({ doc }: Contract, member: string | undefined, component: string) =>
  doc.find(`${member}/items`)?.pointer.split('/').at(-1) === component;
