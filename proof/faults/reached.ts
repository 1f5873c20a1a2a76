/** Statuses that a reference never gives. */
const UNREACHED = ['429', '500', '503', '504'];
const UNREACHED_BY: Readonly<Record<string, readonly string[]>> = { token: ['403'] };

/** True for a status that the reference can be brought to give. */
export const isReached = (operation: string, status: string): boolean =>
  ![...UNREACHED, ...(UNREACHED_BY[operation] ?? [])].includes(status);
