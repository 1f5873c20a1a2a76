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
  /** Longest wait for a group to show as closing, in milliseconds. */
  readonly settleMs: number;
}

/** Closes every group of a run that is still open. */
export async function closeGroups(target: Target, footprint: Footprint, caller: RequestSpec['caller']): Promise<void> {
  const { close, retrieve } = target.contract.resource;
  if (close === undefined || retrieve === undefined) return;
  await Promise.all(
    footprint.openGroups().map((id) =>
      // The footprint keeps listing the group as open, which reports the failure.
      closeGroup(target, footprint, caller, id, close, retrieve).catch(() => undefined),
    ),
  );
}

/** Closes a group and polls until it is closing, or the settling time is up. */
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
  // A group that refuses to close may be closing already, so it is retrieved once.
  const deadline = clock.now() + (accepted ? settleMs : 0);
  for (let wait = 50; ; wait *= 2) {
    footprint.note(contract, await ask(retrieve));
    if (!footprint.openGroups().includes(id) || clock.now() + wait > deadline) return;
    await clock.sleep(wait);
  }
}
