import { type Case, type CaseResult, EXCLUDED } from '../case.ts';
import { isObject } from '../contract/document.ts';
import type { Contract } from '../contract/index.ts';
import { type Exchange, headline } from '../exchange.ts';
import { type Acceptance, acceptanceText } from './acceptance.ts';
import { type CaseFinding, findingsOf } from './case-findings.ts';
import { type RerunOptions, rerunCommand } from './rerun.ts';
import type { RequirementVerdict, RunOptions } from './verdicts.ts';

/** What one case has shown, as text. */
export interface CaseOutcome {
  /** The requests and the judged requirements, one line each, in order. */
  readonly steps: ReadonlyArray<{ readonly title: string; readonly problem?: string }>;
  /** Why the test is red; `undefined` if it is green. */
  readonly failure: string | undefined;
  /** Why no request was sent; `undefined` if one was. */
  readonly skipped: string | undefined;
  /** Findings that do not fail the test. */
  readonly advice: readonly string[];
  /** Violations that the answers show and another case reports. */
  readonly elsewhere: readonly string[];
  /** Tickets of the deviations under which any of these findings is or was accepted. */
  readonly tickets: readonly string[];
}

/**
 * Turns the result of a case into steps, a failure message with the `curl` command that repeats it, or a reason to skip.
 * It also names the violations that this case saw and another reports, and the findings of other cases on the
 * requirements that this one covers.
 *
 * @param verdicts of the whole selection
 */
export function outcomeOf(
  contract: Contract,
  test: Case,
  result: CaseResult,
  verdicts: ReadonlyMap<string, RequirementVerdict>,
  options: RunOptions & Pick<RerunOptions, 'baseUrl'>,
): CaseOutcome {
  const findings = findingsOf(test, result, verdicts, options);
  const described: DescribedFinding[] = findings
    .map((finding) => ({ ...finding, text: textOf(contract, test, result, finding) }))
    .sort((a, b) => Number(isSeen(b)) - Number(isSeen(a)));
  const texts = (kind: CaseFinding['kind']) => grouped(described.filter((one) => one.kind === kind));
  const error = result.error === undefined ? [] : [`The case ended in an error: ${result.error}`];
  // Reports group failures by their first words, so accepted findings come last.
  const failures = [...texts('blocking'), ...error, ...texts('excused')];
  const reasons = [...new Set(Object.values(result.excluded))];
  const nothing = result.exchanges.length === 0 && reasons.length > 0 && result.error === undefined;
  const tickets = findings.flatMap(({ verdict }) => verdict?.acceptance?.deviations.map(({ ticket }) => ticket) ?? []);
  return {
    steps: [...stepsOf(contract, test, result), ...described.filter(isStep).map(stepOf)],
    failure: failures.length > 0 ? [...failures, rerunText(test, options)].join('\n\n') : undefined,
    skipped: nothing ? reasons.map((reason) => EXCLUDED[reason]).join('; ') : undefined,
    advice: texts('advice'),
    elsewhere: findings.filter(({ kind }) => kind === 'elsewhere').map(elsewhereText),
    tickets: [...new Set(tickets)],
  };
}

/** True for violations, false for what could not be shown. */
const isSeen = ({ verdict }: CaseFinding) => (verdict?.violations.length ?? 0) > 0;

interface DescribedFinding extends CaseFinding {
  readonly text: string;
}

/** The requests, and the requirements that the case covers and found kept. */
function stepsOf(contract: Contract, test: Case, result: CaseResult): Array<{ readonly title: string }> {
  const kept = new Map<string, number>();
  for (const finding of Object.values(result.findings))
    if (finding.violations.length === 0) for (const id of finding.exchanges) kept.set(id, (kept.get(id) ?? 0) + 1);
  return [
    ...result.exchanges.map((exchange) => ({
      title: `${headline(exchange)} asked by ${askedBy(exchange)}: ${kept.get(exchange.id) ?? 0} requirements kept`,
    })),
    ...test.covers
      .filter((id) => result.findings[id]?.violations.length === 0)
      .map((id) => ({ title: titleOf(contract, id) })),
  ];
}

const titleOf = (contract: Contract, id: string) => `${id}: ${contract.requirements.get(id)?.statement ?? ''}`;
const isStep = ({ kind, isReporter, verdict }: DescribedFinding) =>
  kind !== 'elsewhere' && isReporter && verdict?.violations.length !== 0;
const stepOf = ({ requirement, verdict, text }: DescribedFinding) => ({
  title: `${requirement}: ${verdict?.requirement.statement ?? ''}`,
  problem: text,
});

/** The text of one finding; if another case saw it, with the id of that case. */
function textOf(
  contract: Contract,
  test: Case,
  result: CaseResult,
  { requirement: id, verdict, isReporter, kind }: CaseFinding,
): string {
  if (verdict === undefined) return `${id} was judged, but the contract has no such requirement`;
  const { violations, acceptance, reason, by } = verdict;
  const place = by === undefined || by === test.id ? '' : ` (in the case ${by})`;
  if (violations.length === 0) {
    // The acceptance is added by `excused` below.
    const why = acceptance === undefined ? reason : reason?.replace(`; ${acceptanceText(acceptance)}`, '');
    return excused(acceptance, kind, `${id} is ${wordFor(verdict)}: ${why}${place}`);
  }
  if (!isReporter)
    return excused(
      acceptance,
      kind,
      `${verdict.requirement.level} ${id}: ${verdict.requirement.statement}\n  seen      in the case ${verdict.reporters.join(', ')}: ${violations[0]?.seen}`,
    );
  const own = violations.filter((violation) => violation.case === test.id);
  const answers = firstOfEachAnswer(own);
  const shown = answers.slice(0, MOST_VIOLATIONS).map((violation) => violationText(contract, id, violation, result));
  const others = new Set(violations.map((violation) => violation.case).filter((one) => one !== test.id));
  const more = [
    ...(answers.length > MOST_VIOLATIONS ? [`... and ${answers.length - MOST_VIOLATIONS} more of ${id}`] : []),
    ...(others.size > 0 ? [`... and more of ${id} in the case ${[...others].join(', ')}`] : []),
  ];
  return excused(acceptance, kind, [...shown, ...more].join('\n\n'));
}

