import { isOneEdit } from '../one-edit.ts';
import { SETTING_NAMES, type SettingName } from './setting-table.ts';

/**
 * Environment variables that look like misspelt settings, with the setting that was probably meant and is not set. An
 * environment is full of unrelated names, so only near-certain matches count.
 */
export function nearMisses(
  env: Readonly<Record<string, string | undefined>>,
): Array<{ readonly name: string; readonly meant: SettingName }> {
  const isSet = (name: string) => (env[name]?.trim() ?? '') !== '';
  return Object.keys(env)
    .filter((name) => isSet(name) && !ORDINARY.includes(name) && !(SETTING_NAMES as readonly string[]).includes(name))
    .flatMap((name) => {
      const meant = SETTING_NAMES.find((setting) => !isSet(setting) && isNearly(name, setting));
      return meant === undefined ? [] : [{ name, meant }];
    });
}

/** Names that other tools use and that resemble a setting by coincidence. */
const ORDINARY: readonly string[] = ['USERID', 'CLIENT_IP'];

/** A prefix that is often put before settings for this API. */
const PREFIX = 'UPVEST_';

/** Likely slips that the rules below miss because the names are too short. */
const SLIPS: Readonly<Partial<Record<string, SettingName>>> = {
  WRITE: 'WRITES',
  USER_IDS: 'USER_ID',
  URL_BASE: 'BASE_URL',
};

/** A shorter name may be one edit away from an unrelated word. */
const LEAST_LETTERS = 7;

function isNearly(name: string, setting: SettingName): boolean {
  if (SLIPS[name] === setting || name === PREFIX + setting) return true;
  const isCompound = setting.includes('_');
  const letters = (text: string) => text.toUpperCase().replaceAll(/[_-]/g, '');
  if (isCompound && letters(name) === letters(setting)) return true;
  const isLong = setting.length > (isCompound ? LEAST_LETTERS : LEAST_LETTERS + 2);
  return isLong && isOneEdit(name.toUpperCase(), setting);
}
