import { ContractError, loadContract } from '../harness/contract/index.ts';
import { type Diagnosis, diagnose } from '../harness/run/doctor.ts';
import { EXIT_UNUSABLE, exit, settingsOrExit } from '../harness/run/environment.ts';
import { SETTING_NAMES, SETTINGS, type Setting, type SettingName } from '../harness/run/setting-table.ts';
import type { Settings } from '../harness/run/settings.ts';
import { counted, oneLine } from '../reporters/text.ts';
import { startReference } from '../tests/global-setup.ts';
import { type Foretold, foretell, remedy } from './foretold.ts';

/**
 * `npm run doctor`: shows what a run with these settings is going to meet. It reads from the target and writes nothing.
 * Exit code 0: a run can start. 1: part of it will be blocked, or fail for a reason that is named. 2: the settings cannot
 * be used, or the target cannot be talked to.
 */

const EXIT_PARTLY = 1;

const ALWAYS: readonly SettingName[] = ['BASE_URL', 'WRITES'];

const print = (text = '') => void process.stdout.write(`${text}\n`);

function showSettings({ shown, baseUrl }: Settings): void {
  const isSet = (name: SettingName) => {
    const { ofTarget }: Setting<unknown> = SETTINGS[name];
    return (process.env[name]?.trim() ?? '') !== '' && (baseUrl !== undefined || ofTarget !== true);
  };
  const inEffect = SETTING_NAMES.filter((name) => ALWAYS.includes(name) || isSet(name));
  print('Settings');
  for (const name of inEffect) print(`  ${name.padEnd(24)}${oneLine(String(shown[name]))}`);
  print('  all others have their defaults');
}

function showSymptoms({ symptoms }: Diagnosis): void {
  print('\nTarget');
  for (const { state, about, says } of symptoms) print(`  ${state.padEnd(9)}${about.padEnd(12)}${oneLine(says)}`);
}

function showForetold(foretold: Foretold | undefined, { targetFile }: Settings): void {
  print('\nWhat a run can test');
  if (foretold === undefined) {
    print('  cannot be foretold for this contract');
    return;
  }
  const { judged, of, unprovoked, left } = foretold;
  print(`  ${judged} of ${counted(of, 'promise')} are put to the test`);
  for (const { exclusion, promises } of left)
    print(`  ${promises} are left out; to test them, ${remedy(exclusion, targetFile?.path)}`);
  print(`  ${unprovoked} are judged only if they are met; nothing provokes them`);
}

async function main(): Promise<number> {
  const settings = settingsOrExit();
  const contract = await loadContract(settings.contract, settings.contractVersion).catch((error: unknown) =>
    error instanceof ContractError ? exit(error.message) : Promise.reject(error),
  );
  showSettings(settings);
  const stop = settings.baseUrl === undefined ? await startReference(settings.contractVersion) : undefined;
  const diagnosis = await diagnose(contract, settings).finally(() => stop?.());
  if (diagnosis.trouble !== undefined) {
    print(`\nThe target cannot be tested: ${oneLine(diagnosis.trouble)}`);
    return EXIT_UNUSABLE;
  }
  showSymptoms(diagnosis);
  showForetold(await foretell(contract, settings, diagnosis.tokenLifetimeMs), settings);
  const isWhole = diagnosis.symptoms.every(({ state }) => state !== 'failed');
  print(isWhole ? '\nReady for a run.' : '\nA run can start, but part of it will be blocked or fail.');
  return isWhole ? 0 : EXIT_PARTLY;
}

process.exitCode = await main();
