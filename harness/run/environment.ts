import { config } from 'dotenv';
import { explain, readSettings, type Settings } from './settings.ts';

/** The exit code for a run that never began because of its settings, its contract or its target. */
export const EXIT_UNUSABLE = 2;

/**
 * The settings from the environment and `.env`; ends the process with one message where they cannot be used. `asks`: is
 * a target to be asked?
 */
export function settingsOrExit(asks = true): Settings {
  config({ quiet: true });
  const outcome = readSettings(process.env, asks);
  if ('settings' in outcome) return outcome.settings;
  return exit(explain(outcome.problems));
}

/** Says why, and ends. */
export function exit(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_UNUSABLE);
}
