/** What a run has left behind at the target. */
export class Footprint {
  readonly #groups = new Map<string, 'open' | 'closed'>();
  readonly #users = new Set<string>();

  created(group: string): void {
    if (!this.#groups.has(group)) this.#groups.set(group, 'open');
  }

  closed(group: string): void {
    if (this.#groups.has(group)) this.#groups.set(group, 'closed');
  }

  user(id: string): void {
    this.#users.add(id);
  }

  openGroups(): string[] {
    return [...this.#groups].filter(([, state]) => state === 'open').map(([id]) => id);
  }

  /** Ids of created users and groups, and which groups are still open. */
  toJSON(): { users: string[]; groups: Array<{ id: string; state: 'open' | 'closed' }> } {
    return { users: [...this.#users], groups: [...this.#groups].map(([id, state]) => ({ id, state })) };
  }
}
