import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isObject } from './document.ts';
import { ContractError, loadContract, readContract } from './index.ts';
import { hashOf, SEED, versionsOf } from './versions.ts';

const DOCUMENT = 'spec/account-groups.openapi.yaml';
const LOG = readFileSync('spec/curation-log.md', 'utf8');

describe('the versions of a document', () => {
  const folder = mkdtempSync(join(tmpdir(), 'versions-'));
  after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'contract.yaml');
  writeFileSync(path, readFileSync(DOCUMENT));
  mkdirSync(join(folder, 'versions'));
  const write = (version: string, action: object) =>
    writeFileSync(
      join(folder, 'versions', `${version}.overlay.yaml`),
      JSON.stringify({ overlay: '1.0.0', info: { title: version, version }, actions: [action] }),
    );
  write('1.18', { target: '$.info', update: { summary: 'eighteen' } });
  write('1.9', { target: '$.info', update: { summary: 'nine' } });
  write('1.100', { target: '$.nowhere', update: {} });
  writeFileSync(join(folder, 'versions', 'notes.md'), '');

  test('are sorted by number', () => {
    assert.deepEqual(versionsOf(path), [SEED, '1.9', '1.18', '1.100']);
  });

  test('build on each other and on the document, without changing it', async () => {
    const summary = async (version: string) => (await readContract(path, version)).doc.find('#/info/summary')?.value;
    assert.equal(await summary('1.18'), 'eighteen');
    assert.equal(await summary('1.9'), 'nine');
    assert.notEqual(await summary(SEED), 'nine');
  });

  test('have the hash of all their files', () => {
    const sha256 = (...files: readonly string[]) =>
      files.reduce((hash, file) => hash.update(readFileSync(join(folder, file))), createHash('sha256')).digest('hex');
    assert.equal(hashOf(path, SEED), sha256('contract.yaml'));
    assert.equal(hashOf(path, '1.9'), sha256('contract.yaml', 'versions/1.9.overlay.yaml'));
    assert.equal(
      hashOf(path, '1.18'),
      sha256('contract.yaml', 'versions/1.9.overlay.yaml', 'versions/1.18.overlay.yaml'),
    );
  });

  test('are refused if the name is unknown, or an action selects nothing', async () => {
    await assert.rejects(loadContract(path, '1.10'), /no version 1\.10; known are seed, 1\.9, 1\.18, 1\.100/);
    await assert.rejects(loadContract(path, '1.100'), (error: unknown) => {
      assert.ok(error instanceof ContractError);
      assert.match(error.message, /1\.100\.overlay\.yaml[\s\S]*\$\.nowhere selects nothing/);
      return true;
    });
  });

  test('are only the document itself if there is no folder', () =>
    assert.deepEqual(versionsOf('nowhere/contract.yaml'), [SEED]));
});

describe('every version of the contract', () => {
  for (const version of versionsOf(DOCUMENT))
    test(`${version} is a usable contract`, async () => {
      const contract = await loadContract(DOCUMENT, version);
      assert.equal(contract.vendorVersion, version);
    });

  for (const version of versionsOf(DOCUMENT).slice(1))
    test(`${version} makes no MUST of what is inferred, and is discussed in the curation log`, async () => {
      const contract = await readContract(DOCUMENT, version);
      const inferred = [...contract.requirements.values()].filter(({ source }) => source.endsWith(' inferred'));
      assert.deepEqual(
        inferred.filter(({ level }) => level !== 'SHOULD').map(({ id }) => id),
        [],
      );
      assert.match(LOG, new RegExp(`^\\| \\*\\*${version.replace('.', '\\.')}[ .]`, 'm'));
    });

  test('names a source for every action', async () => {
    const sources = new Set<string>();
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(visit);
      if (!isObject(value)) return;
      if (typeof value['x-source'] === 'string') sources.add(value['x-source']);
      const keywords = value['x-sources'];
      if (isObject(keywords)) for (const source of Object.values(keywords)) sources.add(String(source));
      Object.values(value).forEach(visit);
    };
    for (const version of versionsOf(DOCUMENT)) visit((await readContract(DOCUMENT, version)).doc.root);
    const known = /^(seed|upstream-\d+\.\d+\.\d+( inferred)?|curation|RFC \d+( §\d+(\.\d+)*)?)$/;
    assert.deepEqual(
      [...sources].filter((source) => !known.test(source)),
      [],
    );
    for (const version of versionsOf(DOCUMENT).slice(1))
      assert.ok(
        [...sources].some((source) => source.startsWith(`upstream-${version}.`)),
        `nothing is from ${version}`,
      );
  });
});

test('every requirement in the curation log exists in some version', async () => {
  const contracts = await Promise.all(versionsOf(DOCUMENT).map((version) => readContract(DOCUMENT, version)));
  const ids = new Set(contracts.flatMap(({ requirements }) => [...requirements.keys()]));
  const prefixes = new Set([...ids].map((id) => id.split('.')[0]));
  const named = [...LOG.matchAll(/`([a-z0-9-]+\.[\w.[\]*-]+)`/g)]
    .map(([, id]) => id ?? '')
    .filter((id) => prefixes.has(id.split('.')[0]));
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter((id) =>
      id.endsWith('.*') ? ![...ids].some((known) => known.startsWith(id.slice(0, -1))) : !ids.has(id),
    ),
    [],
  );
});
