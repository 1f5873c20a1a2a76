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
  /** Called after each change, so that nothing is forgotten where this process is killed. */
  changed: () => void = () => undefined;

  created(group: string): void {
    if (this.#groups.has(group)) return;
    this.#groups.set(group, 'open');
    this.changed();
  }

  closed(group: string): void {
    if (!this.#groups.has(group)) return;
    this.#groups.set(group, 'closed');
    this.changed();
  }

  user(id: string): void {
    this.#users.add(id);
    this.changed();
  }

  webhook(id: string): void {
    this.#webhooks.set(id, 'registered');
    this.changed();
  }

  webhookRemoved(id: string): void {
    this.#webhooks.set(id, 'removed');
    this.changed();
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
