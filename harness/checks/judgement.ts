/** What exchanges say about one requirement: nothing against it, or what was seen instead. */
export interface Judgement {
  /** Id of the requirement. */
  readonly requirement: string;
  /** Ids of the exchanges that prove or disprove it. */
  readonly exchanges: readonly string[];
  /** What was seen, in words; empty where the requirement is kept. */
  readonly violations: readonly string[];
}

/** A judgement by one exchange; `seen` is what is wrong, or nothing. */
export function judged(requirement: string, exchange: { readonly id: string }, seen?: string | false): Judgement {
  return { requirement, exchanges: [exchange.id], violations: seen ? [seen] : [] };
}
