import type { Api } from '../harness/case.ts';
import { type Group, idOf } from '../harness/checks/group.ts';
import type { Exchange } from '../harness/exchange.ts';
import { ownersOf } from './creation.ts';
import { type Look, look } from './look.ts';

/** A group of one of our owners that no answer has spoken of. */
export interface Surprise {
  readonly group: Group;
  readonly id: string;
  /** Where it was first seen. */
  readonly pages: readonly Exchange[];
}

/** What the run knows of the groups of its owners, from one look at the list to the next. */
export class Ledger {
  readonly #api: Api;
  readonly #owners = new Set<string>();
  readonly #seen = new Set<string>();
  /** Groups that came while the run created others, and nothing else. */
  readonly besides: Surprise[] = [];
  /** The last look, where nothing was created since. */
  #last: Look | undefined;
  #first: Promise<unknown> | undefined;

  private constructor(api: Api) {
    this.#api = api;
  }

  /** The one ledger of a run. */
  static of(api: Api): Promise<Ledger> {
    return api.once('ledger', async () => new Ledger(api));
  }

  /** To be called before a group is created for a user. */
  async opens(user: string | undefined): Promise<void> {
    // A user that was there before the run may have groups already.
    if (this.#api.ownersGiven) {
      this.#first ??= this.#look();
      await this.#first;
    }
    if (user !== undefined) this.#owners.add(user);
    this.#last = undefined;
  }

  /** The list as it is before something must not change it; to be called where nothing is being created. */
  async before(api: Api, owners: readonly (string | undefined)[]): Promise<Look> {
    for (const user of owners) if (user !== undefined) this.#owners.add(user);
    if (this.#last !== undefined) return this.#last;
    const { seen, surprises } = await this.#look(api);
    this.besides.push(...surprises);
    return seen;
  }

  /** The list as it is afterwards, and the groups of our owners that are new and that no answer explains. */
  async after(api: Api): Promise<{ readonly seen: Look; readonly surprises: readonly Surprise[] }> {
    return this.#look(api);
  }

  async #look(api = this.#api): Promise<{ seen: Look; surprises: Surprise[] }> {
    const seen = await look(api);
    this.#last = seen;
    const surprises: Surprise[] = [];
    for (const group of seen.groups ?? []) {
      const id = idOf(group);
      if (id === undefined || this.#seen.has(id)) continue;
      this.#seen.add(id);
      const owners = ownersOf(api, group);
      if (this.#api.groups.has(id) || !owners.some((owner) => this.#owners.has(owner))) continue;
      // Whoever owns it, the run has caused it: it is closed in the end, and listed.
      this.#api.groups.add(id);
      surprises.push({ group, id, pages: seen.pages });
    }
    return { seen, surprises };
  }
}
