import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { DOCUMENT } from '../harness/fixtures.ts';
import { catalogue } from '../proof/catalogue.ts';
import { compose } from '../proof/pairs.ts';
import { ourselves } from './peers/ourselves.ts';
import { sampleFaults, sampleVariants } from './peers/sample.ts';
import { serveTarget } from './peers/target.ts';

/** The comparison with other tools: the sample is drawn by rule, and the tools get examples that work. */

const contract = await readContract(DOCUMENT);
const { faults, variants } = catalogue(contract);

describe('the sample for the comparison with peers', () => {
  test('has the same number of faults in each area, each of which breaks a MUST', () => {
    const sampled = sampleFaults(faults, contract, 1, 2);
    const areas = new Set(sampled.map(({ area }) => area));
    assert.ok(areas.size >= 9, [...areas].join());
    for (const area of areas) assert.equal(sampled.filter((one) => one.area === area).length, 2, area);
    for (const { fault } of sampled) {
      const levels = [...fault.breaks, ...(fault.breaksOneOf ?? [])].map((id) => contract.requirements.get(id)?.level);
      assert.ok(levels.includes('MUST'), fault.id);
    }
  });

  test('depends only on the seed', () => {
    const idsOf = (seed: number, from = faults) => sampleFaults(from, contract, seed, 2).map(({ fault }) => fault.id);
    assert.deepEqual(idsOf(1, faults.toReversed()), idsOf(1));
    assert.notDeepEqual(idsOf(2), idsOf(1));
    const sampled = sampleVariants(variants, 1, 4);
    assert.equal(new Set(sampled).size, 4);
    assert.deepEqual(sampleVariants(variants.toReversed(), 1, 4), sampled);
  });
});

test('the lines that this suite took are in files, which can be counted', () => {
  assert.ok(ourselves.config.some((path) => path.endsWith('listing.cases.ts')));
  assert.deepEqual(
    ourselves.config.filter((path) => !statSync(path).isFile()),
    [],
  );
});

test('the document for a peer has examples that work at its target', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  const { url, token, clientId, groupId, requests, close } = await serveTarget(compose([]), contract, folder);
  try {
    const document = readFileSync(join(folder, 'openapi.json'), 'utf8');
    assert.doesNotMatch(document, /"\$ref"|"x-[a-z]/);
    for (const known of [url, clientId, groupId]) assert.ok(document.includes(known), known);
    const headers = { authorization: `Bearer ${token}`, 'upvest-client-id': clientId };
    const answer = await fetch(`${url}/account_groups/${groupId}`, { headers });
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /"status":"ACTIVE"/);
    assert.equal(requests(), 1);
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
});
