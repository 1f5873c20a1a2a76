import { type Contract, readContract } from '../harness/contract/index.ts';
import { versionsOf } from '../harness/contract/versions.ts';
import type { Delivery } from '../harness/delivery.ts';
import { judgeRecorded, recordedCase } from '../harness/run/recorded.ts';
import type { Settings } from '../harness/run/settings.ts';
import { requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { fitOf } from '../harness/verdicts/version-fit.ts';
import { summariseFits } from '../harness/verdicts/version-words.ts';

/** How recorded deliveries fit each version of the contract, as lines to print. */
export async function fitsOfDeliveries(settings: Settings, deliveries: readonly Delivery[]): Promise<string[]> {
  const contracts = await Promise.all(
    versionsOf(settings.contract).map((version) => readContract(settings.contract, version)),
  );
  const fit = (contract: Contract, index: number) => {
    const result = judgeRecorded(contract, deliveries);
    const results = new Map([[result.case, result]]);
    const verdicts = requirementVerdicts(contract, [recordedCase(contract)], results, { ...settings, writes: true });
    return fitOf(contracts.slice(0, index + 1), verdicts, results);
  };
  return summariseFits(contracts.map(fit), true);
}
