import { randomUUID } from 'node:crypto';
import type { Status } from './life-cycle.ts';
import { type AccountGroup, timestamp } from './store.ts';

const TYPES = {
  PENDING_APPROVAL: 'ACCOUNT_GROUP.CREATED',
  ACTIVE: 'ACCOUNT_GROUP.ACTIVATED',
  CLOSING: 'ACCOUNT_GROUP.CLOSING_INITIATED',
  CLOSED: 'ACCOUNT_GROUP.CLOSED',
  LOCKED: 'ACCOUNT_GROUP.LOCKED',
} as const satisfies Record<Status, string>;

const UPDATED = 'ACCOUNT_GROUP.UPDATED';

/** The event that tells one webhook about one stage of a group. */
export interface GroupEvent {
  readonly id: string;
  readonly created_at: string;
  readonly type: (typeof TYPES)[Status] | typeof UPDATED;
  readonly object: AccountGroup;
  readonly webhook_id: string;
}

/** The event for a group that has just entered its status. `at`: milliseconds since the epoch. */
export function groupEvent(group: AccountGroup, at: number, webhookId: string): GroupEvent {
  return {
    id: randomUUID(),
    created_at: timestamp(at),
    type: TYPES[group.status],
    object: group,
    webhook_id: webhookId,
  };
}

/** The UPDATED event that accompanies the event of a status; `undefined` for a group that has just been created. */
export function updateEvent(group: AccountGroup, at: number, webhookId: string): GroupEvent | undefined {
  const event = groupEvent(group, at, webhookId);
  return group.status === 'PENDING_APPROVAL' ? undefined : { ...event, id: randomUUID(), type: UPDATED };
}
