import { spawn } from 'node:child_process';

/** One command of a gate. */
export interface Step {
  readonly name: string;
  /** The arguments for node. */
  readonly command: readonly string[];
}

interface Ended {
  readonly step: Step;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** Lines printed of a step that passed: enough for its summary. */
const LAST_LINES = 3;
/** The test runner repeats failed tests at the end, under this heading. */
const FAILURES = /failing tests:$/;

/**
 * Runs stages one after the other, and the steps of a stage in parallel. Prints each step when it ends, completely if it
 * failed. After a failure, no further stage starts. Returns whether all steps passed.
 */
export async function passesAll(
  stages: ReadonlyArray<readonly Step[]>,
  print: (text: string) => void,
): Promise<boolean> {
  for (const steps of stages) {
    const ended = await Promise.all(
      steps.map(async (step) => {
        const end = await run(step);
        print(summaryOf(end));
        return end;
      }),
    );
    if (ended.some(({ passed }) => !passed)) return false;
  }
  return true;
}

function run(step: Step): Promise<Ended> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, step.command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return new Promise((resolve) => {
    const end = (passed: boolean) => resolve({ step, passed, output, seconds: (performance.now() - startedAt) / 1000 });
    child.once('error', (error) => {
      output += error.message;
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}

function summaryOf({ step, passed, output, seconds }: Ended): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const failures = lines.findIndex((line) => FAILURES.test(line));
  const words = lines.slice(passed ? -LAST_LINES : Math.max(0, failures));
  return [`${passed ? 'passed' : 'FAILED'}: ${step.name} (${seconds.toFixed(0)} s)`, ...words].join('\n  ');
}
