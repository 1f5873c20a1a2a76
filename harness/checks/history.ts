import type { Contract } from '../contract/index.ts';
import { isObject } from '../contract/nodes.ts';
import { excerpt } from '../contract/schemas.ts';
import { type Exchange, headerValues } from '../exchange.ts';
import { differences, type Group, groupsIn, instant, text } from './group.ts';
import type { Judgement } from './judgement.ts';

interface Sighting {
  readonly exchange: Exchange;
  readonly group: Group;
}

/** Members of a group that never change. */
const IMMUTABLE = ['id', 'created_at', 'type', 'securities_account_number'];

/**
 * Judges each exchange by all that came before it in this run: request ids, problem titles, and what was seen of
 * each account group. Only answers that had ended before a question began say anything about order.
 */
export class History {
  readonly #contract: Contract;
  readonly #requestIds = new Map<string, string>();
  readonly #titles = new Map<string, { title: string; exchange: string }>();
  readonly #groups = new Map<string, Sighting[]>();
  readonly #numbers = new Map<string, { id: string; exchange: string }>();

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  /** Judges an exchange and remembers it. */
  observe(exchange: Exchange): Judgement[] {
    return [...this.#requestId(exchange), ...this.#title(exchange), ...groupsIn(this.#contract, exchange).flatMap((group) => this.#group(exchange, group))];
  }

  #requestId(exchange: Exchange): Judgement[] {
    const [id] = headerValues(exchange, 'upvest-request-id');
    if (id === undefined) return [];
    const before = this.#requestIds.get(id);
    if (before === undefined) this.#requestIds.set(id, exchange.id);
    return [against('request-id.unique', exchange, before, before !== undefined && `${excerpt(id)} twice`)];
  }

  #title(exchange: Exchange): Judgement[] {
    const value = exchange.response.json?.value;
    if (exchange.response.status < 400 || !isObject(value) || typeof value.type !== 'string' || typeof value.title !== 'string') return [];
    const before = this.#titles.get(value.type);
    if (before === undefined) this.#titles.set(value.type, { title: value.title, exchange: exchange.id });
    return [against('problem.title-constant', exchange, before?.exchange, before !== undefined && before.title !== value.title && `${excerpt(value.type)} is titled ${excerpt(before.title)} and ${excerpt(value.title)}`)];
  }

  #group(exchange: Exchange, group: Group): Judgement[] {
    const id = text(group, 'id');
    if (id === undefined) return [];
    const sightings = this.#groups.get(id) ?? [];
    const judgements = [...this.#number(exchange, id, group), ...sightings.slice(0, 1).map((first) => immutable(first, exchange, group))];
    // A creation that shows a known group repeats an answer of the past; it says nothing about the present.
    if (exchange.operation === 'create' && sightings.length > 0) return judgements;
    for (const earlier of sightings.filter((sighting) => sighting.exchange.ended < exchange.began)) judgements.push(...this.#moves(earlier, exchange, group));
    sightings.push({ exchange, group });
    this.#groups.set(id, sightings);
    return judgements;
  }

  #number(exchange: Exchange, id: string, group: Group): Judgement[] {
    const number = text(group, 'securities_account_number');
    if (number === undefined) return [];
    const owner = this.#numbers.get(number);
    if (owner === undefined) this.#numbers.set(number, { id, exchange: exchange.id });
    return [against('account-group.number-unique', exchange, owner?.exchange, owner !== undefined && owner.id !== id && `${owner.id} and ${id} both have ${excerpt(number)}`)];
  }

  #moves(earlier: Sighting, exchange: Exchange, group: Group): Judgement[] {
    const [from, to] = [text(earlier.group, 'status'), text(group, 'status')];
    const [before, after] = [instant(earlier.group, 'updated_at'), instant(group, 'updated_at')];
    const judgements: Judgement[] = [];
    if (from !== undefined && to !== undefined) {
      const legal = this.#contract.life.mayBecome(from, to);
      judgements.push(against('account-group.status-forward', exchange, earlier.exchange.id, !legal && `${text(group, 'id')} went from ${excerpt(from)} to ${excerpt(to)}`));
    }
    if (before !== undefined && after !== undefined)
      judgements.push(
        against('account-group.updated-at-forward', exchange, earlier.exchange.id, after < before - 1 && `${text(group, 'id')} went from ${text(earlier.group, 'updated_at')} to ${text(group, 'updated_at')}`),
      );
    return judgements;
  }
}

function immutable(first: Sighting, exchange: Exchange, group: Group): Judgement {
  const changed = differences(pick(first.group), pick(group));
  return against('account-group.immutable', exchange, first.exchange.id, changed.length > 0 && `${text(group, 'id')}: ${changed.join('; ')}`);
}

const pick = (group: Group): Group => Object.fromEntries(IMMUTABLE.map((member) => [member, group[member]]));

function against(requirement: string, exchange: Exchange, earlier: string | undefined, seen: string | false): Judgement {
  return { requirement, exchanges: earlier === undefined || !seen ? [exchange.id] : [earlier, exchange.id], violations: seen ? [seen] : [] };
}
