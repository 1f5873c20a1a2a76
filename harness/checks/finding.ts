/** What exchanges show about one requirement. */
export interface Finding {
  /** Id of the requirement. */
  readonly requirement: string;
  /** Ids of the exchanges that it is based on. */
  readonly exchanges: readonly string[];
  /** What was seen, in words; empty if the requirement is kept. */
  readonly violations: readonly string[];
}

/** All findings on one requirement. */
export interface Findings {
  readonly exchanges: readonly string[];
  readonly violations: ReadonlyArray<{ readonly seen: string; readonly exchanges: readonly string[] }>;
}

/** A finding from one exchange; `seen` describes the violation, if there is one. */
export function finding(requirement: string, exchange: { readonly id: string }, seen?: string | false): Finding {
  return { requirement, exchanges: [exchange.id], violations: seen ? [seen] : [] };
}

/** A finding from one exchange and, if it is a violation, the earlier one that it is compared with. */
export function against(
  requirement: string,
  exchange: { readonly id: string },
  earlier: string | undefined,
  seen: string | false,
): Finding {
  return {
    requirement,
    exchanges: earlier === undefined || !seen ? [exchange.id] : [earlier, exchange.id],
    violations: seen ? [seen] : [],
  };
}

/** Violations of one requirement that are kept per exchange; more would show nothing new. */
const MOST_OF_ONE = 3;

/** The findings of one exchange without repetition: per requirement one that is kept, and a few violations. */
export function condensed(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, { kept: number; violated: number }>();
  return findings.filter(({ requirement, violations }) => {
    const count = counts.get(requirement) ?? { kept: 0, violated: 0 };
    counts.set(requirement, count);
    return violations.length === 0 ? count.kept++ === 0 : count.violated++ < MOST_OF_ONE;
  });
}

/** Findings grouped by requirement; the texts of violations go through `redact`. */
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
