import { spawn } from 'node:child_process';

/** One command of a gate. */
export interface Step {
  readonly name: string;
  /** What node is given. */
  readonly command: readonly string[];
}

interface Ended {
  readonly step: Step;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** A step that has passed is told in its last words. */
const LAST_LINES = 3;
/** The test runner tells everything twice where something has failed; the second time only what has. */
const FAILURES = /failing tests:$/;

/**
 * Runs stages one after the other, and the steps of a stage at once. Prints each step when it ends: in full if it has
 * failed, and then no further stage begins. True if all have passed.
 */
export async function passesAll(
  stages: ReadonlyArray<readonly Step[]>,
  print: (text: string) => void,
): Promise<boolean> {
  for (const steps of stages) {
    const ended = await Promise.all(
      steps.map(async (step) => {
        const end = await run(step);
        print(told(end));
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

function told({ step, passed, output, seconds }: Ended): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const failures = lines.findIndex((line) => FAILURES.test(line));
  const words = lines.slice(passed ? -LAST_LINES : Math.max(0, failures));
  return [`${passed ? 'passed' : 'FAILED'}: ${step.name} (${seconds.toFixed(0)} s)`, ...words].join('\n  ');
}
