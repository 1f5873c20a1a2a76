import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Ended {
  readonly exitCode: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Longest run of a tool; they take seconds. */
const LONGEST_MS = 10 * 60_000;

/** Switches off telemetry and update checks. */
const QUIET = {
  DO_NOT_TRACK: '1',
  NO_COLOR: '1',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  REDOCLY_TELEMETRY: 'off',
  STEPCI_DISABLE_ANALYTICS: '1',
};

/** Runs a program. The exit code is -1 if it does not end in time, or is killed. */
export async function command(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...QUIET, ...env }, timeout: LONGEST_MS });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  child.stdin.end();
  const [code] = await once(child, 'close');
  return { exitCode: typeof code === 'number' ? code : -1, output };
}

/** Runs a script with Node. */
export const node = (script: string, args: readonly string[], options: Parameters<typeof command>[2]) =>
  command(process.execPath, [script, ...args], options);
