/** Statuses that the suite cannot provoke. */
const UNREACHED = ['429', '500', '503', '504'];
const UNREACHED_BY: Readonly<Record<string, readonly string[]>> = { token: ['403'] };

/** Whether the suite can provoke a status. */
export const isReached = (operation: string, status: string): boolean =>
  ![...UNREACHED, ...(UNREACHED_BY[operation] ?? [])].includes(status);
