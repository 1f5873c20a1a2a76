import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { suite, test } from 'node:test';
import { coveredComponents, loadSigningKey, signatureBase, signRequest } from './signature.ts';

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const PAIRS: Readonly<Record<string, { privateKey: KeyObject; publicKey: KeyObject }>> = {
  'P-256': ec('P-256'),
  'P-384': ec('P-384'),
  'P-521': ec('P-521'),
  Ed25519: generateKeyPairSync('ed25519'),
};
const pkcs8 = (key: KeyObject, lock = {}) => key.export({ type: 'pkcs8', format: 'pem', ...lock }).toString();
const sec1 = (key: KeyObject, lock = {}) => key.export({ type: 'sec1', format: 'pem', ...lock }).toString();
const LOCK = { cipher: 'aes-256-cbc', passphrase: 'open sesame' };
const load = (pem: string, passphrase?: string, keyId = 'k1') => loadSigningKey({ pem, passphrase, keyId });

suite('a loaded key', () => {
  const request = {
    method: 'GET',
    url: new URL('https://target.example/account_groups'),
    headers: [],
    body: undefined,
  };
  for (const [name, pair] of Object.entries(PAIRS))
    test(`on ${name} signs in the form of vendor v15`, () => {
      const loaded = load(pkcs8(pair.privateKey));
      assert.ok(loaded.ok);
      const headers = new Map(signRequest(loaded.key, request, { now: 1_000, nonce: 'n' }));
      const signature = Buffer.from(headers.get('signature')?.slice('sig1=:'.length, -1) ?? '', 'base64');
      if (name === 'Ed25519') assert.equal(signature.length, 64);
      else assert.equal(signature[0], 0x30, 'an ASN.1 SEQUENCE');
      const base = signatureBase(coveredComponents(request), { keyid: 'k1', created: 1, expires: 11, nonce: 'n' });
      assert.ok(verify(name === 'Ed25519' ? null : 'sha512', Buffer.from(base), pair.publicKey, signature));
    });
});

suite('loadSigningKey', () => {
  const { privateKey, publicKey } = ec('P-521');
  const parameters = '-----BEGIN EC PARAMETERS-----\nBgUrgQQAIw==\n-----END EC PARAMETERS-----\n';
  const readable: Readonly<Record<string, readonly [pem: string, passphrase?: string]>> = {
    'PKCS#8': [pkcs8(privateKey)],
    'PKCS#8 with a passphrase that is not needed': [pkcs8(privateKey), 'unused'],
    'encrypted PKCS#8': [pkcs8(privateKey, LOCK), LOCK.passphrase],
    'encrypted PKCS#8 of Ed25519': [pkcs8(generateKeyPairSync('ed25519').privateKey, LOCK), LOCK.passphrase],
    SEC1: [sec1(privateKey)],
    'SEC1 after its curve parameters': [parameters + sec1(privateKey)],
    'encrypted SEC1': [sec1(privateKey, LOCK), LOCK.passphrase],
  };
  for (const [name, [pem, passphrase]] of Object.entries(readable))
    test(`reads ${name}`, () => assert.ok(load(pem, passphrase).ok));

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const unreadable: Readonly<
    Record<string, readonly [problem: RegExp, pem: string, passphrase?: string | undefined, keyId?: string]>
  > = {
    'no PEM': [/not a private key in PEM form/, 'a poem'],
    'a damaged PEM': [/damaged/, pkcs8(privateKey).replace(/\n.{20}/, '\n')],
    'a public key': [/needs the private key/, publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    'encrypted PKCS#8 without passphrase': [/needs a passphrase/, pkcs8(privateKey, LOCK)],
    'encrypted SEC1 without passphrase': [/needs a passphrase/, sec1(privateKey, LOCK), ''],
    'encrypted PKCS#8 with a wrong passphrase': [/passphrase is wrong/, pkcs8(privateKey, LOCK), 'open barley'],
    'encrypted SEC1 with a wrong passphrase': [/passphrase is wrong/, sec1(privateKey, LOCK), 'open barley'],
    RSA: [/type rsa; supported is an EC key/, pkcs8(rsa.privateKey)],
    'another curve': [/secp256k1; supported is/, pkcs8(ec('secp256k1').privateKey)],
    'an empty key id': [/key id/, pkcs8(privateKey), undefined, ''],
  };
  for (const [name, [problem, ...source]] of Object.entries(unreadable))
    test(`refuses ${name}`, () => {
      const loaded = load(...source);
      assert.ok(!loaded.ok);
      assert.match(loaded.problem, problem);
      assert.doesNotMatch(loaded.problem, /barley/);
    });
});
