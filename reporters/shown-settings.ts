import { SETTING_NAMES, SETTINGS, type Setting } from '../harness/run/setting-table.ts';

export type ShownSettings = Readonly<Record<string, string | number>>;

/** Settings that may differ between the machines of one run without affecting its results. */
const OF_A_MACHINE: readonly string[] = SETTING_NAMES.filter((name) => {
  const setting: Setting<unknown> = SETTINGS[name];
  return setting.ofMachine === true;
});

/** The settings on which all parts of a run must agree. */
export function sharedSettings(settings: ShownSettings): ShownSettings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !OF_A_MACHINE.includes(name)));
}

/** The settings of all parts of a run; if machines differ in one, all its values. */
export function joinedSettings(parts: readonly ShownSettings[]): ShownSettings {
  const [first = {}] = parts;
  return Object.fromEntries(
    Object.entries(first).map(([name, value]) => {
      const values = new Set(parts.flatMap((settings) => settings[name] ?? []));
      return [name, values.size > 1 && OF_A_MACHINE.includes(name) ? [...values].join('; ') : value];
    }),
  );
}
