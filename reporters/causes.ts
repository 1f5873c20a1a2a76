import { type Exchange, headline } from '../harness/exchange.ts';
import { sortOf } from './report.ts';
import type { Report, ReportedRequirement } from './schema/report.ts';

/** One defect, and all the promises that it violates or keeps from being judged. */
export interface Cause {
  readonly kind: Kind;
  /** What several promises have in common, or the statement of the only one. */
  readonly title: string;
  /** What was seen, unless the title says it. */
  readonly seen?: string | undefined;
  /** The promises, in the order of the contract; never empty. */
  readonly requirements: readonly ReportedRequirement[];
  /** The promises that cannot be judged as a consequence. */
  readonly blocked: readonly ReportedRequirement[];
}

/** Kinds of causes, the most severe first. */
export const KINDS = ['violated', 'stale', 'error', 'blocked', 'not run', 'advice', 'accepted'] as const;
export type Kind = (typeof KINDS)[number];

/** The kind of cause to which a requirement belongs; `undefined` if it is kept, excluded or untested. */
function kindOf({ verdict, observed, gate }: ReportedRequirement): Kind | undefined {
  if (verdict === 'known') return 'accepted';
  if (gate === 'advice') return 'advice';
  if (gate === 'ok') return undefined;
  if (observed === 'violated') return 'violated';
  switch (verdict) {
    case 'stale':
      return 'stale';
    case 'blocked':
      return 'blocked';
    case 'not-run':
      return 'not run';
    default:
      return 'error';
  }
}

interface Found {
  readonly kind: Kind;
  readonly title: string;
  readonly seen?: string | undefined;
  readonly requirements: ReportedRequirement[];
  /** The operation that answers with the wrong status, if that is the cause. */
  readonly operation?: string | undefined;
}

/** The findings of a run grouped by cause: by kind, the most severe first, then by the number of promises affected. */
export function causesOf(report: Report): Cause[] {
  const exchanges = new Map(report.exchanges.map((exchange) => [exchange.id, exchange]));
  const found = new Map<string, Found>();
  for (const one of report.requirements) {
    const kind = kindOf(one);
    if (kind === undefined) continue;
    const { key, ...cause } = causeOf(one, kind, report, exchanges);
    const known = found.get(`${kind} ${key}`);
    if (known === undefined) found.set(`${kind} ${key}`, { kind, ...cause, requirements: [one] });
    else known.requirements.push(one);
  }
  const causes = withConsequences([...found.values()]);
  const weight = ({ requirements, blocked }: Cause) => requirements.length + blocked.length;
  return causes.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || weight(b) - weight(a));
}

function causeOf(
  one: ReportedRequirement,
  kind: Kind,
  report: Report,
  exchanges: ReadonlyMap<string, Exchange>,
): Pick<Found, 'title' | 'seen' | 'operation'> & { readonly key: string } {
  const [violation] = report.evidence[one.id]?.violations ?? [];
  if (violation === undefined || kind === 'stale') {
    const title = plainReason(one.reason ?? '');
    return { key: sortOf(title), title };
  }
  const { seen } = violation;
  const exchange = exchanges.get(violation.exchanges.at(-1) ?? '');
  if (!/^\d{3}; promised is /.test(seen) || exchange === undefined) return { key: sortOf(seen), title: seen, seen };
  const asked = exchange.operation ?? headline(exchange).replace(/[?].*| -> .*/, '');
  return { key: `${asked} ${seen}`, title: `${asked} answers ${seen}`, operation: exchange.operation };
}

/** A reason without its subject and without the advice at its end, so that equal reasons are counted as one. */
function plainReason(reason: string): string {
  const [plain = ''] = reason.split('; where the target cannot do this');
  const parts = plain.split('; ').map((part) => part.replace(/^[\w-]+: (?=[a-z])/, '').replace(/: \d{3}$/, ''));
  return [...new Set(parts)].join('; ');
}

/** Attaches blocked promises to the broken operation that blocks them. */
function withConsequences(found: readonly Found[]): Cause[] {
  const broken = found.filter(({ kind, operation }) => kind === 'violated' && operation !== undefined);
  const causedBy = (one: ReportedRequirement) =>
    broken.find(
      ({ operation = '' }) => one.id.startsWith(`${operation}.`) || (one.reason ?? '').split(/\W+/).includes(operation),
    );
  const isLeft = (one: ReportedRequirement) => causedBy(one) === undefined;
  const blocked = found.filter(({ kind }) => kind === 'blocked').flatMap(({ requirements }) => requirements);
  return found.flatMap(({ operation: _, ...cause }): Cause[] => {
    const requirements = cause.kind === 'blocked' ? cause.requirements.filter(isLeft) : cause.requirements;
    const consequences = blocked.filter((one) => causedBy(one)?.requirements === cause.requirements);
    const [first, ...others] = requirements;
    if (first === undefined) return [];
    // If only one promise is affected, its statement says best what is wrong.
    const isAlone = others.length === 0 && cause.seen !== undefined;
    return [
      {
        ...cause,
        title: isAlone ? first.statement : cause.title,
        seen: isAlone ? cause.seen : undefined,
        requirements,
        blocked: consequences,
      },
    ];
  });
}

/** `11 promises violated, 86 blocked as a consequence`. */
export function extentOf({ kind, requirements, blocked }: Cause): string {
  const count = requirements.length;
  const words: Readonly<Record<Kind, string>> = {
    violated: 'violated',
    stale: 'with an accepted deviation that is out of date',
    error: 'that the suite could not judge',
    blocked: 'blocked',
    'not run': 'not run',
    advice: 'not kept (advice)',
    accepted: 'accepted for this target',
  };
  const consequence = blocked.length > 0 ? `, ${blocked.length} blocked as a consequence` : '';
  return `${count} ${count === 1 ? 'promise' : 'promises'} ${words[kind]}${consequence}`;
}
