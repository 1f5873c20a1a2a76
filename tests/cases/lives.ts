import { type Api, Blocked, type Deliveries } from '../../harness/case.ts';
import { groupId } from '../../harness/checks/delivery.ts';
import { type Group, groupOf, hasId, text } from '../../harness/checks/group.ts';
import { CREATION } from '../../harness/contract/events.ts';
import type { LifeCycle } from '../../harness/contract/life-cycle.ts';
import { type Delivery, type Sighting, sightings } from '../../harness/delivery.ts';
import type { Exchange } from '../../harness/exchange.ts';
import { type Closed, closed, ended } from '../fixtures/closing.ts';
import { created, own, type Role, retrieve } from '../fixtures/items.ts';

/** The lives of the groups of a run, as far as events have to tell of them. */

/** An answer, and the group that it shows. */
interface Shown {
  readonly exchange: Exchange;
  readonly group: Group;
}

/** One group as it was seen from its creation to its end. */
export interface Life {
  readonly id: string;
  readonly reads: readonly Shown[];
  /** The last read before it was asked to close, if it was. */
  readonly open: Shown | undefined;
  /** Ids of the requirements of the events that must tell of it, and their types. */
  readonly steps: ReadonlyArray<{ readonly requirement: string; readonly type: string; readonly evidence: Exchange }>;
}

/** The lives of the groups that the run creates and closes, seen to their end, with the events awaited. */
export function livesOf(api: Api, deliveries: Deliveries): Promise<readonly Life[]> {
  return api.once('lives', async () => {
    const lives = await Promise.all(
      (['first', 'second'] as const).map((role) => lifeOf(api, role, () => closed(api, role))),
    );
    // The last group is closed when all else is over.
    const spare = await lifeOf(api, 'spare', undefined).catch((error: unknown) => {
      if (error instanceof Blocked) return undefined;
      throw error;
    });
    if (spare !== undefined) lives.push(spare);
    const isTold = (all: readonly Delivery[]) => {
      const seen = sightings(all);
      return lives.every(({ id, steps }) => steps.every(({ type }) => eventsOf(seen, id, type).length > 0));
    };
    await deliveries.until(isTold);
    return lives;
  });
}

async function lifeOf(api: Api, role: Role, end: (() => Promise<Closed>) | undefined): Promise<Life> {
  const creation = await (end === undefined ? own(api, role) : created(api, role));
  const { id } = creation;
  // A group that cannot be closed has a life all the same.
  const closing = await end?.().catch((error: unknown) => {
    if (error instanceof Blocked) return undefined;
    throw error;
  });
  const course =
    closing === undefined
      ? [await retrieve(api, id)]
      : [closing.beforeExchange, closing.after, await ended(api, closing)];
  const shown = (exchange: Exchange) => {
    const group = groupOf(exchange);
    return group !== undefined && hasId(group, id) ? [{ exchange, group }] : [];
  };
  const reads = [creation.exchange, ...course].flatMap(shown);
  const announced = (step: string) =>
    api.contract.resource.events.announcements.filter((announcement) => announcement.step === step);
  const steps = reads.flatMap(({ exchange, group }, index) => {
    const [before, now] = [reads[index - 1]?.group, text(group, 'status')];
    if (before === undefined) return announced(CREATION).map((step) => ({ ...step, evidence: exchange }));
    // A group may be born with the status that it is seen in first; nothing has to tell of that.
    return now === text(before, 'status') ? [] : announced(now ?? '').map((step) => ({ ...step, evidence: exchange }));
  });
  return { id, reads, steps, open: closing === undefined ? undefined : shown(closing.beforeExchange)[0] };
}

export const canFollow = (life: LifeCycle, status: string, word: string) =>
  word !== status && life.mayBecome(status, word);

export function eventsOf(seen: readonly Sighting[], id: string, type: string): Sighting[] {
  return seen.filter(({ event }) => groupId(event) === id.toLowerCase() && event.type === type);
}
