import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createGate, type GateOptions } from '../harness/client/gate.ts';
import { isPutOff, waitBeforeRetry } from '../harness/client/retry-policy.ts';
import { readContract } from '../harness/contract/index.ts';
import { readTargetFile } from '../harness/run/target-file.ts';
import { requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { writtenFaults } from '../proof/faults/index.ts';
import { runInMemory, VirtualClock } from '../proof/memory.ts';
import { variants } from '../proof/variants/index.ts';
import { allCases } from '../tests/cases/index.ts';

describe('the retry policy', () => {
  const NOW = Date.parse('2026-01-01T00:00:00Z');
  const waits: ReadonlyArray<
    readonly [status: number, retryAfter: string | undefined, attempts: number, wait: number | undefined]
  > = [
    [200, undefined, 1, undefined],
    [500, '1', 1, undefined],
    [429, undefined, 1, 250],
    [429, undefined, 3, 1000],
    [503, '2', 1, 2000],
    [503, 'Thu, 01 Jan 2026 00:00:03 GMT', 1, 3000],
    [503, 'Wed, 31 Dec 2025 00:00:00 GMT', 1, 0],
    [429, '99999999999', 1, 10_000],
    [429, 'soon', 1, 250],
    [429, '-5', 1, 0],
    [429, '1', 5, undefined],
  ];
  for (const [status, retryAfter, attempts, wait] of waits)
    test(`${status} with Retry-After ${retryAfter}, asked ${attempts} times: ${wait}`, () =>
      assert.equal(waitBeforeRetry(status, retryAfter, attempts, NOW), wait));

  test('retries only 429 and 503', () =>
    assert.deepEqual([200, 401, 429, 500, 502, 503, 504].filter(isPutOff), [429, 503]));

  test('does not change any verdict', async () => {
    const contract = await readContract('spec/account-groups.openapi.yaml');
    const cases = allCases(contract);
    const verdictsOf = async (variant?: ReturnType<typeof variants>[number]) => {
      const results = await runInMemory(contract, cases, variant?.intercept);
      const verdicts = requirementVerdicts(contract, cases, results, {
        writes: true,
        strict: true,
        tolerateAdditive: false,
      });
      // Whether two events share a delivery depends on the load of the machine.
      return verdicts
        .filter(({ requirement: { id } }) => !/\.(429|503)\./.test(id) && id !== 'event.order')
        .map(({ requirement, verdict }) => `${requirement.id} ${verdict}`);
    };
    const variant = variants(contract).find(({ id }) => id === 'put-off');
    assert.ok(variant);
    assert.deepEqual(await verdictsOf(variant), await verdictsOf());
  });
});

describe('the rate limit', () => {
  const opened = (options: Partial<GateOptions>) => {
    const clock = new VirtualClock();
    const began = clock.now();
    const gate = createGate({ places: 100, perSecond: undefined, clock, ...options });
    return { clock, gate, since: () => clock.now() - began };
  };

  test('spaces requests evenly', async () => {
    const { gate, since } = opened({ perSecond: 10 });
    const began = await Promise.all(Array.from({ length: 5 }, () => gate(async () => since())));
    assert.deepEqual(began, [0, 100, 200, 300, 400]);
  });

  test('limits concurrency, also after a failure', async () => {
    const { clock, gate, since } = opened({ places: 2 });
    const act = async () => {
      const began = since();
      await clock.sleep(10);
      if (began === 0) throw new Error('failed');
      return began;
    };
    const ended = await Promise.allSettled(Array.from({ length: 6 }, () => gate(act)));
    assert.deepEqual(
      ended.map((one) => (one.status === 'fulfilled' ? one.value : one.status)),
      ['rejected', 'rejected', 10, 10, 20, 20],
    );
  });

  test('lets a request on which another depends overtake, at the same rate', async () => {
    const { gate, since } = opened({ places: 1, perSecond: 10 });
    const inner = async () => [since(), await gate(async () => since(), 'urgent')];
    assert.deepEqual(await Promise.all([gate(inner), gate(inner)]), [
      [0, 100],
      [200, 300],
    ]);
  });

  test('does not stall if the clock is set back', async () => {
    let now = 1_000_000;
    const slept: number[] = [];
    const sleep = async (milliseconds: number) => void slept.push(milliseconds);
    const gate = createGate({ places: 1, perSecond: 10, clock: { now: () => now, sleep } });
    await gate(async () => undefined);
    now = 0;
    await gate(async () => undefined);
    assert.deepEqual(slept, [100]);
  });
});

describe('accepted deviations', () => {
  const directory = mkdtempSync(join(tmpdir(), 'deviations-'));
  after(() => rmSync(directory, { recursive: true }));
  const file = (text: string) => {
    const path = join(directory, 'target.yaml');
    writeFileSync(path, text);
    return path;
  };
  const entry = {
    requirement: 'close.second',
    because: 'it is so',
    ticket: 'T-1',
    since: '2026-01-01',
    until: '2026-02-01',
  };
  const written = (changes: Partial<Record<keyof typeof entry | 'colour' | 'case', string>>) =>
    `deviations:\n  - ${Object.entries({ ...entry, ...changes })
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n    ')}\n`;

  test('are read from the target file', () => assert.deepEqual(readTargetFile(file(written({}))).deviations, [entry]));

  test('may name a case instead of a requirement', () => {
    const { requirement: _, ...rest } = entry;
    assert.deepEqual(readTargetFile(file(written({ requirement: '', case: 'close.second-time' }))).deviations, [
      { case: 'close.second-time', ...rest },
    ]);
  });

  test('for a case excuse its violations, and are stale once it has none', async () => {
    const contract = await readContract('spec/account-groups.openapi.yaml');
    const cases = allCases(contract);
    const { requirement: _, ...rest } = entry;
    const options = {
      writes: true,
      strict: true,
      tolerateAdditive: false,
      today: '2026-01-15',
      deviations: [{ case: 'retrieve.unknown', ...rest }],
    };
    const of = (results: Awaited<ReturnType<typeof runInMemory>>) =>
      requirementVerdicts(contract, cases, results, options).find(
        ({ requirement }) => requirement.id === 'retrieve.unknown-id',
      )?.verdict;
    const fault = writtenFaults(contract).find(({ id }) => id === 'retrieve-unknown-403');
    assert.ok(fault);
    assert.equal(of(await runInMemory(contract, cases, fault.intercept)), 'known');
    assert.equal(of(await runInMemory(contract, cases)), 'stale');
  });

  const refused: ReadonlyArray<readonly [words: string, text: string, message: RegExp]> = [
    ['without a list', 'deviations: none', /deviations must be a list/],
    ['that name both', written({ case: 'x' }), /either requirement or case/],
    ['that name nothing', written({ requirement: '' }), /either requirement or case/],
    ['without a reason', written({ because: '' }), /deviations\[0\]: because is missing/],
    ['without a ticket', written({ ticket: '' }), /ticket is missing/],
    ['with a day that does not exist', written({ until: '2026-02-30' }), /must be days/],
    ['that end before they begin', written({ until: '2025-12-31' }), /until is before since/],
    ['with an unknown member', written({ colour: 'red' }), /colour is unknown/],
  ];
  for (const [words, text, message] of refused)
    test(`are rejected ${words}`, () => assert.throws(() => readTargetFile(file(text)), message));
});
