import { randomUUID } from 'node:crypto';
import { Refusal } from './problems.ts';

export type GroupType = 'PERSONAL' | 'LEGAL_ENTITY';
type Status = 'PENDING_APPROVAL' | 'ACTIVE' | 'CLOSING' | 'CLOSED' | 'LOCKED';

export interface AccountGroup {
  id: string;
  created_at: string;
  updated_at: string;
  users: Array<{ id: string; type: 'OWNER' }>;
  status: Status;
  type: GroupType;
  securities_account_number: string;
}

/** A group is what it was created as, and the instants at which it enters each further stage. */
interface StoredGroup {
  readonly id: string;
  readonly owner: string;
  readonly type: GroupType;
  readonly number: string;
  readonly created: number;
  /** Stages in the order in which they are entered; instants rise strictly. */
  readonly stages: Array<{ readonly status: Status; readonly since: number }>;
}

export interface StoreOptions {
  readonly now: () => number;
  readonly activationMs: number;
  readonly closingMs: number;
}

/** Users and account groups in memory. Nothing waits: a status is a function of the time at which it is read. */
export class Store {
  readonly #options: StoreOptions;
  readonly #users = new Set<string>();
  readonly #groups: StoredGroup[] = [];
  readonly #byId = new Map<string, StoredGroup>();
  #lastCreated = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  createUser(): string {
    const id = randomUUID();
    this.#users.add(id);
    return id;
  }

  create(owner: string, type: GroupType): AccountGroup {
    if (!this.#users.has(owner)) throw new Refusal(404, 'there is no such user');
    const now = this.#options.now();
    return this.#add({ id: randomUUID(), owner, type, created: now, stages: [{ status: 'PENDING_APPROVAL', since: now }, { status: 'ACTIVE', since: now + this.#options.activationMs }] });
  }

  /** Puts a group there as if it had come about earlier. */
  seed(id: string, owner: string, type: GroupType, status: Status, created: number): void {
    this.#users.add(owner);
    const stages: StoredGroup['stages'] = [{ status: 'PENDING_APPROVAL', since: created }];
    if (status !== 'PENDING_APPROVAL') stages.push({ status: 'ACTIVE', since: created + 1000 });
    if (status !== 'PENDING_APPROVAL' && status !== 'ACTIVE') stages.push({ status: status === 'LOCKED' ? 'LOCKED' : 'CLOSING', since: created + 2000 });
    if (status === 'CLOSED') stages.push({ status: 'CLOSED', since: created + 3000 });
    this.#add({ id, owner, type, created, stages });
  }

  retrieve(id: string): AccountGroup {
    const group = this.#byId.get(id);
    if (group === undefined) throw new Refusal(404, 'there is no such account group');
    return this.#view(group);
  }

  close(id: string): void {
    const { status } = this.retrieve(id);
    if (status !== 'ACTIVE') throw new Refusal(409, `an account group that is ${status} cannot be closed`);
    const now = this.#options.now();
    const stages = this.#byId.get(id)?.stages ?? [];
    const since = Math.max(now, (stages.at(-1)?.since ?? 0) + 1);
    stages.push({ status: 'CLOSING', since }, { status: 'CLOSED', since: since + Math.max(1, this.#options.closingMs) });
  }

  list(offset: number, limit: number, order: 'ASC' | 'DESC'): { data: AccountGroup[]; total: number } {
    const ordered = order === 'ASC' ? this.#groups : this.#groups.slice().reverse();
    return { data: ordered.slice(offset, offset + limit).map((group) => this.#view(group)), total: this.#groups.length };
  }

  /** Groups are kept in the order of their creation, which never runs backwards. */
  #add(group: Omit<StoredGroup, 'number'>): AccountGroup {
    if (group.created < this.#lastCreated) throw new RangeError('groups must be added in the order of their creation');
    this.#lastCreated = group.created;
    const stored = { ...group, number: String(100_000_000 + this.#groups.length * 7919) };
    this.#groups.push(stored);
    this.#byId.set(stored.id, stored);
    return this.#view(stored);
  }

  #view({ id, owner, type, number, created, stages }: StoredGroup): AccountGroup {
    const now = this.#options.now();
    const stage = stages.findLast(({ since }, index) => index === 0 || since <= now) ?? { status: 'PENDING_APPROVAL' as const, since: created };
    return {
      id,
      created_at: new Date(created).toISOString(),
      updated_at: new Date(stage.since).toISOString(),
      users: [{ id: owner, type: 'OWNER' }],
      status: stage.status,
      type,
      securities_account_number: number,
    };
  }
}
