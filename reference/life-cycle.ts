export type Status = 'PENDING_APPROVAL' | 'ACTIVE' | 'CLOSING' | 'CLOSED' | 'LOCKED';

/** A status, and the time (milliseconds since the epoch) from which a group has it. */
export interface Stage {
  readonly status: Status;
  readonly since: number;
}

/** The stage of a group, and the one that follows without further requests. */
export interface Life {
  readonly stage: Stage;
  readonly next?: Stage;
}

/** The life of a new group. Approval takes `activationMs`; an incomplete group waits for more owners. */
export function begin(now: number, activationMs: number, isComplete: boolean): Life {
  const stage = { status: 'PENDING_APPROVAL', since: now } as const;
  return isComplete ? { stage, next: after(now, activationMs, 'ACTIVE') } : { stage };
}

/** The stage of a group at a time. */
export function stageAt({ stage, next }: Life, now: number): Stage {
  return next !== undefined && next.since <= now ? next : stage;
}

/** The life of a group whose closing starts now; `undefined` if it cannot be closed now. */
export function startClosing(life: Life, now: number, closingMs: number): Life | undefined {
  const { status, since } = stageAt(life, now);
  if (status !== 'ACTIVE') return undefined;
  const closing = Math.max(now, since + 1);
  return { stage: { status: 'CLOSING', since: closing }, next: after(closing, closingMs, 'CLOSED') };
}

/** Stages are at least a millisecond apart: otherwise `updated_at` would not change. */
function after(since: number, delayMs: number, status: Status): Stage {
  return { status, since: since + Math.max(1, Math.ceil(delayMs)) };
}
