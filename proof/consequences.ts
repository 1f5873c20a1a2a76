import type { Node } from '../harness/contract/document.ts';
import { promiseOf } from '../harness/contract/ids.ts';
import type { Contract, Requirement } from '../harness/contract/index.ts';
import { type Keyword, keywordsOf } from '../harness/contract/keywords/places.ts';
import { isOtherList, successOf } from '../harness/contract/roles.ts';
import { type Part, partsOf } from './faults/parts.ts';

/**
 * What follows where a promise is broken, by rule. A promise about something that does not come any more cannot be
 * judged: that is no fault of the suite, and nothing else may fall silent.
 */

/** What is judged of the value of a member of an item, where it keeps the schema. */
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

/** What asks the list whether something is in it. */
export const ASKS_THE_LIST: readonly string[] = [
  'create.listed',
  'create.one-group',
  'create.refused-creates-nothing',
  'create.same-key-creates-nothing',
  'close.bystanders-untouched',
  'close.stays-listed',
];

/** Without these there is no group to do anything with. */
const LOSES_THE_GROUP = ['create.retrievable', 'create.new-group'];

/** Areas in which one broken promise leaves nothing to compare for the others. */
const CHAINED: Readonly<Record<string, readonly string[]>> = {
  listing: ['listing'],
  lifecycle: ['lifecycle', 'idempotency', 'webhooks', 'timestamps'],
  idempotency: ['lifecycle', 'idempotency'],
  webhooks: ['webhooks'],
};

/** Everything that may fall silent where these requirements are broken. */
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
  // A group that is closed already, or cannot be, is closed by nobody.
  if (broken.area === 'lifecycle' && broken.operation === 'close' && other.operation === 'close') return true;
  return (
    (CHAINED[broken.area]?.includes(other.area) ?? false) || (broken.accepts !== undefined && isAnswer(other, broken))
  );
}

/** Promises about the one value, about those inside it, and about what is made of it. */
function dependsOnValue(contract: Contract, other: Requirement, { component, path, name }: Keyword): boolean {
  const [member = ''] = path.split(/[.[]/);
  const theirs = keywordAt(contract, other.id);
  const role = rolesOf(contract).get(component);
  if (role === 'item' && (member === 'id' || (path === '' && name === 'type'))) return true;
  if (theirs?.component === component && (theirs.path === path || path === '' || theirs.path.startsWith(path)))
    return true;
  // Nobody knows when a token expires that does not say how long it lives.
  if (role === 'token')
    return member === 'scope' ? other.id === 'token.scope-as-asked' : other.id.endsWith('.caller.expired-token');
  const isOutline = path === '' || ['meta', 'data', 'total_count'].includes(member);
  if (role === 'page' || role === 'meta') {
    // Nothing is created, read or closed without a look at the list.
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

/** True for a promise without which the operation cannot be used: that it is permitted, and that its answer can be read. */
function isLost(contract: Contract, { id, accepts, operation }: Requirement): boolean {
  const good = [...(contract.operations.find(({ name }) => name === operation)?.responses.keys() ?? [])].filter(
    (status) => status.startsWith('2'),
  );
  const isPermission = accepts !== undefined && accepts.length > 0 && accepts.every((status) => good.includes(status));
  return isPermission || good.some((status) => id === `${operation}.${status}.media-type`);
}

/** Nothing is created, read or closed without a look at the list, a group to read, and one that was created. */
function dependsOnOperation(contract: Contract, other: Requirement, operation: string): boolean {
  const known = contract.operations.find(({ name }) => name === operation);
  if (known !== undefined && isOtherList(known)) return other.operation === operation;
  if (operation === 'close')
    return other.operation === 'close' || ['lifecycle', 'webhooks', 'idempotency', 'timestamps'].includes(other.area);
  return true;
}

/** Where a refusal does not come with its status, nothing is seen of the answers with that status. */
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

/** What compares what is told of a group in one answer with what is told of it in another one. */
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
  'retrieve.repeatable',
  'close.identity-kept',
  'close.bystanders-untouched',
  'close.refused-closes-nothing',
  'refusal.changes-nothing',
  'event.object-as-retrieved',
];

/** The same, with what the contract promises of the resource. */
export const comparedIn = ({ resource }: Contract): readonly string[] => [
  ...COMPARED,
  promiseOf(resource, 'resource.immutable'),
];

/** Everything that looks at groups, one by one or side by side. */
export function groupDependent(contract: Contract): string[] {
  const areas = ['lifecycle', 'listing', 'timestamps', 'idempotency', 'webhooks'];
  return [...contract.requirements.values()].filter(({ area }) => areas.includes(area)).map(({ id }) => id);
}

/** Everything that cannot be told, or goes wrong, where an operation is not served. */
export function dependentOn(contract: Contract, operation: string): string[] {
  return [...contract.requirements.values()]
    .filter((other) => dependsOnOperation(contract, other, operation))
    .map(({ id }) => id);
}

/** Everything that looks at pages. */
export function listDependent(contract: Contract): string[] {
  return [...contract.requirements.values()]
    .filter((one) => one.area === 'listing' || ASKS_THE_LIST.includes(one.id) || one.area === 'lifecycle')
    .map(({ id }) => id);
}

const keywords = new WeakMap<Contract, ReadonlyMap<string, Keyword>>();

/** The schema keyword behind a requirement, where there is one. */
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

type Role = Part['role'] | 'token' | 'event';

/** Every component of answers and of events, and what it is. */
function componentsOf(contract: Contract): Array<{ component: string; schema: Node; role: Role }> {
  const { events } = contract.resource;
  const endpoint = contract.operations.find(({ issuesTokens }) => issuesTokens);
  const named = (schema: Node | undefined, role: Role) =>
    schema === undefined ? [] : [{ component: schema.pointer.split('/').at(-1) ?? '', schema, role }];
  return [
    ...partsOf(contract),
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

/** True for a member that is a list of such components. */
const holds = ({ doc }: Contract, member: string | undefined, component: string) =>
  doc.find(`${member}/items`)?.pointer.split('/').at(-1) === component;
