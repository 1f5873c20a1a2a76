import { groupOf, text } from '../checks/group.ts';
import type { Client } from '../client/client.ts';
import type { RequestSpec } from '../client/request-spec.ts';
import type { Clock } from '../client/wire.ts';
import type { Contract, Operation } from '../contract/index.ts';
import { succeeded } from '../exchange.ts';
import type { Profile } from '../verdicts/profile.ts';
import type { Footprint } from './footprint.ts';

interface Target {
  readonly contract: Contract;
  readonly client: Client;
  readonly clock: Clock;
  /** Longest wait for a group to be approved and to show as closing, in milliseconds. */
  readonly settleMs: number;
  readonly profile: Pick<Profile, 'approval'>;
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

/** Closes a group, once it is approved, and polls until it is closing, or the settling time is up. */
async function closeGroup(
  { client, clock, contract, settleMs, profile }: Target,
  footprint: Footprint,
  caller: RequestSpec['caller'],
  id: string,
  close: Operation,
  retrieve: Operation,
): Promise<void> {
  const { idParameter, life } = contract.resource;
  const path = { [idParameter]: id };
  const ask = ({ name }: Operation) => client.ask({ operation: name, caller, path });
  const deadline = clock.now() + settleMs;
  let accepted = false;
  for (let wait = 50; ; wait *= 2) {
    accepted ||= succeeded(await ask(close));
    const shown = await ask(retrieve);
    footprint.note(contract, shown);
    // One that refuses for another reason may be closing already.
    const waits = profile.approval !== 'manual' && life.initial.includes(text(groupOf(shown) ?? {}, 'status') ?? '');
    if (!footprint.openGroups().includes(id) || !(accepted || waits) || clock.now() + wait > deadline) return;
    await clock.sleep(wait);
  }
}
