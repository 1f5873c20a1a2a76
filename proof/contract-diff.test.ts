import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { type Change, changesBetween } from '../harness/contract/delta.ts';
import { type Contract, loadContract, readContract } from '../harness/contract/index.ts';
import { contract as base, DOCUMENT, ROOT, variant } from '../harness/fixtures.ts';

const GROUP = '/components/schemas/AccountGroup';
const LIMIT = '/components/parameters/Limit/schema';

/** The changes from the document to an edited one, or the other way round. */
async function between(edits: Readonly<Record<string, unknown>>, way: 'to' | 'from' = 'to'): Promise<Change[]> {
  const edited = await loadContract(variant(edits));
  return way === 'to' ? changesBetween(base, edited) : changesBetween(edited, base);
}

describe('a change of the contract', () => {
  test('there is none between a contract and itself', () => assert.deepEqual(changesBetween(base, base), []));

  const SEVEN = ['PERSONAL', 'LEGAL_ENTITY', 'ISA'];
  const all: ReadonlyArray<
    readonly [what: string, edits: Readonly<Record<string, unknown>>, way: 'to' | 'from', id: string, effect: string]
  > = [
    [
      'a further value of answers',
      { [`${GROUP}/properties/type/enum`]: SEVEN },
      'to',
      'account-group.type.enum',
      'compatible',
    ],
    [
      'a removed value of answers',
      { [`${GROUP}/properties/type/enum`]: SEVEN },
      'from',
      'account-group.type.enum',
      'compatible',
    ],
    [
      'a further value of a parameter',
      { '/components/parameters/Sort/schema/enum': ['created_at', 'id'] },
      'to',
      'list.query.sort.enum',
      'compatible',
    ],
    [
      'a removed value of a parameter',
      { '/components/parameters/Sort/schema/enum': ['created_at', 'id'] },
      'from',
      'list.query.sort.enum',
      'breaking',
    ],
    ['another bound of a parameter', { [`${LIMIT}/minimum`]: 1 }, 'to', 'list.query.limit.minimum', 'breaking'],
    ['a new bound of a parameter', { [`${LIMIT}/maximum`]: undefined }, 'from', 'list.query.limit.maximum', 'breaking'],
    [
      'a removed bound of a parameter',
      { [`${LIMIT}/maximum`]: undefined },
      'to',
      'list.query.limit.maximum',
      'compatible',
    ],
    [
      'an object that is no longer closed',
      { [`${GROUP}/additionalProperties`]: undefined },
      'to',
      'account-group.additionalProperties',
      'compatible',
    ],
    [
      'another pattern of answers',
      { [`${GROUP}/properties/securities_account_number/pattern`]: '^[0-9]{7,12}$' },
      'to',
      'account-group.securities_account_number.pattern',
      'breaking',
    ],
    [
      'a member that is no longer required',
      { [`${GROUP}/required`]: ['id'] },
      'to',
      'account-group.users.required',
      'breaking',
    ],
    [
      'a member that is now required',
      { [`${GROUP}/required`]: ['id'] },
      'from',
      'account-group.users.required',
      'compatible',
    ],
    [
      'an added status',
      { '/paths/~1account_groups/get/responses/406': undefined },
      'from',
      'list.406.media-type',
      'unnamed',
    ],
    [
      'a removed status',
      { '/paths/~1account_groups/get/responses/406': undefined },
      'to',
      'list.406.media-type',
      'breaking',
    ],
  ];
  for (const [what, edits, way, id, effect] of all)
    test(`${what} is ${effect}`, async () => {
      assert.equal((await between(edits, way)).find((change) => change.id === id)?.effect, effect);
    });

  test('an added operation is compatible, a removed one is not', async () => {
    const edits = {
      '/paths/~1account_groups~1{account_group_id}/delete': undefined,
      '/paths/~1account_groups/post/responses/200/links': undefined,
    };
    const effects = (changes: readonly Change[]) =>
      new Set(changes.filter(({ id }) => id.startsWith('close.')).map(({ effect }) => effect));
    assert.deepEqual(effects(await between(edits, 'from')), new Set(['compatible']));
    assert.deepEqual(effects(await between(edits, 'to')), new Set(['breaking']));
  });

  test('a new parameter is compatible, and its values are listed', async () => {
    const [seed, next] = await Promise.all(
      ['seed', '1.18'].map((version): Promise<Contract> => readContract(DOCUMENT, version)),
    );
    assert.ok(seed && next);
    const changes = changesBetween(seed, next);
    const reason = changes.find(({ id }) => id === 'close.query.closure_reason.enum');
    assert.equal(reason?.effect, 'compatible');
    assert.ok(reason?.came.includes('aml'));
  });
});

describe('npm run contract:diff', () => {
  const run = (...args: readonly string[]) =>
    new Promise<{ readonly code: number; readonly output: string }>((resolve) =>
      execFile('node_modules/.bin/tsx', ['proof/contract-diff.ts', ...args], { cwd: ROOT }, (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: out + err }),
      ),
    );

  test('lists what breaks callers, and the new faults', async () => {
    const { code, output } = await run('1.75', '1.83');
    assert.equal(code, 1);
    assert.match(output, /^! changed list\.query\.limit\.minimum/m);
    assert.match(output, /1\.75 to 1\.83: 2 promises differ; 2 break callers/);
    assert.match(
      (await run('seed', '1.18')).output,
      /faults are new:[\s\S]*request\.close\.query\.closure_reason\.enum/,
    );
  });

  test('exits with 0 if nothing breaks callers, and with 2 for unusable arguments', async () => {
    assert.equal((await run('1.83', '1.89')).code, 0);
    assert.match((await run('1.83')).output, /expected two versions: seed, /);
    assert.equal((await run('1.83', '7.7')).code, 2);
  });
});
