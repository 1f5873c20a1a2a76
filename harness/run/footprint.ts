import { type Group, groupsIn, idOf, text } from '../checks/group.ts';
import { isObject } from '../contract/document.ts';
import { isUuid } from '../contract/formats.ts';
import type { Contract } from '../contract/index.ts';
import { type Exchange, succeeded } from '../exchange.ts';

/** What a run has left behind at the target, as plain data. */
export interface Left {
  /** Created prerequisites; `what` is the name in the contract. */
  prerequisites: Array<{ what: string; id: string }>;
  groups: Array<{ id: string; state: 'open' | 'closed' }>;
  webhooks: Array<{ id: string; state: 'registered' | 'removed' }>;
}

/** Tracks what a run creates at the target, and what of it remains. */
export class Footprint {
  /** By id in lower case; the values keep the spelling of the target. */
  readonly #groups = new Map<string, { readonly id: string; state: 'open' | 'closed' }>();
  readonly #made = new Map<string, string>();
  readonly #webhooks = new Map<string, 'registered' | 'removed'>();
  /** Called after each change, so that it can be saved before the process is killed. */
  changed: () => void = () => undefined;

  /**
   * Updates the footprint from an answer. A POST with any 2XX may have created a group. A group counts as closed once an
   * answer shows it as closing or closed; an acknowledged request to close it is not enough.
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

  /** Records a prerequisite that was created. */
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

  /** Everything that was created, with the state in which it remains. */
  toJSON(): Left {
    const webhooks = [...this.#webhooks].map(([id, state]) => ({ id, state }));
    const prerequisites = [...this.#made].map(([id, what]) => ({ what, id }));
    return { prerequisites, groups: [...this.#groups.values()].map((group) => ({ ...group })), webhooks };
  }
}
