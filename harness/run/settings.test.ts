import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { DOCUMENT, file, ROOT } from '../fixtures.ts';
import { type Environment, explain, readSettings, type SettingProblem, type Settings } from './settings.ts';

const ID = '413715f2-5401-4b97-8055-034a6b879f8c';
const OTHER = '9c36af78-91a0-4174-a515-fc81214e3dab';
const LIVE = { BASE_URL: 'https://api.test', CLIENT_ID: ID, CLIENT_SECRET: 'hush-4711' };

const { privateKey } = generateKeyPairSync('ed25519');
const KEY = file('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const sealed = (passphrase: string) =>
  privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
const SEALED = file('sealed.pem', sealed('hush-4711'));
const SEALED_WITH_SPACE = file('spaced.pem', sealed(' hush-4711 '));

function accepted(env: Environment): Settings {
  const outcome = readSettings({ CONTRACT: DOCUMENT, ...env });
  assert.ok('settings' in outcome, 'problems' in outcome ? explain(outcome.problems) : '');
  return outcome.settings;
}

function refused(env: Environment): readonly SettingProblem[] {
  const outcome = readSettings({ CONTRACT: DOCUMENT, ...env });
  assert.ok('problems' in outcome, `accepted: ${JSON.stringify(env)}`);
  return outcome.problems;
}

describe('settings', () => {
  test('default to the embedded reference, with writes and without a rate limit', () => {
    const settings = accepted({});
    const expected = {
      baseUrl: undefined,
      tokenUrl: undefined,
      clientId: undefined,
      clientSecret: undefined,
      signing: undefined,
      writes: true,
      userIds: [],
      deviations: [],
      rateLimit: undefined,
      strict: false,
      tolerateAdditive: false,
      seed: 1,
      timeoutMs: 10_000,
      settleMs: 10_000,
      runTimeoutMs: 900_000,
    };
    for (const [name, value] of Object.entries(expected))
      assert.deepEqual(Object.entries(settings).find(([key]) => key === name)?.[1], value, name);
  });

  test('default to the contract of this suite, wherever a run is started', () => {
    const before = process.cwd();
    process.chdir('/');
    try {
      assert.equal(accepted({ CONTRACT: undefined }).contract, DOCUMENT);
    } finally {
      process.chdir(before);
    }
  });

  test('in a pipeline, what decides about the target must not be set but empty', () => {
    for (const name of ['BASE_URL', 'WRITES']) {
      assert.deepEqual(
        refused({ CI: 'true', BASE_URL: 'reference', [name]: ' ' }).map((problem) => [problem.name, problem.found]),
        [[name, '(set, and empty)']],
      );
      accepted({ BASE_URL: 'reference', [name]: ' ' });
    }
    assert.equal(accepted({ CI: 'true' }).baseUrl, undefined);
    assert.deepEqual(accepted({ CI: 'true', USER_ID: '' }).userIds, []);
  });

  test('a target file may be anywhere', () => {
    const path = file('sandbox.yaml', 'profile: { closing: manual }');
    const { targetFile, profile, shown } = accepted({ ...LIVE, TARGET: path });
    assert.equal(targetFile?.path, path);
    assert.equal(profile.closing, 'manual');
    assert.equal(shown.TARGET, 'sandbox');
  });

  test('writes are off by default for a BASE_URL', () => {
    assert.equal(accepted(LIVE).writes, false);
    assert.equal(accepted({ ...LIVE, WRITES: 'on' }).writes, true);
    assert.equal(accepted({ WRITES: 'off' }).writes, false);
  });

  test('a signing key is loaded with its id and passphrase', () => {
    for (const env of [
      { ...LIVE, SIGNING_KEY_FILE: KEY },
      { SIGNING_KEY_FILE: SEALED, SIGNING_KEY_PASSPHRASE: 'hush-4711' },
      { SIGNING_KEY_FILE: SEALED_WITH_SPACE, SIGNING_KEY_PASSPHRASE: ' hush-4711 ' },
    ]) {
      const { signing } = accepted({ ...LIVE, SIGNING_KEY_ID: 'k1', ...env });
      assert.ok(typeof signing === 'object' && signing.keyId === 'k1' && signing.privateKey.equals(privateKey));
    }
  });

  test('empty and blank count as unset for every setting', () => {
    const blank = Object.fromEntries(
      ['BASE_URL', 'TOKEN_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'WRITES', 'USER_ID', 'STRICT', 'TOLERATE', 'SEED'].map(
        (name, index) => [name, index % 2 === 0 ? '' : '  '],
      ),
    );
    assert.deepEqual(accepted(blank), accepted({}));
  });

  const read: ReadonlyArray<readonly [env: Environment, name: keyof Settings, value: unknown]> = [
    [{ ...LIVE, BASE_URL: 'https://api.test/v1//' }, 'baseUrl', 'https://api.test/v1'],
    [{ ...LIVE, TOKEN_URL: 'http://127.0.0.1:1/t' }, 'tokenUrl', 'http://127.0.0.1:1/t'],
    [{ ...LIVE, CLIENT_SECRET: ' hush ' }, 'clientSecret', 'hush'],
    [{ ...LIVE, USER_ID: ` ${ID} , ${OTHER},` }, 'userIds', [ID, OTHER]],
    [{ STRICT: '1' }, 'strict', true],
    [{ STRICT: 'on' }, 'strict', true],
    [{ STRICT: '0' }, 'strict', false],
    [{ TOLERATE: 'additive' }, 'tolerateAdditive', true],
    [{ ...LIVE, SIGNED_BY_PROXY: 'on' }, 'signing', 'by-proxy'],
    [LIVE, 'rateLimit', 50],
    [{ ...LIVE, BASE_URL: 'http://127.0.0.1:8080' }, 'rateLimit', undefined],
    [{ ...LIVE, BASE_URL: 'http://127.0.0.1.nip.test' }, 'rateLimit', 50],
    [{ RATE_LIMIT: '7' }, 'rateLimit', 7],
    [{ ...LIVE, PRODUCTION: 'yes', WRITES: 'on', PRODUCTION_WRITES: 'yes' }, 'writes', true],
    [{ SEED: '0' }, 'seed', 0],
    [{ SEED: '2147483647' }, 'seed', 2147483647],
    [{ TIMEOUT: '600' }, 'timeoutMs', 600_000],
    [{}, 'webhook', { host: '127.0.0.1', port: 0, url: undefined }],
    [{ WEBHOOK_LISTEN: ' ' }, 'webhook', { host: '127.0.0.1', port: 0, url: undefined }],
    [LIVE, 'webhook', undefined],
    [{ WEBHOOK_LISTEN: 'off' }, 'webhook', undefined],
    [{ ...LIVE, WEBHOOK_LISTEN: 'off' }, 'webhook', undefined],
    [{ ...LIVE, WEBHOOK_LISTEN: 'hooks.test:8080' }, 'webhook', { host: 'hooks.test', port: 8080, url: undefined }],
    [{ ...LIVE, WEBHOOK_LISTEN: ' 10.0.0.1:65535 ' }, 'webhook', { host: '10.0.0.1', port: 65_535, url: undefined }],
    [{ ...LIVE, WEBHOOK_LISTEN: '[::1]:0' }, 'webhook', { host: '::1', port: 0, url: undefined }],
    [{ ...LIVE, WEBHOOK_LISTEN: '[FE80::1]:1' }, 'webhook', { host: 'FE80::1', port: 1, url: undefined }],
    [
      { ...LIVE, WEBHOOK_LISTEN: '0.0.0.0:8080', WEBHOOK_URL: 'https://me.test/hooks/' },
      'webhook',
      { host: '0.0.0.0', port: 8080, url: 'https://me.test/hooks' },
    ],
    [
      { ...LIVE, WEBHOOK_LISTEN: '[::]:8080', WEBHOOK_URL: 'https://me.test' },
      'webhook',
      { host: '::', port: 8080, url: 'https://me.test' },
    ],
    [{ WEBHOOK_URL: 'http://localhost:1' }, 'webhook', { host: '127.0.0.1', port: 0, url: 'http://localhost:1' }],
    [{ WEBHOOK_LISTEN: '[::ffff:127.0.0.1]:0' }, 'webhook', { host: '::ffff:127.0.0.1', port: 0, url: undefined }],
    [{}, 'deliveriesSigned', true],
    [LIVE, 'deliveriesSigned', false],
    [{ ...LIVE, WEBHOOK_SIGNED: 'on' }, 'deliveriesSigned', true],
    [{ WEBHOOK_SIGNED: 'off' }, 'deliveriesSigned', false],
    [{ SETTLE_TIMEOUT: '1' }, 'settleMs', 1000],
    [{ RUN_TIMEOUT: '60' }, 'runTimeoutMs', 60_000],
  ];
  for (const [env, name, value] of read)
    test(`${JSON.stringify(env)} gives ${name}=${JSON.stringify(value)}`, () => {
      assert.deepEqual(accepted(env)[name], value);
    });

  const wrong: ReadonlyArray<readonly [env: Environment, name: string, says: RegExp]> = [
    [{ ...LIVE, BASE_URL: 'api.test' }, 'BASE_URL', /absolute http/],
    [{ ...LIVE, BASE_URL: 'ftp://api.test' }, 'BASE_URL', /absolute http/],
    [{ ...LIVE, BASE_URL: 'https://api.test?x=1' }, 'BASE_URL', /without query or fragment/],
    [{ ...LIVE, BASE_URL: 'https://api.test#x' }, 'BASE_URL', /without query or fragment/],
    [{ ...LIVE, BASE_URL: 'https://me:hush-4711@api.test' }, 'BASE_URL', /without credentials/],
    [{ ...LIVE, TOKEN_URL: '/auth/token' }, 'TOKEN_URL', /absolute http/],
    [{ TOKEN_URL: 'https://api.test/t' }, 'BASE_URL', /the URL of the target that TOKEN_URL belongs to, or reference/],
    [{ ...LIVE, CLIENT_ID: '' }, 'CLIENT_ID', /client id for BASE_URL/],
    [{ ...LIVE, CLIENT_ID: 'me' }, 'CLIENT_ID', /UUID/],
    [{ ...LIVE, CLIENT_SECRET: ' ' }, 'CLIENT_SECRET', /client secret for BASE_URL/],
    [{ ...LIVE, USER_ID: `${ID},me` }, 'USER_ID', /UUIDs/],
    [{ ...LIVE, SIGNING_KEY_FILE: KEY }, 'SIGNING_KEY_ID', /target knows the key/],
    [{ ...LIVE, SIGNING_KEY_ID: 'k1' }, 'SIGNING_KEY_ID', /together with SIGNING_KEY_FILE/],
    [{ ...LIVE, SIGNING_KEY_FILE: 'no/such/key.pem', SIGNING_KEY_ID: 'k1' }, 'SIGNING_KEY_FILE', /readable file/],
    [{ ...LIVE, SIGNING_KEY_FILE: DOCUMENT, SIGNING_KEY_ID: 'k1' }, 'SIGNING_KEY_FILE', /a private key that can sign/],
    [
      { ...LIVE, SIGNING_KEY_FILE: SEALED, SIGNING_KEY_ID: 'k1', SIGNING_KEY_PASSPHRASE: 'hush-4711 not' },
      'SIGNING_KEY_FILE',
      /passphrase is wrong/,
    ],
    [{ ...LIVE, SIGNING_KEY_FILE: KEY, SIGNING_KEY_ID: 'k1', SIGNED_BY_PROXY: 'on' }, 'SIGNED_BY_PROXY', /off if/],
    [{ ...LIVE, PRODUCTION: 'yes', WRITES: 'on' }, 'WRITES', /PRODUCTION_WRITES=yes/],
    [{ ...LIVE, BASE_URL: 'https://api.upvest.co', WRITES: 'on' }, 'WRITES', /PRODUCTION_WRITES=yes/],
    [
      { ...LIVE, PRODUCTION: 'no', BASE_URL: 'https://API.upvest.co/', WRITES: 'on' },
      'WRITES',
      /PRODUCTION_WRITES=yes/,
    ],
    [{ ...LIVE, TARGET: '../spec/no-such' }, 'TARGET', /file in targets/],
    [{ OUTPUT_DIR: KEY }, 'OUTPUT_DIR', /folder/],
    [{ ...LIVE, TARGET: 'no-such-target' }, 'TARGET', /file in targets/],
    [{ RATE_LIMIT: '0' }, 'RATE_LIMIT', /from 1 to 1000/],
    [{ CONTRACT: 'no/such/file.yaml' }, 'CONTRACT', /readable file/],
    [{ CONTRACT: ROOT }, 'CONTRACT', /readable file/],
    [{ CONTRACT_VERSION: '9.99' }, 'CONTRACT_VERSION', /one of seed, 1\.18, .*latest/],
    [{ WRITES: 'yes' }, 'WRITES', /one of on, off/],
    [{ WRITES: 'ON' }, 'WRITES', /one of on, off/],
    [{ WRITES: 'constructor' }, 'WRITES', /one of/],
    [{ STRICT: 'true' }, 'STRICT', /one of/],
    [{ TOLERATE: 'on' }, 'TOLERATE', /one of additive, off/],
    [{ SEED: '-1' }, 'SEED', /whole number/],
    [{ SEED: '2147483648' }, 'SEED', /whole number/],
    [{ SEED: '1e3' }, 'SEED', /whole number/],
    [{ TIMEOUT: '0' }, 'TIMEOUT', /from 1 to 600/],
    [{ TIMEOUT: '601' }, 'TIMEOUT', /from 1 to 600/],
    [{ WEBHOOK_LISTEN: '127.0.0.1' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '8080' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: ':8080' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '127.0.0.1:' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '127.0.0.1:65536' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '127.0.0.1:-1' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '127.0.0.1:123456' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '127.0.0.1:http' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '::1:8080' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '[::1]' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '[]:80' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: 'http://127.0.0.1:80' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: '127.0.0.1:80/hooks' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: 'me:hush@127.0.0.1:80' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: 'on' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ WEBHOOK_LISTEN: 'OFF' }, 'WEBHOOK_LISTEN', /host:port to listen on/],
    [{ ...LIVE, WEBHOOK_LISTEN: '0.0.0.0:8080' }, 'WEBHOOK_URL', /at which the target reaches this machine/],
    [{ ...LIVE, WEBHOOK_LISTEN: '[::]:8080' }, 'WEBHOOK_URL', /at which the target reaches this machine/],
    [{ ...LIVE, WEBHOOK_LISTEN: '[0:0:0:0:0:0:0:0]:8080' }, 'WEBHOOK_URL', /at which the target reaches this machine/],
    [{ ...LIVE, WEBHOOK_LISTEN: '[::0]:80' }, 'WEBHOOK_URL', /at which the target reaches this machine/],
    [{ ...LIVE, WEBHOOK_LISTEN: '0:80' }, 'WEBHOOK_URL', /at which the target reaches this machine/],
    [{ ...LIVE, WEBHOOK_LISTEN: '0.0:80' }, 'WEBHOOK_URL', /at which the target reaches this machine/],
    [{ ...LIVE, WEBHOOK_URL: 'https://me.test' }, 'WEBHOOK_URL', /only together with WEBHOOK_LISTEN/],
    [{ WEBHOOK_LISTEN: 'off', WEBHOOK_URL: 'https://me.test' }, 'WEBHOOK_URL', /only together with WEBHOOK_LISTEN/],
    [{ WEBHOOK_URL: 'me.test' }, 'WEBHOOK_URL', /absolute http/],
    [{ WEBHOOK_URL: 'https://me.test?x=1' }, 'WEBHOOK_URL', /without query or fragment/],
    [{ WEBHOOK_URL: 'https://me:hush-4711@me.test' }, 'WEBHOOK_URL', /without credentials/],
    [{ WEBHOOK_SIGNED: 'yes' }, 'WEBHOOK_SIGNED', /one of on, off/],
    [{ SETTLE_TIMEOUT: '1.5' }, 'SETTLE_TIMEOUT', /from 1 to 600/],
    [{ RUN_TIMEOUT: '0' }, 'RUN_TIMEOUT', /from 1 to 86400/],
  ];
  for (const [env, name, says] of wrong)
    test(`${JSON.stringify(env)} is refused as ${name}`, () => {
      const problems = refused(env);
      assert.deepEqual([...new Set(problems.map((problem) => problem.name))], [name]);
      assert.match(problems.map((problem) => problem.accepted).join('\n'), says);
      assert.doesNotMatch(explain(problems), /hush-4711/);
    });

  test('all problems are reported at once, one line each, with what was found and what is accepted', () => {
    const message = explain(
      refused({ BASE_URL: 'nowhere', WRITES: 'maybe', SEED: 'x', TIMEOUT: 'y', CONTRACT: 'none', USER_ID: 'z' }),
    );
    const lines = message.split('\n');
    for (const name of ['BASE_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'USER_ID', 'CONTRACT', 'WRITES', 'SEED', 'TIMEOUT'])
      assert.equal(lines.filter((line) => line.startsWith(`  ${name}: `)).length, 1, name);
    assert.ok(lines.includes('  WRITES: found "maybe"; accepted: one of on, off'), message);
    assert.ok(lines.includes('  CLIENT_ID: is missing; accepted: the client id for BASE_URL'), message);
    assert.match(message, /\.env\.example/);
  });

  const OF_THE_TARGET: Environment = {
    CLIENT_ID: ID,
    CLIENT_SECRET: 'hush-4711',
    TOKEN_URL: 'https://api.test/t',
    USER_ID: ID,
    TARGET: 'no-such-target',
    SIGNING_KEY_FILE: KEY,
    SIGNING_KEY_ID: 'k1',
    SIGNING_KEY_PASSPHRASE: 'hush-4711',
    SIGNED_BY_PROXY: 'on',
    CA_FILE: KEY,
    CLIENT_CERT_FILE: KEY,
    CLIENT_KEY_FILE: KEY,
    PROXY_URL: 'http://proxy.test:3128',
    PRODUCTION: 'yes',
    PRODUCTION_WRITES: 'yes',
  };

  test('settings of a target are refused without a BASE_URL, whether it is unset or empty', () => {
    for (const [name, value] of Object.entries(OF_THE_TARGET))
      for (const lost of [{}, { BASE_URL: '' }, { BASE_URL: ' ' }]) {
        const problem = refused({ ...lost, [name]: value }).find((one) => one.name === 'BASE_URL');
        assert.match(
          problem?.accepted ?? '',
          new RegExp(`^the URL of the target that ${name} belongs to, or reference`),
          name,
        );
      }
    const both = { BASE_URL: '', CLIENT_ID: ID, CLIENT_SECRET: 'hush-4711' };
    assert.match(explain(refused(both)), /the target that CLIENT_ID, CLIENT_SECRET belong to, or reference for/);
    assert.doesNotMatch(explain(refused(both)), /hush-4711/);
  });

  test('a command that sends nothing needs no BASE_URL', () => {
    assert.ok('settings' in readSettings({ CONTRACT: DOCUMENT, CLIENT_ID: ID, USER_ID: ID }, false));
  });

  test('settings that are off do not require a BASE_URL', () => {
    for (const env of [{ SIGNED_BY_PROXY: 'off' }, { PRODUCTION: 'no' }, { CLIENT_ID: ' ' }, { WRITES: 'off' }])
      assert.equal(accepted(env).baseUrl, undefined);
  });

  test('BASE_URL=reference is the embedded reference with its own credentials, regardless of other settings', () => {
    const meant = accepted({ BASE_URL: 'reference', ...OF_THE_TARGET });
    assert.deepEqual(meant, accepted({}));
    assert.equal(accepted({ BASE_URL: ' reference ', SEED: '7', WRITES: 'off' }).seed, 7);
  });

  test('a value in a message cannot break out of its line', () => {
    assert.equal(explain([{ name: 'SEED', found: 'a\nb\u001b[31m', accepted: 'c' }]).split('\n').length, 3);
  });
});
