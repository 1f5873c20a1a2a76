import { type Contract, loadContract } from '../harness/contract/index.ts';
import { versionsOf } from '../harness/contract/versions.ts';
import { exit, settingsOrExit } from '../harness/run/environment.ts';
import { connect } from '../harness/run/run.ts';
import type { Settings } from '../harness/run/settings.ts';
import { requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { type Fit, fitOf, isPossible, newestKept } from '../harness/verdicts/version-fit.ts';
import { summariseFits } from '../harness/verdicts/version-words.ts';
import { allCases } from './cases/index.ts';
import { startReference } from './global-setup.ts';

/**
 * `npm run which-version`: which version of the contract does the target keep? Reads once, and judges what was read by every
 * version. With WRITES=on the versions that reading leaves possible are tried with writes as well, the newest first, until
 * one is kept whole; each of these creates and closes groups as a run does. Without BASE_URL the target is the reference
 * at CONTRACT_VERSION. Exit code 0 where a version is kept whole, 1 where none is, 2 where the target cannot be asked.
 */

/** Signatures are the same in every version, and each is made once. */
const NOT_ASKED = ['signatures'];

type Recorder = Parameters<typeof connect>[4];

/** How the last of some versions fits the target. */
async function fit(versions: readonly Contract[], settings: Settings, recorder: Recorder): Promise<Fit> {
  const contract = versions.at(-1);
  if (contract === undefined) throw new TypeError('there is no version');
  const cases = allCases(contract).filter(({ area }) => !NOT_ASKED.includes(area));
  const { session, close } = await connect(contract, settings, `${contract.vendorVersion}.`, settings.writes, recorder);
  try {
    const results = await Promise.all(cases.map((test) => session.result(test)));
    const byCase = new Map(results.map((result) => [result.case, result]));
    const trouble = results.find(({ error }) => error !== undefined)?.error;
    const verdicts = requirementVerdicts(contract, cases, byCase, { ...settings, strict: true });
    if (verdicts.every(({ verdict }) => verdict !== 'passed')) exit(`the target cannot be asked: ${trouble}`);
    return fitOf(versions, verdicts, byCase);
  } finally {
    await session.close();
    await close();
  }
}

async function main(): Promise<number> {
  const settings = settingsOrExit();
  const stop = settings.baseUrl === undefined ? await startReference(settings.contractVersion) : undefined;
  const versions = versionsOf(settings.contract);
  const contracts = await Promise.all(versions.map((version) => loadContract(settings.contract, version)));
  const { Recording } = await import('../harness/client/replay.ts');
  let recording: InstanceType<typeof Recording> | undefined;
  const recorder: Recorder = (send) => {
    recording ??= new Recording(send);
    return recording.session();
  };
  const fits = new Map<string, Fit>();
  const keep = (one: Fit) => {
    fits.set(one.version, one);
    return one;
  };
  try {
    const upTo = contracts.map((_, index) => contracts.slice(0, index + 1)).reverse();
    for (const some of upTo) keep(await fit(some, { ...settings, writes: false }, recorder));
    for (const some of settings.writes ? upTo : []) {
      const known = fits.get(some.at(-1)?.vendorVersion ?? '');
      if (known === undefined || !isPossible(known)) continue;
      const tried = keep(await fit(some, settings, undefined));
      if (isPossible(tried) && tried.shown.length > 0) break;
    }
  } finally {
    await stop?.();
  }
  const all = versions.flatMap((version) => fits.get(version) ?? []);
  for (const line of summariseFits(all, settings.writes)) process.stdout.write(`${line}\n`);
  process.stdout.write(`${recording?.asked} requests for reading, ${recording?.replayed} answers used again\n`);
  return newestKept(all) === undefined ? 1 : 0;
}

process.exitCode = await main();
