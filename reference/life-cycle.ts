export type Status = 'PENDING_APPROVAL' | 'ACTIVE' | 'CLOSING' | 'CLOSED' | 'LOCKED';

/** A status and the instant (ms since the epoch) from which a group has it. */
export interface Stage {
  readonly status: Status;
  readonly since: number;
}

/** Where a group stands, and where it goes by itself. */
export interface Life {
  readonly stage: Stage;
  readonly next?: Stage;
}

/** A life that starts with an approval which takes a while, or waits for something else. */
export function begin(now: number, activationMs: number, isComplete: boolean): Life {
  const stage = { status: 'PENDING_APPROVAL', since: now } as const;
  return isComplete ? { stage, next: after(now, activationMs, 'ACTIVE') } : { stage };
}

/** The stage in which a group is at an instant. */
export function stageAt({ stage, next }: Life, now: number): Stage {
  return next !== undefined && next.since <= now ? next : stage;
}

/** The life that follows when closing starts; `undefined` where the group cannot be closed at this instant. */
export function startClosing(life: Life, now: number, closingMs: number): Life | undefined {
  const { status, since } = stageAt(life, now);
  if (status !== 'ACTIVE') return undefined;
  const closing = Math.max(now, since + 1);
  return { stage: { status: 'CLOSING', since: closing }, next: after(closing, closingMs, 'CLOSED') };
}

/** At least a millisecond lies between two stages, or `updated_at` would stand still. */
function after(since: number, delayMs: number, status: Status): Stage {
  return { status, since: since + Math.max(1, Math.ceil(delayMs)) };
}
