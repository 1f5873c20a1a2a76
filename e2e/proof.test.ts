import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { ROOT } from '../harness/fixtures.ts';
import { suiteHash } from '../reporters/provenance.ts';
import { Workspace } from './workspace.ts';

/** A report states whether the proof on record belongs to the suite that wrote it. */

const CHECK = 'harness/checks/page.ts';

describe('a suite that was proven', () => {
  const workspace = new Workspace({ copied: true });
  after(() => workspace.remove());
  before(async () => {
    cpSync(join(ROOT, 'package-lock.json'), workspace.path('package-lock.json'));
    const { hash } = await readContract(join(ROOT, 'spec/account-groups.openapi.yaml'));
    const record = {
      suite: suiteHash(workspace.root),
      contract: hash,
      catalogue: 'c',
      date: '2026-01-31',
      ...{ faults: 3, caught: 3, variants: 1, alarms: 0, requirements: 2, covered: 2 },
      broken: [
        { requirements: ['list.count-equals-length'], faults: 2 },
        { requirements: ['create.allowed'], faults: 1 },
      ],
    };
    workspace.write('proof/record.json', JSON.stringify(record));
  });

  test('is qualified, and counts the faults that this run could detect', async () => {
    await workspace.conformance({}, '--grep', 'answers a permitted request with a page');
    const { proof } = workspace.report();
    assert.equal(proof?.statement, 'qualified for this suite and contract');
    assert.deepEqual([proof?.qualified, proof?.faults, proof?.caught], [true, 2, 2]);
  });

  test('is no longer qualified once a check has changed', async () => {
    const text = workspace.read(CHECK);
    const gutted = text.replace(/(export function duplicate\([^)]*\)[^{]*\{)/, '$1\n  return false;');
    assert.notEqual(gutted, text);
    workspace.write(CHECK, gutted);
    const { output } = await workspace.conformance({}, '--grep', 'answers a permitted request with a page');
    const statement = 'not qualified: the suite has changed since the proof';
    assert.equal(workspace.report().proof?.statement, statement);
    assert.match(output, new RegExp(`proof: ${statement}`));
    assert.match(workspace.read('reports/conformance.html'), new RegExp(statement));
  });
});
