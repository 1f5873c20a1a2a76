import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api, Case } from '../harness/case.ts';
import { readContract } from '../harness/contract/index.ts';
import { requirementVerdicts } from '../harness/verdicts.ts';
import { allCases } from '../tests/cases.ts';
import { allFaults } from './faults/index.ts';
import { runInMemory } from './memory.ts';
import { tryFault } from './proof.ts';

const contract = await readContract('spec/account-groups.openapi.yaml');
const cases = allCases(contract);

/** The same cases, with another way of judging. */
function judging(change: (api: Api) => Partial<Api>): Case[] {
  return cases.map((honest) => ({ ...honest, run: (api) => honest.run({ ...api, ...change(api) }) }));
}

function fault(id: string) {
  const found = allFaults(contract).find((candidate) => candidate.id === id);
  assert.ok(found, `there is no fault ${id}`);
  return found;
}

test('a check that always passes is named by the proof', async () => {
  const blind = judging(({ judge }) => ({ judge: (requirement, exchanges) => judge(requirement, exchanges) }));
  const trial = await tryFault(contract, blind, fault('order-ignored'));
  assert.deepEqual(trial.missed, ['list.descending-mirrors-ascending']);
});

test('a check that always fails is named by the proof', async () => {
  const harsh = judging(({ judge }) => ({
    judge: (requirement, exchanges, ...seen) =>
      judge(requirement, exchanges, ...seen, requirement === 'retrieve.repeatable' && 'made up'),
  }));
  const trial = await tryFault(contract, harsh, fault('count-is-limit'));
  assert.deepEqual(trial.missed, []);
  assert.deepEqual(
    trial.collateral.map(({ requirement }) => requirement),
    ['retrieve.repeatable'],
  );
});

test('a check that throws is an error, not a violation', async () => {
  const broken = judging(() => ({
    judge: () => {
      throw new RangeError('a bug in a check');
    },
  }));
  const trial = await tryFault(contract, broken, fault('order-ignored'));
  assert.ok(trial.missed.includes('list.descending-mirrors-ascending'));
  assert.ok(trial.errors.some((error) => error.includes('a bug in a check')));
});

test('a fault that changes nothing is missed', async () => {
  const idle = { ...fault('order-ignored'), tell: (honest: (request: Request) => Promise<Response>) => honest };
  assert.deepEqual((await tryFault(contract, cases, idle)).missed, idle.breaks);
});

test('with writes off nothing but GET is sent to account groups, and everything has a verdict', async () => {
  const asked: string[] = [];
  const watch = (honest: (request: Request) => Promise<Response>) => (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return honest(request);
  };
  const results = await runInMemory(contract, cases, watch, {}, { writes: false });
  assert.ok(asked.some((line) => line.startsWith('GET /account_groups/')));
  assert.deepEqual(
    asked.filter((line) => !line.startsWith('GET ') && line !== 'POST /auth/token'),
    [],
  );
  const verdicts = requirementVerdicts(contract, cases, results, {
    writes: false,
    strict: true,
    tolerateAdditive: false,
  });
  assert.deepEqual(new Set(verdicts.map(({ verdict }) => verdict)), new Set(['passed', 'excluded', 'untested']));
});

test('with writes off and no group to be read, nothing counts as passed that nobody saw', async () => {
  const results = await runInMemory(contract, cases, undefined, { seeds: false }, { writes: false });
  const verdicts = requirementVerdicts(contract, cases, results, {
    writes: false,
    strict: true,
    tolerateAdditive: false,
  });
  const of = (id: string) => verdicts.find(({ requirement }) => requirement.id === id);
  assert.equal(of('retrieve.allowed')?.verdict, 'blocked');
  assert.equal(of('list.pages-partition')?.verdict, 'blocked');
  assert.equal(of('account-group.id.format')?.verdict, 'blocked');
  assert.equal(of('list.count-equals-length')?.verdict, 'passed');
});

test('a run creates few groups, and closes them', async () => {
  let created = 0;
  const open = new Set<string>();
  const count = (honest: (request: Request) => Promise<Response>) => async (request: Request) => {
    const { method, url } = request;
    const response = await honest(request);
    const { pathname } = new URL(url);
    if (method === 'POST' && pathname === '/account_groups' && response.status === 200) {
      const { id } = (await response.clone().json()) as { id: string };
      if (!open.has(id)) created++;
      open.add(id);
    }
    if (method === 'DELETE' && response.status === 202) open.delete(pathname.split('/').at(-1) ?? '');
    return response;
  };
  await runInMemory(contract, cases, count, {}, { close: true });
  assert.equal(created, 3);
  assert.deepEqual([...open], []);
});
