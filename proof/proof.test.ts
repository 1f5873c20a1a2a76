import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Api, Blocked, type Case } from '../harness/case.ts';
import { readContract } from '../harness/contract/index.ts';
import { requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { allCases } from '../tests/cases/index.ts';
import { catalogue, sampled } from './catalogue.ts';
import { IN_MEMORY } from './honest-run.ts';
import { useLightHttp } from './light-http.ts';
import { runInMemory } from './memory.ts';
import { compose } from './pairs.ts';
import { holds, tryFault, tryVariant } from './proof.ts';

useLightHttp();
const contract = await readContract('spec/account-groups.openapi.yaml');
const cases = allCases(contract);

/** The cases with a changed API. */
function judging(change: (api: Api) => Partial<Api>): Case[] {
  return cases.map((honest) => ({ ...honest, run: (api) => honest.run({ ...api, ...change(api) }) }));
}

function fault(id: string) {
  const found = catalogue(contract).faults.find((candidate) => candidate.id === id);
  assert.ok(found, `there is no fault ${id}`);
  return found;
}

test('the proof finds a check that always passes', async () => {
  const blind = judging(({ report, subjects }) => ({
    report: (requirement, exchanges) => report(requirement, exchanges),
    subjects: (requirement, names) => {
      const declared = subjects(requirement, names);
      return { report: (name, exchanges) => declared.report(name, exchanges), blocked: declared.blocked };
    },
  }));
  const trial = await tryFault(contract, blind, fault('order-ignored'));
  assert.deepEqual(trial.missed, ['list.descending-mirrors-ascending']);
});

test('the proof finds a check that always fails', async () => {
  const harsh = judging(({ report }) => ({
    report: (requirement, exchanges, ...seen) =>
      report(requirement, exchanges, ...seen, requirement === 'retrieve.repeatable' && 'made up'),
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
    report: () => {
      throw new RangeError('a bug in a check');
    },
  }));
  const trial = await tryFault(contract, broken, fault('order-ignored'));
  assert.ok(trial.missed.includes('list.descending-mirrors-ascending'));
  assert.ok(trial.errors.some((error) => error.includes('a bug in a check')));
});

test('a fault that changes nothing is missed', async () => {
  const idle = { ...fault('order-ignored'), intercept: (honest: (request: Request) => Promise<Response>) => honest };
  const trial = await tryFault(contract, cases, idle);
  assert.deepEqual(trial.missed, idle.breaks);
  assert.equal(trial.fired, false);
});

test('the proof finds a requirement that is left unjudged for a reason other than the fault', async () => {
  const silent = cases.map((honest) =>
    honest.id === 'create.other-key'
      ? { ...honest, run: async () => Promise.reject(new Blocked('no-prerequisite', 'x')) }
      : honest,
  );
  const trial = await tryFault(contract, silent, fault('order-ignored'));
  assert.deepEqual(
    trial.collateral.map(({ requirement }) => requirement),
    ['create.other-key-other-group'],
  );
  assert.equal(holds(trial), false);
});

test('a fault that must break one of several requirements is caught by any of them, and missed if none is violated', async () => {
  const any = { ...fault('order-ignored'), breaks: [], breaksOneOf: fault('order-ignored').breaks };
  assert.ok(holds(await tryFault(contract, cases, any)));
  const other = await tryFault(contract, cases, {
    ...any,
    breaksOneOf: ['list.limit-zero'],
    mayBreak: any.breaksOneOf,
  });
  assert.deepEqual(other.missed, ['one of list.limit-zero']);
  assert.deepEqual(other.collateral, []);
});

test('the proof finds a variant that makes no difference', async () => {
  const alike = await tryVariant(contract, cases, { id: 'alike', difference: 'None.', reference: { closingMs: 30 } });
  assert.deepEqual(alike, { seen: [], fired: false });
  const later = await tryVariant(contract, cases, { id: 'later', difference: 'x.', reference: { closingMs: 90 } });
  assert.deepEqual(later, { seen: [], fired: true });
});

test('the sample of faults breaks every requirement, and is deterministic', () => {
  const { faults } = catalogue(contract);
  const chosen = sampled(contract, faults);
  assert.deepEqual(chosen, sampled(contract, faults.toReversed()).toSorted(inOrderOf(chosen)));
  const broken = (some: typeof faults) => new Set(some.flatMap(({ breaks }) => breaks));
  assert.deepEqual(broken(chosen), broken(faults));
  assert.equal(new Set(chosen).size, chosen.length);
  assert.ok(chosen.length < faults.length / 2);
});

const inOrderOf = (list: readonly unknown[]) => (left: unknown, right: unknown) =>
  list.indexOf(left) - list.indexOf(right);

test('with writes off only GET and HEAD are sent, and everything has a verdict', async () => {
  const asked: string[] = [];
  const watch = (honest: (request: Request) => Promise<Response>) => (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return honest(request);
  };
  const results = await runInMemory(contract, cases, watch, {}, { writes: false });
  assert.ok(asked.some((line) => line.startsWith('GET /account_groups/')));
  assert.deepEqual(
    asked.filter((line) => !/^(GET|HEAD) /.test(line) && !line.endsWith(' /auth/token')),
    [],
  );
  const verdicts = requirementVerdicts(contract, cases, results, { ...IN_MEMORY, writes: false });
  assert.deepEqual(new Set(verdicts.map(({ verdict }) => verdict)), new Set(['passed', 'excluded', 'untested']));
});

test('with writes off and no groups, nothing passes without evidence', async () => {
  const results = await runInMemory(contract, cases, undefined, { seeds: false }, { writes: false });
  const verdicts = requirementVerdicts(contract, cases, results, { ...IN_MEMORY, writes: false });
  const of = (id: string) => verdicts.find(({ requirement }) => requirement.id === id);
  assert.equal(of('retrieve.allowed')?.verdict, 'blocked');
  assert.equal(of('list.pages-partition')?.verdict, 'blocked');
  assert.equal(of('account-group.id.format')?.verdict, 'blocked');
  assert.equal(of('list.count-equals-length')?.verdict, 'passed');
});

test('a run creates three groups, and closes them', async () => {
  const created = new Set<string>();
  const open = new Set<string>();
  const count = (honest: (request: Request) => Promise<Response>) => async (request: Request) => {
    const { method, url } = request;
    const response = await honest(request);
    const { pathname } = new URL(url);
    if (method === 'POST' && pathname === '/account_groups' && response.status === 200) {
      const { id } = (await response.clone().json()) as { id: string };
      if (!created.has(id)) open.add(id);
      created.add(id);
    }
    if (method === 'DELETE' && response.status === 202) open.delete(pathname.split('/').at(-1)?.toLowerCase() ?? '');
    return response;
  };
  await runInMemory(contract, cases, count, {}, { close: true });
  assert.equal(created.size, 3);
  assert.deepEqual([...open], []);
});

test('a second group that is only made for another owner leaves the spare one an owner, too', async () => {
  // Four kinds are refused before the second group is asked for another owner, while the spare one is asked for.
  const [version, seed] = ['1.131', 6];
  const later = await readContract('spec/account-groups.openapi.yaml', version);
  const ids = [
    'no-legal-entities-one-each',
    'unsigned-400',
    'put-off',
    'others-always-write-alone',
    'closable-before-approval',
  ];
  const { variants } = catalogue(later);
  const taken = ids.flatMap((id) => variants.filter((one) => one.id === id));
  assert.equal(taken.length, ids.length);
  const { seen } = await tryVariant(later, allCases(later), compose(taken), { seed });
  assert.deepEqual(seen, []);
});
