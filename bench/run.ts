import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { readReport } from '../reporters/report-file.ts';

/**
 * `npm run bench [-- --runs N]`: an empty Playwright suite, the full run, one case, targets without and with latency, one
 * at which everything is red, and a bare replay of the requests; by turns, in one go. Medians.
 */

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });
const runs = Number(values.runs);
const SUITE = ['conformance.mjs'];
const TSX = ['--import', 'tsx'];
const EMPTY = ['node_modules/@playwright/test/cli.js', 'test', '-c', 'bench/empty/playwright.config.ts'];
const ONE_CASE = ['--grep', 'answers a permitted request with a page'];
const GREEN = [0];
/** What a selection that is green ends with depends on who asks. */
const PART = [0, 3];
const RED = [1];

type Environment = Readonly<Record<string, string>>;

/** Wall time of a whole process, in seconds. */
async function seconds(args: readonly string[], codes: readonly number[], env: Environment = {}): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (!codes.includes(code)) throw new Error(`${args.join(' ')} ended with ${code}`);
  return (performance.now() - startedAt) / 1000;
}

/** Serves a target in a process of its own while `act` runs with the settings that it prints. */
async function withTarget<T>(args: readonly string[], act: (env: Environment) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [...TSX, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(child.stdout, 'data');
    const pairs = String(line).trim().split(' ');
    const settings = pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
    return await act({ ...Object.fromEntries(settings), WRITES: 'on' });
  } finally {
    child.kill('SIGTERM');
  }
}

const atReference = (latencyMs: number) =>
  withTarget(['proof/serve.ts', '--latency', String(latencyMs)], (env) => seconds(SUITE, GREEN, env));

/** What the requests of the last run cost on the wire alone, in seconds. */
async function replay(): Promise<number> {
  const child = spawn(process.execPath, [...TSX, 'bench/replay.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const { milliseconds } = JSON.parse(String(line)) as { milliseconds: number };
  return milliseconds / 1000;
}

const MEASURES = {
  empty: () => seconds(EMPTY, GREEN),
  'one case': () => seconds([...SUITE, ...ONE_CASE], PART),
  'everything red': () => withTarget(['bench/red.ts'], (env) => seconds(SUITE, RED, env)),
  'latency 50': () => atReference(50),
  'latency 0': () => atReference(0),
  full: () => seconds(SUITE, GREEN),
  // Of the run before it.
  'bare replay': replay,
};
type Measure = keyof typeof MEASURES;

const names = Object.keys(MEASURES) as Measure[];
const times = new Map<Measure, number[]>(names.map((name) => [name, []]));
for (let run = 0; run < runs; run++) for (const name of names) times.get(name)?.push(await MEASURES[name]());

const median = (name: Measure) => {
  const list = (times.get(name) ?? []).toSorted((a, b) => a - b);
  return list[Math.floor(list.length / 2)] ?? Number.NaN;
};
const print = (text: string) => void process.stdout.write(`${text}\n`);
const { run, counts } = readReport('reports/conformance.json');
const verdicts = Object.values(counts).reduce((sum, count) => sum + count, 0);
print(`${runs} runs each, median wall seconds; whole processes, but for the bare replay`);
for (const name of names) print(`${name.padEnd(16)}${median(name).toFixed(2)}`);
print(`requests ${run.requests}, verdicts ${verdicts}, ${(verdicts / median('full')).toFixed(0)} verdicts/s`);
const RATIOS: ReadonlyArray<readonly [above: Measure, below: Measure, aim?: number]> = [
  ['full', 'empty', 2],
  ['one case', 'empty'],
  ['latency 50', 'latency 0', 1.3],
  ['everything red', 'latency 0', 1.5],
  ['full', 'bare replay'],
];
for (const [above, below, aim] of RATIOS) {
  const ratio = (median(above) / median(below)).toFixed(2);
  print(`${`${above} / ${below}`.padEnd(28)}${ratio}${aim === undefined ? '' : `   (aim: ${aim.toFixed(1)})`}`);
}
