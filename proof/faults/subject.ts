import { isObject } from '../../harness/contract/document.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { itemsOf } from '../../harness/contract/kinds.ts';
import type { Member, Resource } from '../../harness/contract/resource.ts';
import { isOtherList, successOf } from '../../harness/contract/roles.ts';
import type { Json } from './intercepted.ts';

/** The names and words of the contract that faults need. A name is empty if the contract has none. */
export interface Subject {
  readonly contract: Contract;
  readonly resource: Resource;
  /** The id of a promise of the resource. */
  of(promise: string): string;
  /** The member of a request that selects the type of an item, and the one that shows it. */
  readonly choice: string;
  readonly kind: string;
  /** Two different types; a run with the first seed creates items of both. */
  readonly usual: string;
  readonly other: string;
  /** A type that items of any status had before the run, other than the usual one. */
  readonly elder: string;
  /** The member of a request with the owner of an item, and the one that shows it. */
  readonly owner: string;
  readonly owners: string;
  /** The members of an owner except its id. */
  readonly ownerShown: Json;
  /** The component of an owner. */
  readonly ownerComponent: string;
  /** The component of a page, and its member with the items. */
  readonly page: string;
  readonly items: string;
  /** A member that never changes and that no request sets; preferably a unique one. */
  readonly number: string;
  readonly isUnique: boolean;
  /** Names of the operations on the resource, and of those that read it. */
  readonly verbs: readonly string[];
  readonly reads: readonly string[];
  /** Names of the lists other than that of all items. */
  readonly otherLists: readonly string[];
  /** The promises of these lists that they hold what belongs to an owner. */
  readonly belongings: readonly string[];
  /** Statuses: of a new item, of a usable one, of one that is being closed, of a closed and of a locked one. */
  readonly waiting: string;
  readonly open: string;
  readonly closing: string;
  readonly closed: string;
  readonly locked: string;
}

const known = new WeakMap<Contract, Subject>();

export function subjectOf(contract: Contract): Subject {
  const subject = known.get(contract) ?? readSubject(contract);
  known.set(contract, subject);
  return subject;
}

function readSubject(contract: Contract): Subject {
  const { doc, resource } = contract;
  const { life, creation, owners } = resource;
  const [usual = ''] = creation.choice?.words ?? [];
  const other = creation.choice?.words.at(-1) ?? usual;
  const list = resource.list && successOf(resource.list);
  const shown = owners && doc.child(owners.schema, 'items');
  const number = plainOf(resource);
  const isOver = (word: string) => !life.final.some((later) => later !== word && life.mayBecome(word, later));
  const named = [...life.initial, ...life.open, ...life.final];
  const componentOf = (pointer: string | undefined) => pointer?.split('/').at(-1) ?? '';
  return {
    contract,
    resource,
    of: (promise) => `${resource.name}.${promise}`,
    choice: creation.choice?.member ?? '',
    kind: resource.members.find(({ askedAs }) => askedAs === creation.choice?.member)?.name ?? '',
    usual,
    other,
    elder: creation.choice?.words[1] ?? usual,
    owner: creation.given[0]?.member ?? '',
    owners: owners?.name ?? '',
    ownerShown: { ...owners?.askedWith },
    ownerComponent: componentOf(shown?.pointer),
    page: componentOf(list?.pointer),
    items: itemsOf(doc, list)?.member ?? '',
    number: number?.name ?? '',
    isUnique: number?.unique ?? false,
    verbs: contract.operations.filter(({ kind }) => kind !== undefined).map(({ name }) => name),
    reads: contract.operations.filter(({ kind, writes }) => kind !== undefined && !writes).map(({ name }) => name),
    otherLists: contract.operations.filter(isOtherList).map(({ name }) => name),
    belongings: contract.operations.filter(isOtherList).map((list) => `${list.name}.${belongingIn(list)}`),
    waiting: life.initial.find((word) => !life.open.includes(word)) ?? life.initial[0] ?? '',
    open: life.open[0] ?? '',
    closing: life.final.find((word) => !isOver(word)) ?? life.final[0] ?? '',
    closed: life.final.find(isOver) ?? '',
    locked: life.statuses.find((word) => !named.includes(word)) ?? '',
  };
}

/** The promise of a list that it holds what belongs to whom its path names. */
export function belongingIn({ parameters }: Pick<Operation, 'parameters'>): string {
  const owner = parameters.find((parameter) => parameter.in === 'path')?.name ?? '';
  return `of-the-${owner.replace(/_id$/, '').replaceAll('_', '-')}`;
}

function plainOf({ members }: Resource): Member | undefined {
  const isTime = ({ schema }: Member) => isObject(schema.value) && schema.value.format === 'date-time';
  return (
    members.find(({ unique }) => unique) ??
    members.find(
      (member) => member.immutable && member.name !== 'id' && member.askedAs === undefined && !isTime(member),
    )
  );
}

/** A different value of the same form. */
export function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  const text = String(value);
  return `${text.startsWith('9') ? '8' : '9'}${text.slice(1)}`;
}
