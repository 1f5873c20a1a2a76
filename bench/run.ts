import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { servedBy } from '../e2e/served.ts';
import { readReport } from '../reporters/report-file.ts';

/**
 * `npm run bench [-- --runs N]`: measures an empty Playwright suite, the full run, one case, targets with and without
 * latency, a target at which every test fails, and a bare replay of the requests. Takes turns, and prints medians.
 */

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });
const runs = Number(values.runs);
const SUITE = ['conformance.mjs'];
const TSX = ['--import', 'tsx'];
const EMPTY = ['node_modules/@playwright/test/cli.js', 'test', '-c', 'bench/empty/playwright.config.ts'];
const ONE_CASE = ['--grep', 'answers a permitted request with a page'];
const GREEN = [0];
/** The exit code of a green selection depends on whether CI is set. */
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

/** Serves a target in another process while `act` runs with the settings that it prints. */
async function withTarget<T>(args: readonly string[], act: (env: Environment) => Promise<T>): Promise<T> {
  const { settings, stop } = await servedBy(process.execPath, [...TSX, ...args], process.cwd());
  try {
    return await act({ ...settings, WRITES: 'on' });
  } finally {
    await stop();
  }
}

const atReference = (latencyMs: number) =>
  withTarget(['proof/serve.ts', '--latency', String(latencyMs)], (env) => seconds(SUITE, GREEN, env));

/** The time of the requests of the last run without the suite, in seconds. */
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
  // Replays the requests of the run before.
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
print(`${runs} runs each, median wall time in seconds; whole processes, except for the bare replay`);
for (const name of names) print(`${name.padEnd(16)}${median(name).toFixed(2)}`);
print(`requests ${run.requests}, verdicts ${verdicts}, ${(verdicts / median('full')).toFixed(0)} verdicts/s`);
const RATIOS: ReadonlyArray<readonly [above: Measure, below: Measure, target?: number]> = [
  ['full', 'empty', 2],
  ['one case', 'empty'],
  ['latency 50', 'latency 0', 1.3],
  ['everything red', 'latency 0', 1.5],
  ['full', 'bare replay'],
];
for (const [above, below, target] of RATIOS) {
  const ratio = (median(above) / median(below)).toFixed(2);
  print(
    `${`${above} / ${below}`.padEnd(28)}${ratio}${target === undefined ? '' : `   (target: ${target.toFixed(1)})`}`,
  );
}
