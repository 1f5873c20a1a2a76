import type { Client } from '../client/client.ts';
import type { RequestSpec } from '../client/request-spec.ts';
import type { Clock } from '../client/wire.ts';
import type { Contract, Operation } from '../contract/index.ts';
import { succeeded } from '../exchange.ts';
import type { Footprint } from './footprint.ts';

interface Target {
  readonly contract: Contract;
  readonly client: Client;
  readonly clock: Clock;
  /** Longest wait for a group to be seen closing, in milliseconds. */
  readonly settleMs: number;
}

/** Closes every group of a run that nobody has closed since. */
export async function closeGroups(target: Target, footprint: Footprint, caller: RequestSpec['caller']): Promise<void> {
  const { close, retrieve } = target.contract.resource;
  if (close === undefined || retrieve === undefined) return;
  await Promise.all(
    footprint.openGroups().map((id) =>
      // The footprint goes on listing the group as open; that is the report of this failure.
      closeGroup(target, footprint, caller, id, close, retrieve).catch(() => undefined),
    ),
  );
}

/** Closes a group and looks until it is closing, or until the settling time is over. */
async function closeGroup(
  { client, clock, contract, settleMs }: Target,
  footprint: Footprint,
  caller: RequestSpec['caller'],
  id: string,
  close: Operation,
  retrieve: Operation,
): Promise<void> {
  const path = { [contract.resource.idParameter]: id };
  const ask = ({ name }: Operation) => client.ask({ operation: name, caller, path });
  const accepted = succeeded(await ask(close));
  // One that refuses may be closing already.
  const deadline = clock.now() + (accepted ? settleMs : 0);
  for (let wait = 50; ; wait *= 2) {
    footprint.note(contract, await ask(retrieve));
    if (!footprint.openGroups().includes(id) || clock.now() + wait > deadline) return;
    await clock.sleep(wait);
  }
}
