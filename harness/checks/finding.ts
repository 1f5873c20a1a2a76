/** What exchanges say about one requirement: nothing against it, or what was seen instead. */
export interface Finding {
  /** Id of the requirement. */
  readonly requirement: string;
  /** Ids of the exchanges that prove or disprove it. */
  readonly exchanges: readonly string[];
  /** What was seen, in words; empty where the requirement is kept. */
  readonly violations: readonly string[];
}

/** All that was judged about one requirement. */
export interface Findings {
  readonly exchanges: readonly string[];
  readonly violations: ReadonlyArray<{ readonly seen: string; readonly exchanges: readonly string[] }>;
}

/** A finding by one exchange; `seen` is what is wrong, or nothing. */
export function finding(requirement: string, exchange: { readonly id: string }, seen?: string | false): Finding {
  return { requirement, exchanges: [exchange.id], violations: seen ? [seen] : [] };
}

/** Of one requirement, so many violations by one exchange are kept; more of them show no more. */
const MOST_OF_ONE = 3;

/** The findings of one exchange, as few as say the same: one that is kept of each requirement, and some violations. */
export function condensed(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, { kept: number; violated: number }>();
  return findings.filter(({ requirement, violations }) => {
    const count = counts.get(requirement) ?? { kept: 0, violated: 0 };
    counts.set(requirement, count);
    return violations.length === 0 ? count.kept++ === 0 : count.violated++ < MOST_OF_ONE;
  });
}

/** Judgements gathered by requirement; what was seen goes through `redact`. */
export function byRequirement(
  findings: readonly Finding[],
  redact: (text: string) => string = (text) => text,
): Record<string, Findings> {
  const gathered = new Map<string, { exchanges: Set<string>; violations: Array<Findings['violations'][number]> }>();
  for (const { requirement, exchanges, violations } of findings) {
    let entry = gathered.get(requirement);
    if (entry === undefined) {
      entry = { exchanges: new Set(), violations: [] };
      gathered.set(requirement, entry);
    }
    for (const id of exchanges) entry.exchanges.add(id);
    for (const seen of violations) entry.violations.push({ seen: redact(seen), exchanges });
  }
  return Object.fromEntries(
    [...gathered].map(([id, { exchanges, violations }]) => [id, { exchanges: [...exchanges], violations }]),
  );
}