/** Completes "is ..."; an accepted verdict without a violation is one that was blocked. */
const wordFor = ({ verdict }: RequirementVerdict) =>
  verdict === 'known' ? 'blocked' : verdict === 'error' ? 'in error' : verdict;

/** The text of a finding with the deviations under which it is, or was, accepted. */
function excused(acceptance: Acceptance | undefined, kind: CaseFinding['kind'], text: string): string {
  if (acceptance === undefined) return text;
  const lines = acceptance.deviations.map(({ until, ticket, because }) =>
    kind === 'excused'
      ? `accepted for this target until ${until} (${ticket}): ${because}`
      : `  accepted  only until ${until} (${ticket})`,
  );
  return kind === 'excused' ? [...lines, text].join('\n') : [text, ...lines].join('\n');
}

/** The texts of findings. Those that differ only in the requirement are merged into one. */
function grouped(findings: readonly DescribedFinding[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { requirement, text } of findings) {
    const [head, rest] = text.startsWith(`${requirement} is `)
      ? [requirement, text.slice(requirement.length)]
      : ['', text];
    groups.set(rest, [...(groups.get(rest) ?? []), head]);
  }
  return [...groups].map(([rest, heads]) =>
    heads.length < 2 ? `${heads[0]}${rest}` : `${heads.join(', ')}${rest.replace(/^ is /, ' are ')}`,
  );
}

function elsewhereText({ requirement, verdict }: CaseFinding): string {
  return `its answers violate ${requirement}, which the case ${verdict?.reporters.join(', ')} reports`;
}

function rerunText({ title }: Case, options: RunOptions & Pick<RerunOptions, 'baseUrl'>): string {
  const rest = options.baseUrl === undefined ? '' : ' (with the credentials and other settings of this run)';
  return `Run only this case again${rest}: ${rerunCommand(title, options)}`;
}

/** Violations of one requirement that are described in full, to keep a failure readable; the rest are counted. */
const MOST_VIOLATIONS = 3;

/** One violation per answer, for answers that break a promise several times. */
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
      const header = exchange && headerIn(exchange.request, id);
      const withHeader = header === undefined ? '' : `, with ${beginningOf(header)}`;
      return (
        exchange && `  asked     ${headline(exchange)}${withHeader}, by ${askedBy(exchange)}${requestId(exchange)}`
      );
    }),
    ...(last === undefined ? [] : bodiesOf(last)),
    `  seen      ${violation.seen}`,
    `  promised  ${contract.path}${requirement?.pointer ?? ''}${valueAt(contract, requirement?.pointer)} (${requirement?.source ?? ''})`,
    last && !last.received && `  repeat    ${curl(last)}`,
  ]
    .filter((line) => typeof line === 'string')
    .join('\n');
}

/** Characters of a body that are shown; the evidence has all of it. */
const MOST_SHOWN = 300;

/** The bodies of an exchange, if they are not empty. */
function bodiesOf({ received, request, response }: Exchange): string[] {
  const line = (word: string, text = '') => (text === '' ? [] : [`  ${word} ${beginningOf(text)}`]);
  if (received) return line('received ', request.body);
  return [...line('sent     ', request.body), ...line('answered ', response.body)];
}

/**
 * The request header that the requirement is about, or an unusual `accept`; the others are the same in every request.
 */
function headerIn({ headers }: Exchange['request'], id: string): string | undefined {
  const of = (name: string) => headers.find(([key]) => key === name)?.[1];
  const name = /\.header\.([\w-]+)\./.exec(id)?.[1];
  if (name !== undefined) return of(name) === undefined ? `no ${name}` : `${name}: ${of(name)}`;
  const accept = of('accept');
  return accept === undefined || accept === 'application/json' ? undefined : `accept: ${accept}`;
}

const beginningOf = (text: string) => {
  const one = text.replaceAll(/\s+/g, ' ').trim();
  return one.length > MOST_SHOWN ? `${one.slice(0, MOST_SHOWN)}...` : one;
};

/** The value at the pointer, such as a pattern or an enum; for a parameter, its schema. */
function valueAt({ doc }: Contract, pointer = ''): string {
  const value = doc.find(pointer)?.value;
  const shown = isObject(value) ? value.schema : value;
  const text = shown === undefined ? '' : JSON.stringify(shown);
  return text === '' || text.length > MOST_SHOWN ? '' : `: ${text}`;
}

function requestId(exchange: Exchange): string {
  const id = exchange.response.headers.find(([name]) => name === 'upvest-request-id')?.[1];
  return id === undefined ? '' : ` [${id}]`;
}

/** The sender of a request, in words. */
export function askedBy({ received, caller }: Exchange): string {
  return received ? caller : `a caller ${caller}`;
}

/** A shell command that repeats a request. Secrets are shell variables, which have to be set. */
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

/**
 * Quotes a text for the shell: in double quotes if it holds a variable of the redactor, which the shell has to expand,
 * else in single quotes.
 */
function shellText(text: string): string {
  if (!VARIABLE.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `"${text.replaceAll(/[\\"`]/g, '\\$&').replaceAll(/\$(?!(?:TOKEN_|CLIENT_SECRET|TAMPERED_TOKEN))/g, '\\$')}"`;
}
