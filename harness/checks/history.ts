import { isObject } from '../contract/document.ts';
import { promiseOf } from '../contract/ids.ts';
import type { Contract, Operation } from '../contract/index.ts';
import { excerpt } from '../contract/schemas.ts';
import { type Exchange, headerValues, mediaType } from '../exchange.ts';
import { against, type Finding, finding } from './finding.ts';
import { differences, type Group, groupsIn, idOf, instant, isSound, text } from './group.ts';
import { PROBLEM } from './problem.ts';
import { ProblemHistory } from './problem-history.ts';
import { ThinPages } from './thin-pages.ts';
import { CLOCK_TOLERANCE_MS } from './timestamps.ts';

interface Snapshot {
  readonly exchange: Exchange;
  readonly group: Group;
  readonly status: string | undefined;
  readonly updatedAt: number | undefined;
}

/** Ids and numbers in a text, and the number of characters that are searched for them. */
const WORD = /[0-9A-Za-z-]{6,}/g;
const LONGEST_PROBLEM = 100_000;

/**
 * Judges each exchange by all earlier ones of the run: request ids, problems, and the earlier states of each account
 * group. Only an answer that ended before a request began came before it.
 */
export class History {
  readonly #contract: Contract;
  readonly #settleMs: number;
  readonly #pages: ThinPages;
  readonly #requestIds = new Map<string, string>();
  readonly #problems = new ProblemHistory();
  readonly #groups = new Map<string, Snapshot[]>();
  readonly #keys = new Set<string>();
  /** The group with a unique value, by member and value. */
  readonly #holders = new Map<string, { id: string; exchange: string }>();
  /** The last listed and the last retrieved snapshot of each group between two of its updates. */
  readonly #twins = new Map<string, Snapshot>();

  /** @param settleMs how long one operation may lag behind another, in milliseconds */
  constructor(contract: Contract, settleMs: number) {
    this.#contract = contract;
    this.#settleMs = settleMs;
    this.#pages = new ThinPages(contract);
  }

  /** Judges an exchange and remembers it. */
  observe(exchange: Exchange): Finding[] {
    const newKey = this.#isNewKey(exchange);
    return [
      ...this.#requestId(exchange),
      ...this.#problem(exchange),
      ...this.#pages.observe(exchange),
      ...groupsIn(this.#contract, exchange).flatMap((group) => this.#group(exchange, group, newKey)),
    ];
  }

  #requestId(exchange: Exchange): Finding[] {
    const [id] = headerValues(exchange, 'upvest-request-id');
    if (id === undefined) return [];
    const before = this.#requestIds.get(id);
    if (before === undefined) this.#requestIds.set(id, exchange.id);
    return [against('request-id.unique', exchange, before, before !== undefined && `${excerpt(id)} twice`)];
  }

  #problem(exchange: Exchange): Finding[] {
    const value = exchange.response.json?.value;
    if (exchange.response.status < 400 || mediaType(exchange) !== PROBLEM || !isObject(value)) return [];
    return [...this.#problems.observe(exchange, value), this.#foreignData(exchange)];
  }

  /** An id or unique value of a group that the request did not name. */
  #foreignData(exchange: Exchange): Finding {
    const { request, response } = exchange;
    const asked = `${request.url} ${request.body ?? ''}`.toLowerCase();
    const words = new Set(response.body.slice(0, LONGEST_PROBLEM).match(WORD) ?? []);
    const uniques = this.#contract.resource.members.filter(({ unique }) => unique).map(({ name }) => name);
    const ownerOf = (word: string) =>
      this.#groups.has(word.toLowerCase())
        ? word.toLowerCase()
        : uniques
            .map((name) => this.#holders.get(`${name} ${JSON.stringify(word)}`)?.id)
            .find((id) => id !== undefined);
    const found = [...words].find((word) => {
      const owner = asked.includes(word.toLowerCase()) ? undefined : ownerOf(word);
      return owner !== undefined && !asked.includes(owner.toLowerCase());
    });
    return finding('problem.no-foreign-data', exchange, found && `${excerpt(found)}, of the group ${ownerOf(found)}`);
  }

