import { config } from 'dotenv';
import { explain, readSettings, type Settings } from './settings.ts';

/** The exit code for a run that never began because of its settings, its contract or its target. */
export const EXIT_UNUSABLE = 2;

/**
 * The settings from the environment and `.env`; ends the process with one message where they cannot be used. `asks`: is
 * a target to be asked?
 */
export function settingsOrExit(asks = true): Settings {
  const fromFile: Record<string, string> = {};
  config({ quiet: true, processEnv: fromFile });
  // An empty line of the file is a line that was not filled in; an empty variable may be one that was lost.
  for (const [name, value] of Object.entries(fromFile)) if (value.trim() !== '') process.env[name] ??= value;
  const outcome = readSettings(process.env, asks);
  if ('settings' in outcome) return outcome.settings;
  return exit(explain(outcome.problems));
}

/** Says why, and ends. */
export function exit(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_UNUSABLE);
}
