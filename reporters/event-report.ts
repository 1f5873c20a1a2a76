import type { Contract } from '../harness/contract/index.ts';
import type { Delivery } from '../harness/delivery.ts';
import { judgeRecorded, recordedCase } from '../harness/run/recorded.ts';
import type { Settings } from '../harness/run/settings.ts';
import { type RequirementVerdict, requirementVerdicts, runVerdict } from '../harness/verdicts/verdicts.ts';
import { readLog } from './authority.ts';
import { factsOf } from './facts.ts';
import { readLock } from './lock.ts';
import { judgedIn, proofOf } from './provenance.ts';
import { buildReport, type Report, type ReportedRequirement } from './report.ts';

/**
 * The report on recorded deliveries, in the format of a run. Its verdict is never better than `incomplete`, because
 * nothing else was tested. `broken` contains the violated requirements that close the gate.
 *
 * @param troubles problems with the input, as sentences
 * @param startedAt milliseconds since the epoch
 */
export function eventReport(
  contract: Contract,
  settings: Settings,
  deliveries: readonly Delivery[],
  troubles: readonly string[],
  startedAt: number,
): { readonly report: Report; readonly broken: readonly ReportedRequirement[] } {
  const test = recordedCase(contract);
  const facts = { ...factsOf(settings), target: 'recorded deliveries' };
  const options = { ...facts.options, writes: true, today: new Date(startedAt).toISOString().slice(0, 10) };
  const result = judgeRecorded(contract, deliveries);
  const results = new Map([[result.case, result]]);
  const verdicts = requirementVerdicts(contract, [test], results, options).map((one): RequirementVerdict => {
    if (one.exchanges.length > 0) return one;
    return test.covers.includes(one.requirement.id)
      ? { ...one, verdict: 'untested', reason: 'no recorded event can show it' }
      : { ...one, verdict: 'not-run', reason: 'recorded deliveries cannot show it' };
  });
  const endedAt = Date.now();
  const report = buildReport({
    contract,
    log: readLog(settings.contract),
    histories: readLock(settings.contract),
    cases: [test],
    selected: new Set([test.id]),
    auxiliary: [],
    results,
    verdicts,
    verdict: runVerdict(verdicts, { ...options, narrowed: true }),
    narrowed: true,
    facts,
    proof: proofOf(contract, judgedIn(verdicts)),
    run: {
      id: facts.run,
      partIds: [],
      ended: 'completed',
      startedAt: new Date(startedAt).toISOString(),
      endedAt: new Date(endedAt).toISOString(),
      durationMs: endedAt - startedAt,
      parts: 1,
      node: facts.node,
      playwright: 'not used',
      footprint: { prerequisites: [], groups: [], webhooks: [] },
      troubles,
    },
  });
  const isViolated = (id: string) => (report.evidence[id]?.violationCount ?? 0) > 0;
  const broken = report.requirements.filter(({ id, gate }) => gate === 'gate' && isViolated(id));
  return { report, broken };
}
