import { AsyncLocalStorage } from 'node:async_hooks';

/** Something under way that others may wait for, and that may wait itself. */
export class Work {
  readonly name: string;
  /** What it waits for now. */
  readonly waitsFor: Set<Work>;
  isOver = false;

  constructor(name: string, waitsFor: Set<Work> = new Set()) {
    this.name = name;
    this.waitsFor = waitsFor;
  }
}

const around = new AsyncLocalStorage<readonly Work[]>();

/** Does a part of the work; whatever waits in there makes the work wait. */
export async function doing<T>(work: Work, act: () => Promise<T>): Promise<T> {
  try {
    return await around.run([...(around.getStore() ?? []), work], act);
  } finally {
    work.isOver = true;
  }
}

/**
 * Waits for work that others do.
 *
 * @throws {TypeError} where that work waits for the one who asks: both would wait for ever.
 */
export async function waitFor<T>(work: Work, promise: Promise<T>): Promise<T> {
  const waiting = (around.getStore() ?? []).filter(({ isOver }) => !isOver);
  const stuck = waiting.find((one) => reaches(work, one));
  if (stuck !== undefined) {
    promise.catch(() => undefined);
    throw new TypeError(`${stuck.name} and ${work.name} would wait for each other`);
  }
  // The same work may be waited for more than once at a time.
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
