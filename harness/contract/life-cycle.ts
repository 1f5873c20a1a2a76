import { isObject, isTextList, type Node } from './document.ts';

/** The statuses of a resource and their transitions. All lists are empty if the contract has none. */
export interface LifeCycle {
  /** Every status, in the order of the document. */
  readonly statuses: readonly string[];
  readonly initial: readonly string[];
  /** Statuses in which an item can be acted on. */
  readonly open: readonly string[];
  readonly final: readonly string[];
  /** True if an item may be seen as `from` and later as `to`, over any number of steps. */
  mayBecome(from: string, to: string): boolean;
}

const WORDS = ['x-transitions', 'x-initial', 'x-open', 'x-final'];

/** True for the schema of a member with a life cycle. */
export const hasLifeCycle = ({ value }: Node): boolean => isObject(value) && WORDS.some((word) => word in value);

/** The life cycle in the schema of a member. */
export function readLifeCycle(status: Node | undefined): LifeCycle {
  const value = status !== undefined && isObject(status.value) ? status.value : {};
  const moves = isObject(value['x-transitions']) ? value['x-transitions'] : {};
  const words = (list: unknown) => (isTextList(list) ? list : []);
  const later = new Map<string, Set<string>>();
  for (const word of Object.keys(moves)) {
    const seen = new Set([word]);
    for (const step of seen) for (const following of words(moves[step])) seen.add(following);
    later.set(word, seen);
  }
  return {
    statuses: words(value.enum),
    initial: words(value['x-initial']),
    open: words(value['x-open']),
    final: words(value['x-final']),
    mayBecome: (from, to) => !later.has(to) || (later.get(from)?.has(to) ?? true),
  };
}
