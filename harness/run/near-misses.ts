import { isOneEdit } from '../one-edit.ts';
import { SETTING_NAMES, type SettingName } from './setting-table.ts';

/**
 * Names of the environment that are nearly those of settings: whoever wrote them meant a setting, which is not set.
 * An environment is full of names that mean nothing to the suite, so a guess is made only where it can hardly be wrong.
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

/** Names that are in use elsewhere, and near a setting by chance. */
const ORDINARY: readonly string[] = ['USERID', 'CLIENT_IP'];

/** What people put before settings of this API. */
const PREFIX = 'UPVEST_';

/** Likely slips that no rule finds, as the names are too short for one. */
const SLIPS: Readonly<Partial<Record<string, SettingName>>> = {
  WRITE: 'WRITES',
  USER_IDS: 'USER_ID',
  URL_BASE: 'BASE_URL',
};

/** A name with fewer letters than this may be one edit away from any word. */
const LEAST_LETTERS = 7;

function isNearly(name: string, setting: SettingName): boolean {
  if (SLIPS[name] === setting || name === PREFIX + setting) return true;
  const isCompound = setting.includes('_');
  const letters = (text: string) => text.toUpperCase().replaceAll(/[_-]/g, '');
  if (isCompound && letters(name) === letters(setting)) return true;
  const isLong = setting.length > (isCompound ? LEAST_LETTERS : LEAST_LETTERS + 2);
  return isLong && isOneEdit(name.toUpperCase(), setting);
}
