import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadContract } from '../harness/contract/index.ts';
import { requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { catalogue } from '../proof/catalogue.ts';
import { isGenerated } from '../proof/faults/generated.ts';
import { useLightHttp } from '../proof/light-http.ts';
import { runInMemory } from '../proof/memory.ts';
import { holds, tryFault } from '../proof/proof.ts';
import { allCases } from '../tests/cases/index.ts';
import { createAccountsTarget } from './accounts-target.ts';

/**
 * Another resource of the same API, for which there is only a document and a target: cases, faults, the life cycle and the
 * report follow from the document, without any change of the suite.
 */

useLightHttp();

const DOCUMENT = fileURLToPath(new URL('accounts.openapi.yaml', import.meta.url));
const contract = await loadContract(DOCUMENT);
const cases = allCases(contract);
const { faults } = catalogue(contract);

/** One in this many handwritten or derived faults, and one in this many generated ones, is tried. */
const EVERY = 30;
const EVERY_GENERATED = 300;

describe('a document of accounts', () => {
  test('says what each operation does', () => {
    const kinds = contract.operations.map(({ name, kind }) => [name, kind]);
    assert.deepEqual(Object.fromEntries(kinds), {
      list: 'list',
      create: 'create',
      retrieve: 'retrieve',
      close: 'close',
      'user-list': 'list',
      update: undefined,
      token: undefined,
    });
    assert.equal(contract.resource.idParameter, 'account_id');
    assert.deepEqual(contract.resource.events.announcements, []);
  });

  test('is kept by a target that serves accounts; operations without a way to prepare them are excluded', async () => {
    const results = await runInMemory(contract, cases, undefined, {}, { signed: {}, target: createAccountsTarget });
    const options = { writes: true, strict: true, tolerateAdditive: false };
    const verdicts = requirementVerdicts(contract, cases, results, options);
    const others = verdicts.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'untested');
    assert.deepEqual([...new Set(others.map(({ exclusion }) => exclusion))], ['not-in-contract']);
    assert.deepEqual([...new Set(others.map(({ requirement }) => requirement.operation))], ['update']);
    for (const id of ['create.account_group_id.as-asked', 'close.reaches-closing', 'account.immutable'])
      assert.equal(verdicts.find(({ requirement }) => requirement.id === id)?.verdict, 'passed', id);
  });

  const picked = [
    ...faults.filter((fault) => !isGenerated(fault)).filter((_, index) => index % EVERY === 0),
    ...faults.filter(isGenerated).filter((_, index) => index % EVERY_GENERATED === 0),
  ];
  test(`has faults that are caught by exactly what they break; ${picked.length} of ${faults.length} are tried`, async () => {
    assert.ok(picked.length > 25);
    const missed: string[] = [];
    for (const fault of picked) {
      const trial = await tryFault(contract, cases, fault, { target: createAccountsTarget });
      if (!holds(trial)) missed.push(`${fault.id}: ${JSON.stringify(trial)}`);
    }
    assert.deepEqual(missed, []);
  });
});
