import { type Case, type CaseResult, EXCLUDED } from './case.ts';
import type { Contract } from './contract/index.ts';
import type { Deviation } from './deviations.ts';
import { type Exchange, headline } from './exchange.ts';
import { gates, type RunOptions } from './verdicts.ts';

/** What one case has shown, as a person reads it. */
export interface Story {
  /** What was asked and judged, a line each, in order. */
  readonly steps: ReadonlyArray<{ readonly title: string; readonly problem?: string }>;
  /** Why the test is red; `undefined` where it is green. */
  readonly failure: string | undefined;
  /** Why nothing was asked; `undefined` where something was. */
  readonly skipped: string | undefined;
  /** Violations that do not fail the test: advice, and what another test tells of. */
  readonly advice: readonly string[];
  /** Tickets under which any of this is or was accepted. */
  readonly tickets: readonly string[];
}

/**
 * Turns the result of a case into steps, a failure message with the `curl` that repeats it, or a reason to skip.
 * A finding that any answer can show is told once: by the cases made for it, or by its `teller`.
 */
export function tell(
  contract: Contract,
  test: Case,
  result: CaseResult,
  options: RunOptions,
  teller: (requirement: string) => string = () => test.id,
): Story {
  const kept = new Map<string, number>();
  for (const judgement of Object.values(result.judgements))
    if (judgement.violations.length === 0) for (const id of judgement.exchanges) kept.set(id, (kept.get(id) ?? 0) + 1);
  const asked = result.exchanges.map((exchange) => ({
    title: `${headline(exchange)} asked by ${askedBy(exchange)}: ${kept.get(exchange.id) ?? 0} requirements kept`,
  }));
  const violated = Object.entries(result.judgements).filter(([, { violations }]) => violations.length > 0);
  const judged = test.proves
    .filter((id) => result.judgements[id] !== undefined && result.judgements[id].violations.length === 0)
    .map((id) => ({ title: `${id}: ${contract.requirements.get(id)?.statement ?? ''}` }));
  const [shut, excused, advisory]: [string[], string[], string[]] = [[], [], []];
  const tickets = new Set<string>();
  const excuse = (text: string, accepted: Deviation | undefined): string => {
    if (accepted === undefined) return text;
    tickets.add(accepted.ticket);
    return isOver(accepted, options)
      ? `${text}\n  accepted  until ${accepted.until} only (${accepted.ticket})`
      : `accepted for this target until ${accepted.until} (${accepted.ticket}): ${accepted.because}\n${text}`;
  };
  const failing = (accepted: Deviation | undefined) =>
    accepted === undefined || isOver(accepted, options) ? shut : excused;
  const broken = violated.flatMap(([id, { violations }]) => {
    const requirement = contract.requirements.get(id);
    const tells = test.proves.includes(id) ? test.id : teller(id);
    if (tells !== test.id) {
      advisory.push(`also violates ${id}, of which the case ${tells} tells`);
      return [];
    }
    const text = firstOfEachAnswer(violations)
      .slice(0, MOST_TOLD)
      .map((violation) => violationText(contract, id, violation, result))
      .join('\n\n');
    const more = violations.length > MOST_TOLD ? `\n\n... and ${violations.length - MOST_TOLD} more of ${id}` : '';
    const accepted = begun(options).find((deviation) => deviation.requirement === id || deviation.case === test.id);
    const told = excuse(`${text}${more}`, accepted);
    (requirement === undefined || gates(requirement, options) ? failing(accepted) : advisory).push(told);
    return [{ title: `${id}: ${requirement?.statement ?? ''}`, problem: told }];
  });
  if (result.error !== undefined) shut.push(`The suite could not tell: ${result.error}`);
  for (const [id, reason] of Object.entries(result.blocked)) {
    const accepted = begun(options).find(({ requirement }) => requirement === id);
    failing(accepted).push(excuse(`${id} is blocked: ${reason}`, accepted));
  }
  const reasons = [...new Set(Object.values(result.excluded))];
  const nothing = result.exchanges.length === 0 && reasons.length > 0 && result.error === undefined;
  // Readers sort failures by how they begin: what is accepted comes last.
  const failures = [...shut, ...excused];
  return {
    steps: [...asked, ...judged, ...broken],
    failure:
      failures.length > 0
        ? `${failures.join('\n\n')}\n\nOnly this again: ${options.seed === undefined ? '' : `SEED=${options.seed} `}npm run conformance -- --grep ${quote(test.title)}`
        : undefined,
    skipped: nothing ? reasons.map((reason) => EXCLUDED[reason]).join('; ') : undefined,
    advice: advisory,
    tickets: [...tickets],
  };
}

