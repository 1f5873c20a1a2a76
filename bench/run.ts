import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** `npm run bench [-- --runs N]`: an empty Playwright suite, the full run, a bare replay, and latency, in one go. Medians. */

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });
const runs = Number(values.runs);
const PLAYWRIGHT = ['node_modules/@playwright/test/cli.js', 'test'];
const TSX = ['--import', 'tsx'];

interface Summary {
  readonly run: { readonly requests: number };
  readonly counts: Readonly<Record<string, number>>;
}

/** Wall time of a whole process, in seconds. */
async function seconds(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return (performance.now() - startedAt) / 1000;
}

const median = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Serves the reference in a process of its own while `act` runs. */
async function withReference<T>(latencyMs: number, act: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const child: ChildProcess = spawn(process.execPath, [...TSX, 'selftest/serve.ts', '--latency', String(latencyMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    if (child.stdout === null) throw new Error('the reference has no output');
    const [line] = await once(child.stdout, 'data');
    const env = Object.fromEntries(
      String(line)
        .trim()
        .split(' ')
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    return await act({ ...env, WRITES: 'on' });
  } finally {
    child.kill('SIGTERM');
  }
}

/** The last line that the proof prints: faults, liberties, seconds, faults a second. */
async function proof(): Promise<string> {
  const child = spawn(process.execPath, [...TSX, 'selftest/prove.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child, 'close');
  return output.trim().split('\n').at(-1) ?? '';
}

/** What the requests of the last run cost on the wire alone, in seconds. */
async function replay(): Promise<number> {
  const child = spawn(process.execPath, [...TSX, 'bench/replay.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const { milliseconds } = JSON.parse(String(line)) as { milliseconds: number };
  return milliseconds / 1000;
}

const times: Record<string, number[]> = {
  empty: [],
  full: [],
  'latency 0': [],
  'latency 50': [],
  'bare replay': [],
};
for (let run = 0; run < runs; run++) {
  times.empty?.push(await seconds([...PLAYWRIGHT, '-c', 'bench/empty/playwright.config.ts']));
  times.full?.push(await seconds(PLAYWRIGHT));
  times['bare replay']?.push(await replay());
  await withReference(0, async (env) => void times['latency 0']?.push(await seconds(PLAYWRIGHT, env)));
  await withReference(50, async (env) => void times['latency 50']?.push(await seconds(PLAYWRIGHT, env)));
}
const { run, counts } = JSON.parse(readFileSync('reports/conformance.json', 'utf8')) as Summary;
const verdicts = Object.values(counts).reduce((sum, count) => sum + count, 0);
const print = (text: string) => void process.stdout.write(`${text}\n`);
print(`${runs} runs each, median wall seconds; whole processes, but for the bare replay`);
for (const [name, list] of Object.entries(times)) print(`${name.padEnd(16)}${median(list).toFixed(2)}`);
const of = (name: string) => median(times[name] ?? []);
print(`requests ${run.requests}, verdicts ${verdicts}, ${(verdicts / of('full')).toFixed(0)} verdicts/s`);
print(`full / empty            ${(of('full') / of('empty')).toFixed(2)}   (aim: 2.5)`);
print(`latency 50 / latency 0  ${(of('latency 50') / of('latency 0')).toFixed(2)}   (aim: 1.5)`);
print(`full / bare replay      ${(of('full') / of('bare replay')).toFixed(1)}`);
print(await proof());
