import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { contract, exchange, ROOT } from '../harness/fixtures.ts';
import { clockSkew, type Diagnosis, diagnose, type Symptom } from '../harness/run/doctor.ts';
import { readSettings, type Settings } from '../harness/run/settings.ts';
import { scopeOf } from '../harness/verdicts/scope.ts';
import { foretell } from '../proof/foretold.ts';
import type { Fetch } from '../proof/memory.ts';
import { createReference } from '../reference/app.ts';
import { type Served, serveReference } from '../reference/serve.ts';
import { createSignatureVerifier } from '../reference/signature.ts';
import { requireSignatures } from '../reference/signed.ts';
import { CREDENTIALS } from './fixtures.ts';
import { runInProcess } from './in-process.ts';

/** What `npm run doctor` finds out, at targets that are well and at targets that are not. */

const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
const served: Served[] = [];
after(async () => {
  rmSync(folder, { recursive: true });
  for (const { close } of served) await close();
});

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const keyFile = join(folder, 'key.pem');
writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
const SIGNING = { SIGNING_KEY_FILE: keyFile, SIGNING_KEY_ID: 'ours' };
const verifier = createSignatureVerifier({ publicKeys: new Map([['ours', publicKey]]), now: () => Date.now() });

const reference = (around: (honest: Fetch) => Fetch = (honest) => honest): Fetch => around(createReference().fetch);

async function at(fetch: Fetch, env: Readonly<Record<string, string>> = {}): Promise<Settings> {
  const target = await serveReference(fetch);
  served.push(target);
  const outcome = readSettings({ BASE_URL: target.url, ...CREDENTIALS, ...env });
  assert.ok('settings' in outcome, JSON.stringify(outcome));
  return outcome.settings;
}

const about = ({ trouble, symptoms }: Diagnosis, what: Symptom['about']): string[] => {
  assert.equal(trouble, undefined);
  return symptoms.filter((one) => one.about === what).map(({ state, says }) => `${state}: ${says}`);
};

/** Dates every answer so many seconds from now. */
const dated =
  (seconds: number) =>
  (honest: Fetch): Fetch =>
  async (request) => {
    const response = await honest(request);
    const headers = new Headers(response.headers);
    headers.set('date', new Date(Date.now() + seconds * 1000).toUTCString());
    return new Response(response.body, { status: response.status, headers });
  };

describe('tokens', () => {
  test('are had for every scope that a run needs, and for no other', async () => {
    const readOnly = await diagnose(contract, await at(reference()));
    assert.deepEqual(about(readOnly, 'tokens'), ['ok: granted for accounts:read, accounts:admin, for 1800 s each']);
    assert.equal(readOnly.tokenLifetimeMs, 1_800_000);
    const writing = await diagnose(contract, await at(reference(), { WRITES: 'on', WEBHOOK_LISTEN: '127.0.0.1:0' }));
    assert.match(String(about(writing, 'tokens')), /^ok: .*users:admin, webhooks:admin/);
    const given = { WRITES: 'on', USER_ID: '413715f2-5401-4b97-8055-034a6b879f8c' };
    assert.doesNotMatch(String(about(await diagnose(contract, await at(reference(), given)), 'tokens')), /users:admin/);
  });

  test('that are refused are named, with what needs them', async () => {
    const grudging = reference((honest) => async (request) => {
      const isForUsers = request.url.endsWith('/auth/token') && (await request.clone().text()).includes('users');
      return isForUsers ? Response.json({ error: 'invalid_scope' }, { status: 400 }) : honest(request);
    });
    const [symptom] = about(await diagnose(contract, await at(grudging, { WRITES: 'on' })), 'tokens');
    assert.match(symptom ?? '', /^failed: users:admin \(for a user\): .* 400 .*targets\/README\.md/);
  });
});

describe('the clock', () => {
  const stamped = (date: string | undefined, startedAt: number, endedAt: number) => ({
    ...exchange(),
    startedAt,
    endedAt,
    response: { ...exchange().response, headers: date === undefined ? [] : ([['date', date]] as const) },
  });
  const noon = Date.UTC(2026, 0, 1, 12);
  const date = new Date(noon).toUTCString();

  const skews: ReadonlyArray<readonly [what: string, of: ReturnType<typeof stamped>[], skew: number | undefined]> = [
    ['the same second', [stamped(date, noon + 100, noon + 300)], 0],
    ['an answer under way for long', [stamped(date, noon - 4000, noon + 4000)], 0],
    ['ahead', [stamped(date, noon - 9000, noon - 8000)], 8000],
    ['behind', [stamped(date, noon + 9000, noon + 9500)], -8000],
    ['no date', [stamped(undefined, noon, noon)], undefined],
    ['a date that is none', [stamped('yesterday', noon, noon)], undefined],
    ['the tightest of several', [stamped(date, noon - 20_000, noon), stamped(date, noon - 9000, noon - 8000)], 8000],
  ];
  for (const [what, exchanges, skew] of skews)
    test(`is off by ${skew} ms: ${what}`, () => {
      assert.equal(clockSkew(exchanges), skew);
    });

  const verdicts: ReadonlyArray<readonly [seconds: number, signed: boolean, says: RegExp]> = [
    [0, true, /^ok: it agrees/],
    [60, false, /^warning: it is (59|60) s ahead of/],
    [-60, true, /^failed: it is (59|60) s behind .* signed requests will be refused/],
    [3600, false, /^failed: it is (3599|3600) s ahead of .* a tolerance of 5 minutes/],
  ];
  for (const [seconds, signed, says] of verdicts)
    test(`that is ${seconds} s off, ${signed ? 'signed' : 'unsigned'}`, async () => {
      const settings = await at(reference(dated(seconds)), signed ? SIGNING : {});
      assert.match(String(about(await diagnose(contract, settings), 'clock')), says);
    });
});

