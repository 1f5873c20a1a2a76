import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Exchange } from '../harness/exchange.ts';
import { curl } from '../harness/verdicts/case-outcome.ts';
import { hrefOf } from './html/words.ts';
import type { Report, ReportedRequirement } from './schema/report.ts';
import { list, type Of, object, text } from './schema/shape.ts';
import { severityOf } from './severity.ts';
import { printable } from './text.ts';
import { verdictLine } from './verdict-line.ts';

/**
 * Adds what the Allure adapter cannot know while tests run: times and messages of requests, the areas and the severity
 * of a case, and the verdict of the run.
 */

const label = object({ name: text(), value: text() });
const resultShape = object(
  { labels: list(label), steps: list(object({ name: text() }, { open: true })) },
  { open: true },
);
type Step = Of<typeof resultShape>['steps'][number] & Record<string, unknown>;
type Result = Of<typeof resultShape> & { readonly steps: readonly Step[]; readonly links?: readonly unknown[] };
const { schema } = resultShape;
const isResult = new Ajv2020({ strict: false }).compile<Result>(schema);

/** Steps of the runner itself, which say nothing about the target. */
const OF_THE_RUNNER = /^(Before Hooks|After Hooks|Worker Cleanup|Attach "|notes$|Fixture )/;

/**
 * Completes the results in a folder.
 *
 * @param exchangesOf the exchanges of a case, in the order of its steps
 */
export function completeAllure(
  directory: string,
  report: Report,
  exchangesOf: (test: string) => readonly Exchange[],
): void {
  const attachments = new Attachments(directory);
  const requirements = new Map(report.requirements.map((one) => [one.id, one]));
  const epics = epicsOf(report);
  for (const name of filesIn(directory).filter((one) => one.endsWith('-result.json'))) {
    const path = join(directory, name);
    const result: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isResult(result)) continue;
    const id = result.labels.find((one) => one.name === 'ALLURE_ID')?.value ?? '';
    const test = report.cases.find((one) => one.id === id);
    if (test === undefined) continue;
    const covered = test.covers.flatMap((one) => requirements.get(one) ?? []);
    const completed = {
      ...result,
      ...timed(result, exchangesOf(id), attachments),
      labels: [
        ...result.labels.filter(({ name: of }) => !['epic', 'severity', 'suite'].includes(of)),
        ...(epics.get(id) ?? [test.area]).map((value) => ({ name: 'epic', value })),
        { name: 'severity', value: severityOf(covered) },
        { name: 'suite', value: test.area },
      ],
      links: [...(result.links ?? []), ...covered.map(linkOf)],
    };
    writeFileSync(path, JSON.stringify(completed));
  }
  writeEnvironment(directory, report);
}

/** A link from the Allure report to a promise in our report. */
const linkOf = ({ id }: ReportedRequirement) => ({
  type: 'requirement',
  name: id,
  url: `../reports/conformance.html${hrefOf(id)}`,
});

/** The areas that each case covers; an area that no case covers goes to the first case that judged it. */
function epicsOf({ cases, requirements, evidence }: Report): ReadonlyMap<string, readonly string[]> {
  const areas = new Map(requirements.map(({ id, area }) => [id, area]));
  const epics = new Map(
    cases.map(({ id, area, covers }) => [id, new Set([area, ...covers.flatMap((one) => areas.get(one) ?? [])])]),
  );
  const coveredAreas = new Set([...epics.values()].flatMap((set) => [...set]));
  for (const { id, area } of requirements) {
    const test = evidence[id]?.cases[0];
    if (coveredAreas.has(area) || test === undefined) continue;
    epics.get(test)?.add(area);
    coveredAreas.add(area);
  }
  return new Map([...epics].map(([id, set]) => [id, [...set]]));
}

/** Times and steps of a result: first one step for each exchange with its messages, then the requirements judged. */
function timed(result: Result, exchanges: readonly Exchange[], attachments: Attachments) {
  const steps = result.steps.filter(({ name }) => !OF_THE_RUNNER.test(name));
  if (exchanges.length === 0) return { steps };
  const end = Math.max(...exchanges.map(({ endedAt }) => endedAt));
  return {
    start: Math.min(...exchanges.map(({ startedAt }) => startedAt)),
    stop: end,
    steps: steps.map((step, index) => {
      const exchange = exchanges[index];
      return exchange === undefined
        ? { ...step, start: end, stop: end }
        : { ...step, start: exchange.startedAt, stop: exchange.endedAt, attachments: attachments.of(exchange) };
    }),
  };
}

/** Requests and answers as files, each written once, however many cases share the exchange. */
class Attachments {
  readonly #directory: string;
  readonly #known = new Map<string, ReadonlyArray<Readonly<Record<'name' | 'source' | 'type', string>>>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  of(exchange: Exchange) {
    const known = this.#known.get(exchange.id) ?? [
      this.#written(exchange, 'Request', requestText(exchange)),
      this.#written(exchange, 'Answer', answerText(exchange)),
    ];
    this.#known.set(exchange.id, known);
    return known;
  }

  #written({ id }: Exchange, name: string, content: string) {
    const source = `exchange-${id.replaceAll(/[^\w.-]/g, '_')}-${name.toLowerCase()}-attachment.txt`;
    writeFileSync(join(this.#directory, source), printable(content));
    return { name, source, type: 'text/plain' };
  }
}

const headersOf = (headers: Exchange['request']['headers']) => headers.map(([name, value]) => `${name}: ${value}`);

const requestText = (exchange: Exchange) =>
  [
    `${exchange.request.method} ${exchange.request.url}`,
    ...headersOf(exchange.request.headers),
    '',
    exchange.request.body ?? '(no body)',
    ...(exchange.received ? [] : ['', curl(exchange)]),
  ].join('\n');

const answerText = ({ response }: Exchange) =>
  [String(response.status), ...headersOf(response.headers), '', response.body || '(no body)'].join('\n');

/** Puts the verdict first on the overview page. */
function writeEnvironment(directory: string, report: Report): void {
  const path = join(directory, 'environment.properties');
  const { judged, of } = report.scope;
  const known = filesIn(directory).includes('environment.properties') ? readFileSync(path, 'utf8') : '';
  const lines = [`Verdict=${verdictLine(report)}`, `Promises=${judged} of ${of} judged`].map((line) =>
    line.replaceAll(/[\\\r\n]/g, ' '),
  );
  writeFileSync(path, `${lines.join('\n')}\n${known}`);
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
