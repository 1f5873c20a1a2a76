import { config } from 'dotenv';
import { explain, readSettings, type Settings } from './settings.ts';

/** Exit code of a run that could not start because of its settings, contract or target. */
export const EXIT_UNUSABLE = 2;

/**
 * The settings from the environment and `.env`. If they are invalid, prints all problems and ends the process.
 *
 * @param asks false for a command that sends nothing to a target
 */
export function settingsOrExit(asks = true): Settings {
  const fromFile: Record<string, string> = {};
  config({ quiet: true, processEnv: fromFile });
  // An empty line in the file was left blank on purpose; an empty environment variable may be one that was lost.
  for (const [name, value] of Object.entries(fromFile)) if (value.trim() !== '') process.env[name] ??= value;
  const outcome = readSettings(process.env, asks);
  if ('settings' in outcome) return outcome.settings;
  return exit(explain(outcome.problems));
}

/** Prints the message on stderr and ends the process with {@link EXIT_UNUSABLE}. */
export function exit(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_UNUSABLE);
}