describe('signatures', () => {
  test('are accepted by a target that demands them', async () => {
    const settings = await at(requireSignatures(reference(), verifier), SIGNING);
    assert.deepEqual(about(await diagnose(contract, settings), 'signatures'), [
      'ok: ours is accepted, and an unsigned request is refused',
    ]);
  });

  test('are a warning where nothing checks them', async () => {
    const [symptom] = about(await diagnose(contract, await at(reference(), SIGNING)), 'signatures');
    assert.match(symptom ?? '', /^warning: .* -> 200, .* without a signature/);
  });

  test('that are missing are trouble, and the settings for them are named', async () => {
    const { trouble } = await diagnose(contract, await at(requireSignatures(reference(), verifier)));
    assert.match(trouble ?? '', /SIGNING_KEY_FILE and SIGNING_KEY_ID/);
  });
});

describe('events', () => {
  test('are heard at the URL that the target is told', async () => {
    const settings = await at(reference(), { WRITES: 'on', WEBHOOK_LISTEN: '127.0.0.1:0' });
    assert.match(String(about(await diagnose(contract, settings), 'events')), /^ok: /);
  });

  test('are a warning where that URL leads elsewhere', async () => {
    const elsewhere = await serveReference(reference());
    served.push(elsewhere);
    const env = { WRITES: 'on', WEBHOOK_LISTEN: '127.0.0.1:0', WEBHOOK_URL: elsewhere.url };
    const [symptom] = about(await diagnose(contract, await at(reference(), env)), 'events');
    assert.match(symptom ?? '', /^warning: .* does not reach the listener \(it answers 4\d\d\)/);
  });

  test('cannot be heard where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const settings = await at(reference(), { WRITES: 'on', WEBHOOK_LISTEN: `127.0.0.1:${port}` });
    const symptoms = about(await diagnose(contract, settings), 'events');
    other.close();
    assert.match(String(symptoms), /^failed: cannot listen on 127\.0\.0\.1: .*EADDRINUSE/);
  });
});

test('nothing is said to be well that was not tried: a contract without list and scopes', async () => {
  const bookshop = await readContract(join(ROOT, 'e2e/documents/bookshop.openapi.yaml'));
  const diagnosis = await diagnose(bookshop, await at(async () => Response.json([])));
  assert.deepEqual(about(diagnosis, 'target'), ['warning: no request was sent, because the contract has no list']);
  assert.deepEqual(about(diagnosis, 'tokens'), ['ok: a run requests none']);
  assert.deepEqual(about(diagnosis, 'signatures'), ['warning: not checked, because the contract has no list']);
});

test('what is foretold is what a run comes to', async () => {
  const fetch = reference();
  const settings = await at(fetch);
  const foretold = await foretell(contract, settings, 1_800_000);
  const { verdicts } = await runInProcess({ BASE_URL: settings.baseUrl ?? '' }, () => true);
  const { judged, of, limits } = scopeOf(verdicts);
  assert.deepEqual({ judged: foretold?.judged, of: foretold?.of }, { judged, of });
  assert.deepEqual(
    foretold?.left.map(({ promises }) => promises).toSorted(),
    limits.map(({ promises }) => promises).toSorted(),
  );
});

describe('the program', () => {
  const doctor = (env: Readonly<Record<string, string>>) =>
    new Promise<{ readonly code: unknown; readonly output: string }>((resolve) => {
      const options = { cwd: ROOT, env: { PATH: process.env.PATH ?? '', ...env } };
      execFile(process.execPath, ['--import', 'tsx', 'proof/doctor.ts'], options, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, output: stdout + stderr }),
      );
    });

  test('is content with a target that is well, and shows no secret', async () => {
    const { baseUrl = '' } = await at(reference());
    const { code, output } = await doctor({ BASE_URL: baseUrl, ...CREDENTIALS });
    assert.equal(code, 0, output);
    assert.match(output, /^ {2}CLIENT_SECRET +\(set\)$/m);
    assert.match(output, /^ {2}\d+ of \d+ promises are put to the test$/m);
    assert.match(output, /^ {2}\d+ are left out; to test them, set WRITES=on/m);
    assert.match(output, /^Ready for a run\.$/m);
    assert.ok(!output.includes(CREDENTIALS.CLIENT_SECRET));
  });

  test('ends with 1 where a part of the run will fail', async () => {
    const { baseUrl = '' } = await at(reference(dated(3600)));
    const { code, output } = await doctor({ BASE_URL: baseUrl, ...CREDENTIALS });
    assert.equal(code, 1, output);
    assert.match(output, /^ {2}failed +clock /m);
    assert.match(output, /^A run can start, but part of it will be blocked or fail\.$/m);
  });

  test('exits with 2 if the target does not answer, or the settings are invalid', async () => {
    const nobody = await doctor({ BASE_URL: 'http://127.0.0.1:1', ...CREDENTIALS });
    assert.equal(nobody.code, 2, nobody.output);
    assert.match(nobody.output, /^The target cannot be tested: .*127\.0\.0\.1:1/m);
    const lost = await doctor({ CLIENT_ID: CREDENTIALS.CLIENT_ID });
    assert.equal(lost.code, 2, lost.output);
    assert.match(lost.output, /BASE_URL: is missing/);
  });
});
