/** What a run has left behind, as plain data. */
export interface Left {
  users: string[];
  groups: Array<{ id: string; state: 'open' | 'closed' }>;
  webhooks: Array<{ id: string; state: 'registered' | 'removed' }>;
}

/** What a run has left behind at the target. */
export class Footprint {
  readonly #groups = new Map<string, 'open' | 'closed'>();
  readonly #users = new Set<string>();
  readonly #webhooks = new Map<string, 'registered' | 'removed'>();

  created(group: string): void {
    if (!this.#groups.has(group)) this.#groups.set(group, 'open');
  }

  closed(group: string): void {
    if (this.#groups.has(group)) this.#groups.set(group, 'closed');
  }

  user(id: string): void {
    this.#users.add(id);
  }

  webhook(id: string): void {
    this.#webhooks.set(id, 'registered');
  }

  webhookRemoved(id: string): void {
    this.#webhooks.set(id, 'removed');
  }

  openGroups(): string[] {
    return [...this.#groups].filter(([, state]) => state === 'open').map(([id]) => id);
  }

  /** Ids of what was created; which groups are still open, and which webhooks still registered. */
  toJSON(): Left {
    const states = <S>(map: ReadonlyMap<string, S>) => [...map].map(([id, state]) => ({ id, state }));
    return { users: [...this.#users], groups: states(this.#groups), webhooks: states(this.#webhooks) };
  }
}
