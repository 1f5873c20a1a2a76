import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { type RequirementVerdict, requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { allCases } from '../tests/cases/index.ts';
import { catalogue } from './catalogue.ts';
import type { Fault } from './faults/fault.ts';
import { HonestRun, IN_MEMORY } from './honest-run.ts';
import { useLightHttp } from './light-http.ts';
import { runInMemory } from './memory.ts';
import { holds, tryFault } from './proof.ts';

useLightHttp();
const contract = await readContract('spec/account-groups.openapi.yaml');
const cases = allCases(contract);
const { faults } = catalogue(contract);

function fault(id: string): Fault {
  const found = faults.find((candidate) => candidate.id === id);
  assert.ok(found, `there is no fault ${id}`);
  return found;
}

describe('the cases that a fault affects', () => {
  let honest: HonestRun;
  before(async () => {
    honest = await HonestRun.record(contract, cases);
  });
  const metBy = async (one: Fault) => (await honest.metBy(one)).map(({ id }) => id);

  test('are none if it changes nothing', async () => {
    assert.deepEqual(await metBy({ ...fault('order-ignored'), intercept: (target) => target }), []);
  });

  test('are those that use the changed answers', async () => {
    const met = await metBy(fault('order-ignored'));
    assert.ok(met.includes('list.order'));
    assert.ok(!met.some((id) => id.startsWith('token.')));
  });

  test('are all that send requests if requests are withheld', async () => {
    const silent: Fault = {
      ...fault('order-ignored'),
      intercept: () => async () => new Response(null, { status: 404 }),
    };
    const asking = [...honest.results.values()].filter(({ exchanges }) => exchanges.some((one) => !one.received));
    assert.deepEqual((await metBy(silent)).sort(), asking.map((result) => result.case).sort());
  });

  test('are those that use deliveries if deliveries are changed', async () => {
    const unsigned: Fault = {
      ...fault('order-ignored'),
      intercept: (target) => target,
      interceptEvent: (post) => post,
    };
    const met = await metBy(unsigned);
    assert.ok(met.includes('event.life-cycle'));
    assert.ok(!met.includes('list.order'));
  });

  for (const id of ['order-ignored', 'problem-two-titles', 'count-is-limit'])
    test(`show the same violations of ${id} as all cases`, async () => {
      const [some, all] = [
        await tryFault(contract, cases, fault(id), { honest }),
        await tryFault(contract, cases, fault(id)),
      ];
      assert.ok(holds(some));
      assert.deepEqual([...some.broken].sort(), [...all.broken].sort());
    });

  test('lead to the same verdicts as judging everything anew', async () => {
    const one = fault('order-ignored');
    const met = await honest.metBy(one);
    const results = await runInMemory(contract, met, one.intercept);
    const whole = requirementVerdicts(contract, cases, new Map([...honest.results, ...results]), IN_MEMORY);
    const words = (verdicts: readonly RequirementVerdict[]) =>
      verdicts.map(({ requirement, verdict }) => `${requirement.id} ${verdict}`).sort();
    assert.deepEqual(words(honest.verdictsWith(results)), words(whole));
  });

  test('are only a first attempt: if they do not show the fault, all cases run', async () => {
    const none = { verdictsWith: () => [], metBy: async () => [] };
    assert.ok(holds(await tryFault(contract, cases, fault('order-ignored'), { honest: none })));
  });
});
