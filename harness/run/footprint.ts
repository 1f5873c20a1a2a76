import { type Group, groupsIn, idOf, text } from '../checks/group.ts';
import { isObject } from '../contract/document.ts';
import { isUuid } from '../contract/formats.ts';
import type { Contract } from '../contract/index.ts';
import { type Exchange, succeeded } from '../exchange.ts';

/** What a run has left behind, as plain data. */
export interface Left {
  /** What had to exist before, by its name in the contract. */
  prerequisites: Array<{ what: string; id: string }>;
  groups: Array<{ id: string; state: 'open' | 'closed' }>;
  webhooks: Array<{ id: string; state: 'registered' | 'removed' }>;
}

/** What a run has left behind at the target. */
export class Footprint {
  /** By id in lower case; ids are spelled as the target spells them. */
  readonly #groups = new Map<string, { readonly id: string; state: 'open' | 'closed' }>();
  readonly #made = new Map<string, string>();
  readonly #webhooks = new Map<string, 'registered' | 'removed'>();
  /** Called after each change, so that nothing is forgotten where this process is killed. */
  changed: () => void = () => undefined;

  /**
   * Learns from an answer: a successful POST may have created a group, whatever its status; a group of the run that is
   * seen to be closing needs nobody to close it. That a closing was acknowledged is not enough.
   */
  note(contract: Contract, exchange: Exchange): void {
    if (!succeeded(exchange)) return;
    const { request, response } = exchange;
    const isFinal = (group: Group) => contract.resource.life.final.includes(text(group, 'status') ?? '');
    if (request.method === 'POST') {
      const body = response.json?.value;
      const location = response.headers.find(([name]) => name === 'location')?.[1];
      const id = isObject(body) ? body.id : location?.split('/').at(-1);
      if (typeof id === 'string' && isUuid(id)) this.created(id);
    } else for (const group of groupsIn(contract, exchange).filter(isFinal)) this.closed(idOf(group) ?? '');
  }

  has(group: string): boolean {
    return this.#groups.has(group.toLowerCase());
  }

  created(group: string): void {
    if (this.has(group)) return;
    this.#groups.set(group.toLowerCase(), { id: group, state: 'open' });
    this.changed();
  }

  closed(group: string): void {
    const known = this.#groups.get(group.toLowerCase());
    if (known === undefined || known.state === 'closed') return;
    known.state = 'closed';
    this.changed();
  }

  /** Notes something that had to exist before. */
  made(what: string, id: string): void {
    this.#made.set(id, what);
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
    return [...this.#groups.values()].filter(({ state }) => state === 'open').map(({ id }) => id);
  }

  /** Ids of what was created; which groups are still open, and which webhooks still registered. */
  toJSON(): Left {
    const webhooks = [...this.#webhooks].map(([id, state]) => ({ id, state }));
    const prerequisites = [...this.#made].map(([id, what]) => ({ what, id }));
    return { prerequisites, groups: [...this.#groups.values()].map((group) => ({ ...group })), webhooks };
  }
}
