import { AsyncLocalStorage } from 'node:async_hooks';

/** Work in progress, which others may wait for and which may itself wait for other work. */
export class Work {
  readonly name: string;
  /** The work it is waiting for. */
  readonly waitsFor: Set<Work>;
  isOver = false;

  constructor(name: string, waitsFor: Set<Work> = new Set()) {
    this.name = name;
    this.waitsFor = waitsFor;
  }
}

const around = new AsyncLocalStorage<readonly Work[]>();

/** Does a piece of work; anything awaited inside through {@link waitFor} counts as awaited by the work. */
export async function doing<T>(work: Work, act: () => Promise<T>): Promise<T> {
  try {
    return await around.run([...(around.getStore() ?? []), work], act);
  } finally {
    work.isOver = true;
  }
}

/**
 * Waits for other work.
 *
 * @throws {TypeError} if that work in turn waits for the caller, which would be a deadlock
 */
export async function waitFor<T>(work: Work, promise: Promise<T>): Promise<T> {
  const waiting = (around.getStore() ?? []).filter(({ isOver }) => !isOver);
  const stuck = waiting.find((one) => reaches(work, one));
  if (stuck !== undefined) {
    promise.catch(() => undefined);
    throw new TypeError(`${stuck.name} and ${work.name} would wait for each other`);
  }
  // An edge of its own for each wait, because the same work may be awaited several times at once.
  const edges = waiting.map((one) => ({ one, edge: new Work(work.name, new Set([work])) }));
  for (const { one, edge } of edges) one.waitsFor.add(edge);
  try {
    return await promise;
  } finally {
    for (const { one, edge } of edges) one.waitsFor.delete(edge);
  }
}

function reaches(from: Work, to: Work, seen = new Set<Work>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return [...from.waitsFor].some((next) => reaches(next, to, seen));
}