  #group(exchange: Exchange, group: Group, newKey: boolean): Finding[] {
    // An answer may repeat the spelling of the request.
    const id = idOf(group)?.toLowerCase();
    if (id === undefined) return [];
    const snapshot: Snapshot = {
      exchange,
      group,
      status: text(group, 'status'),
      updatedAt: instant(group, 'updated_at'),
    };
    const snapshots = this.#groups.get(id) ?? [];
    const [first] = snapshots;
    // A list may show a group before the answer to its creation arrives.
    const known = snapshots.find(
      ({ exchange: { operation, ended } }) => operation === exchange.operation || ended < exchange.began,
    );
    const findings = [
      ...(newKey
        ? [
            against(
              'create.new-group',
              exchange,
              known?.exchange.id,
              known !== undefined && `${id}, which was there before`,
            ),
          ]
        : []),
      ...this.#unique(exchange, id, group),
      ...(first === undefined ? [] : this.#immutable(first, exchange, group)),
      ...this.#twin(id, snapshot),
    ];
    // A creation that shows a known group repeats an earlier answer, and says nothing about the present.
    if (this.#contract.resource.isCreation(exchange) && first !== undefined) return findings;
    const before = snapshots.filter(({ exchange: { ended } }) => ended < exchange.began);
    const isSame = ({ exchange: { request } }: Snapshot) => request.url === exchange.request.url;
    // Operations may show a recent change at different times, but none goes back behind what it has shown.
    const isOld = (at: number) => at + this.#settleMs <= exchange.startedAt;
    const isSettled = ({ exchange: { endedAt }, updatedAt }: Snapshot) =>
      isOld(endedAt) || (updatedAt !== undefined && isOld(updatedAt + CLOCK_TOLERANCE_MS));
    const earlier = new Set([before.findLast(isSame), before.findLast(isSettled)]);
    for (const one of earlier) if (one !== undefined) findings.push(...this.#moves(one, snapshot));
    // A faulty page may show one group a thousand times.
    if (snapshots.at(-1)?.exchange !== exchange) snapshots.push(snapshot);
    this.#groups.set(id, snapshots);
    return findings;
  }

  /**
   * A group is the same when listed and when retrieved, for every caller and on every page, while its `updated_at` is
   * the same.
   */
  #twin(id: string, snapshot: Snapshot): Finding[] {
    const { exchange, group, status, updatedAt } = snapshot;
    const { resource } = this.#contract;
    const list = resource.listOf(exchange);
    const isRetrieval = resource.isRetrieval(exchange);
    if ((list === undefined && !isRetrieval) || status === undefined || updatedAt === undefined) return [];
    const key = (operation: Operation | undefined) => `${operation?.name} ${id} ${status} ${updatedAt}`;
    this.#twins.set(key(list ?? resource.retrieve), snapshot);
    return (isRetrieval ? resource.lists : list === undefined ? [] : [list]).flatMap((one) => {
      const twin = this.#twins.get(key(isRetrieval ? one : resource.retrieve));
      if (twin === undefined) return [];
      const [listed, retrieved] = isRetrieval ? [twin.group, group] : [group, twin.group];
      const differ = differences(listed, retrieved).length > 0;
      const seen = differ ? differences(listed, retrieved, this.#unsound(listed, retrieved)) : [];
      return [
        against(
          promiseOf(one, 'list.equals-retrieved'),
          exchange,
          twin.exchange.id,
          seen.length > 0 && `${id}, listed and retrieved: ${seen.join('; ')}`,
        ),
      ];
    });
  }

  /** Members with values that violate the schema, which is reported already. */
  #unsound(...pair: readonly Group[]): string[] {
    const members = [...new Set(pair.flatMap(Object.keys))];
    return members.filter((member) => pair.some((group) => !isSound(this.#contract, group, member)));
  }

  /** True for a creation with a new idempotency key. */
  #isNewKey(exchange: Exchange): boolean {
    const key = exchange.request.headers.find(([name]) => name === 'idempotency-key')?.[1];
    if (!this.#contract.resource.isCreation(exchange) || key === undefined || this.#keys.has(key)) return false;
    this.#keys.add(key);
    return true;
  }

  #unique(exchange: Exchange, id: string, group: Group): Finding[] {
    const { resource } = this.#contract;
    return resource.members
      .filter(({ unique }) => unique)
      .flatMap(({ name }) => {
        const value = group[name];
        if (value === undefined || !isSound(this.#contract, group, name)) return [];
        const key = `${name} ${JSON.stringify(value)}`;
        const holder = this.#holders.get(key);
        if (holder === undefined) this.#holders.set(key, { id, exchange: exchange.id });
        return [
          against(
            promiseOf(resource, `resource.${name}.unique`),
            exchange,
            holder?.exchange,
            holder !== undefined && holder.id !== id && `${holder.id} and ${id} both have ${excerpt(value)}`,
          ),
        ];
      });
  }

  #immutable(first: Snapshot, exchange: Exchange, group: Group): Finding[] {
    const { resource } = this.#contract;
    const names = resource.members.filter(({ immutable }) => immutable).map(({ name }) => name);
    const picked = (one: Group): Group => Object.fromEntries(names.map((name) => [name, one[name]]));
    const changed = differences(picked(first.group), picked(group));
    if (names.length === 0) return [];
    return [
      against(
        promiseOf(resource, 'resource.immutable'),
        exchange,
        first.exchange.id,
        changed.length > 0 && `${text(group, 'id')}: ${changed.join('; ')}`,
      ),
    ];
  }

  #moves(earlier: Snapshot, later: Snapshot): Finding[] {
    const findings: Finding[] = [];
    const { exchange, group } = later;
    if (earlier.status !== undefined && later.status !== undefined) {
      const legal = this.#contract.resource.life.mayBecome(earlier.status, later.status);
      findings.push(
        against(
          promiseOf(this.#contract.resource, 'resource.status-forward'),
          exchange,
          earlier.exchange.id,
          !legal && `${text(group, 'id')} went from ${excerpt(earlier.status)} to ${excerpt(later.status)}`,
        ),
      );
    }
    if (earlier.updatedAt !== undefined && later.updatedAt !== undefined) {
      // Instants are whole milliseconds here: a finer fraction may be rounded up once and down once.
      const back = later.updatedAt < earlier.updatedAt - 1;
      findings.push(
        against(
          promiseOf(this.#contract.resource, 'resource.updated-at-forward'),
          exchange,
          earlier.exchange.id,
          back && `${text(group, 'id')} went from ${text(earlier.group, 'updated_at')} to ${text(group, 'updated_at')}`,
        ),
      );
    }
    return findings;
  }
}
