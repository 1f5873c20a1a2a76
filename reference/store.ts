import { randomUUID } from 'node:crypto';
import type { Role, Sort } from './editions.ts';
import { begin, type Life, type Stage, type Status, stageAt, startClosing } from './life-cycle.ts';
import { Problem } from './problems.ts';

/** The type of groups that wait for a second owner. */
export const JOINT = 'JOINT';
/** The type of groups that belong to a business, and to no user. */
export const BUSINESS = 'BUSINESS';
export type GroupType = 'PERSONAL' | 'LEGAL_ENTITY' | 'FRENCH_PEA' | 'ISA' | 'CHILD' | typeof JOINT | typeof BUSINESS;
export type Order = 'ASC' | 'DESC';

export interface User {
  readonly id: string;
  readonly type: Role;
}

/** An account group as callers see it. */
export interface AccountGroup {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** Whom it belongs to; a group of a business has `business_id` instead. */
  readonly users?: readonly User[];
  readonly business_id?: string;
  readonly status: Status;
  readonly type: GroupType;
  readonly securities_account_number: string;
}

/** What is kept of a group; the status is not, it follows from `life` and the time. */
export interface GroupRecord {
  readonly id: string;
  /** The user, or the business, that it belongs to. */
  readonly owner: string;
  /** Who else belongs to it. */
  readonly others?: readonly User[];
  readonly type: GroupType;
  readonly created: number;
  /** The account number; by default one is made. */
  readonly number?: string | undefined;
  readonly life: Life;
}

export interface StoreOptions {
  readonly now: () => number;
  readonly activationMs: number;
  readonly closingMs: number;
  /** Told of each stage of a group's life as soon as it is certain, with the group as it is from that instant on. */
  readonly announce: (group: AccountGroup, since: number) => void;
}

type Numbered = Omit<GroupRecord, 'life'> & { life: Life; readonly accountNumber: string };

/** Users and account groups in memory. */
export class Store {
  readonly #options: StoreOptions;
  readonly #users = new Set<string>();
  readonly #businesses = new Set<string>();
  readonly #byId = new Map<string, Numbered>();
  /** By creation; among equals, by insertion. */
  readonly #sorted: Numbered[] = [];

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** Registers somebody who may own groups. */
  addUser(id: string): void {
    this.#users.add(id);
  }

  /** The id of somebody who may own groups. */
  user(id: string): string {
    if (!this.#users.has(id)) throw new Problem('not_found', 'No user has this id.');
    return id;
  }

  /** Registers a business that may own groups. */
  addBusiness(id: string): void {
    this.#businesses.add(id);
  }

  /** The id of a business that may own groups. */
  business(id: string): string {
    if (!this.#businesses.has(id)) throw new Problem('not_found', 'No business has this id.');
    return id;
  }

  /** Opens a group for a registered user or business; approval follows by itself. */
  open(owner: string, type: GroupType, number?: string): AccountGroup {
    const known = type === BUSINESS ? this.#businesses : this.#users;
    if (!known.has(owner)) throw new Problem('not_found', 'There is nobody whom the group could belong to.');
    const now = this.#options.now();
    const life = begin(now, this.#options.activationMs, type !== JOINT);
    if (number !== undefined && [...this.#byId.values()].some(({ accountNumber }) => accountNumber === number))
      throw new Problem('invalid_request', 'Another group has this securities_account_number.');
    const group = this.#place({ id: randomUUID(), owner, type, created: now, number, life });
    this.#announce(group);
    return this.#view(group);
  }

  /** Takes in a group whose life began before, so that nothing of it is announced. */
  insert(record: GroupRecord): void {
    this.#place(record);
  }

  /** The group with this id (lower case). */
  find(id: string): AccountGroup {
    return this.#view(this.#get(id));
  }

  /** Starts to close an ACTIVE group, or only says that it could; a group in any other status is a conflict. */
  close(id: string, onlySays: boolean): void {
    const { now, closingMs } = this.#options;
    const group = this.#get(id);
    const life = startClosing(group.life, now(), closingMs);
    if (life === undefined) throw new Problem('conflict', 'Only an account group that is ACTIVE can be closed.');
    if (onlySays) return;
    group.life = life;
    this.#announce(group);
  }

  /** A part of all groups, or of those that a user belongs to, and how many there are. */
  list(
    sort: Sort,
    order: Order,
    offset: number,
    limit: number,
    user?: string,
  ): { readonly data: readonly AccountGroup[]; readonly total: number } {
    const now = this.#options.now();
    const isMeant = ({ owner, others = [] }: Numbered) =>
      user === undefined || owner === user || others.some(({ id }) => id === user);
    const rising = this.#sorted.filter(isMeant).map((group) => [group, stageAt(group.life, now)] as const);
    if (sort === 'updated_at') rising.sort(([, a], [, b]) => a.since - b.since);
    const groups = order === 'ASC' ? rising : rising.toReversed();
    const data = groups.slice(offset, offset + limit).map(([group, stage]) => this.#view(group, stage));
    return { data, total: groups.length };
  }

  #get(id: string): Numbered {
    const group = this.#byId.get(id);
    if (group === undefined) throw new Problem('not_found', 'No account group has this id.');
    return group;
  }

  /** Puts a group in its place in the list. */
  #place(record: GroupRecord): Numbered {
    const group: Numbered = { ...record, accountNumber: record.number ?? accountNumber(this.#byId.size) };
    const before = this.#sorted.findLastIndex(({ created }) => created <= group.created);
    this.#sorted.splice(before + 1, 0, group);
    this.#byId.set(group.id, group);
    return group;
  }

  #announce(group: Numbered): void {
    const { stage, next } = group.life;
    for (const entered of next === undefined ? [stage] : [stage, next]) {
      this.#options.announce(this.#view(group, entered), entered.since);
    }
  }

  #view(group: Numbered, { status, since }: Stage = stageAt(group.life, this.#options.now())): AccountGroup {
    const { id, owner, others = [], type, created, accountNumber } = group;
    return {
      id,
      created_at: timestamp(created),
      updated_at: timestamp(since),
      ...(type === BUSINESS ? { business_id: owner } : { users: [{ id: owner, type: 'OWNER' }, ...others] }),
      status,
      type,
      securities_account_number: accountNumber,
    };
  }
}

/** RFC 3339 in UTC, to the millisecond. */
export function timestamp(instant: number): string {
  return new Date(instant).toISOString();
}

/** Nine digits, different for each of the first 900 million: the step shares no factor with the range. */
function accountNumber(index: number): string {
  return String(100_000_000 + ((index * 7_368_787 + 31_415_926) % 900_000_000));
}