const begun = ({ deviations = [], today = '9999' }: RunOptions) => deviations.filter(({ since }) => since <= today);
const isOver = ({ until }: Deviation, { today = '' }: RunOptions) => today > until;

/** More violations of one requirement than these are counted only. */
const MOST_TOLD = 3;

/** An answer that breaks a promise many times over is told of once. */
function firstOfEachAnswer<T extends { readonly exchanges: readonly string[] }>(violations: readonly T[]): T[] {
  return [
    ...new Map(violations.toReversed().map((violation) => [violation.exchanges.join(), violation])).values(),
  ].toReversed();
}

function violationText(
  contract: Contract,
  id: string,
  violation: { readonly seen: string; readonly exchanges: readonly string[] },
  result: CaseResult,
): string {
  const requirement = contract.requirements.get(id);
  const last = result.exchanges.find((exchange) => exchange.id === violation.exchanges.at(-1));
  return [
    `${requirement?.level ?? 'MUST'} ${id}: ${requirement?.statement ?? ''}`,
    ...violation.exchanges.slice(-3).map((exchangeId) => {
      const exchange = result.exchanges.find((candidate) => candidate.id === exchangeId);
      return exchange && `  asked     ${headline(exchange)}, by ${askedBy(exchange)}${requestId(exchange)}`;
    }),
    `  seen      ${violation.seen}`,
    `  promised  ${contract.path}${requirement?.pointer ?? ''} (${requirement?.source ?? ''})`,
    last && !last.received && `  repeat    ${curl(last)}`,
  ]
    .filter((line) => typeof line === 'string')
    .join('\n');
}

function requestId(exchange: Exchange): string {
  const id = exchange.response.headers.find(([name]) => name === 'upvest-request-id')?.[1];
  return id === undefined ? '' : ` [${id}]`;
}

/** Who asked, for people. */
export function askedBy({ received, caller }: Exchange): string {
  return received ? caller : `a caller ${caller}`;
}

/** A shell command that repeats a request; secrets are variables to be set. */
export function curl(exchange: Exchange): string {
  const { method, url, headers, body } = exchange.request;
  const parts = headers
    .filter(([name]) => name !== 'user-agent')
    .map(([name, value]) => `-H ${shellText(value === '' ? `${name};` : `${name}: ${value}`)}`);
  return [
    'curl -sS -i',
    `-X ${method}`,
    shellText(url),
    ...parts,
    ...(body === undefined ? [] : [`--data-raw ${shellText(body)}`]),
  ].join(' ');
}

const VARIABLE = /\$(?:TOKEN_[A-Z_]+|CLIENT_SECRET|TAMPERED_TOKEN)/;

/** Single quotes; where a variable of the redactor has to be filled in by the shell, double ones. */
function shellText(text: string): string {
  if (!VARIABLE.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `"${text.replaceAll(/[\\"`]/g, '\\$&').replaceAll(/\$(?!(?:TOKEN_|CLIENT_SECRET|TAMPERED_TOKEN))/g, '\\$')}"`;
}

const quote = (title: string) => `"${title.replaceAll(/["\\$`]/g, '\\$&')}"`;
