import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { file } from '../harness/fixtures.ts';
import { SETTING_NAMES, type SettingName } from '../harness/run/setting-table.ts';
import { readSettings } from '../harness/run/settings.ts';
import { Workspace } from './workspace.ts';

// Paths in settings are relative to where the suite is started.
const before = process.cwd();
const workspace = new Workspace();
workspace.write(
  'targets/example.yaml',
  'deviations: [{ requirement: x, because: b, ticket: t, since: 2026-01-01, until: 2026-12-31 }]',
);
process.chdir(workspace.root);
after(() => {
  process.chdir(before);
  workspace.remove();
});

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const keyFile = file('key.pem', pem);

/** Settings of which a report must show only that they are set. */
const SECRET: Partial<Record<SettingName, string>> = {
  CLIENT_SECRET: 'a-secret-that-nobody-may-read',
  SIGNING_KEY_FILE: keyFile,
  SIGNING_KEY_PASSPHRASE: 'a-passphrase-that-nobody-may-read',
  CA_FILE: keyFile,
  CLIENT_CERT_FILE: keyFile,
  CLIENT_KEY_FILE: keyFile,
  EVIDENCE_KEY_FILE: keyFile,
};
const OPEN: Partial<Record<SettingName, string>> = {
  BASE_URL: 'https://target.test/v1',
  TOKEN_URL: 'https://target.test/token',
  CLIENT_ID: randomUUID(),
  SIGNING_KEY_ID: 'key-7',
  PROXY_URL: 'http://proxy.test:3128',
  WRITES: 'on',
  PRODUCTION: 'yes',
  PRODUCTION_WRITES: 'yes',
  USER_ID: randomUUID(),
  TARGET: 'example',
  WEBHOOK_LISTEN: '127.0.0.1:8081',
  WEBHOOK_URL: 'https://tunnel.test/hook',
  WEBHOOK_SIGNED: 'on',
  CONTRACT: 'spec/account-groups.openapi.yaml',
  CONTRACT_VERSION: '1.18',
  CASES: 'conformance.mjs',
  STRICT: 'on',
  TOLERATE: 'additive',
  SEED: '7',
  RATE_LIMIT: '20',
  TIMEOUT: '3',
  SETTLE_TIMEOUT: '4',
  RUN_TIMEOUT: '600',
  OUTPUT_DIR: 'out',
  OPERATOR: 'API platform team',
};
/** Settings that exclude a signing key. */
const ALONE: Partial<Record<SettingName, string>> = { SIGNED_BY_PROXY: 'on' };
const { BASE_URL = '', CLIENT_ID = '' } = OPEN;
const LIVE = { BASE_URL, CLIENT_ID, CLIENT_SECRET: 'a-secret-that-nobody-may-read' };

const shown = (env: Partial<Record<SettingName, string>>): Readonly<Record<string, string | number>> => {
  const read = readSettings(env);
  assert.ok('settings' in read, JSON.stringify(read));
  return read.settings.shown;
};

test('the report shows the value of each setting or, for secrets, that it was set', () => {
  assert.deepEqual(
    Object.keys({ ...SECRET, ...OPEN, ...ALONE }).sort(),
    [...SETTING_NAMES].sort(),
    'a new setting has to be put into one of these lists',
  );
  const all = shown({ ...SECRET, ...OPEN });
  assert.deepEqual(Object.keys(all).sort(), [...SETTING_NAMES].sort());
  for (const [name, value] of Object.entries(OPEN)) assert.equal(String(all[name]), value, name);
  assert.equal(shown({ ...LIVE, ...ALONE }).SIGNED_BY_PROXY, 'on');
  const text = JSON.stringify(all);
  for (const value of [...Object.values(SECRET), pem]) assert.ok(!text.includes(value));
});
