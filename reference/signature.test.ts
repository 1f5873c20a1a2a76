import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';
import { contentDigest } from '../harness/client/signature.ts';
import { at, GET, LINES, NOW, POST, p521, type Sent, signed, signedAs, verifier } from './signature-fixtures.ts';

suite('the verifier accepts', () => {
  for (const namedCurve of ['P-256', 'P-384', 'P-521']) {
    const pair = generateKeyPairSync('ec', { namedCurve });
    test(`${namedCurve}, with a body`, () =>
      assert.equal(verifier(pair.publicKey)(signed(POST, pair.privateKey)), undefined));
  }
  const ed25519 = generateKeyPairSync('ed25519');
  test('Ed25519, with a public key in PEM, without query and body', () => {
    const pem = ed25519.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    assert.equal(verifier(pem)(signed(GET, ed25519.privateKey)), undefined);
  });
  test('parameters and components in another order, and another label', () =>
    assert.equal(verifier()(signedAs(LINES, at(0, 5))), undefined));
  test('spaces that a structured field allows', () => {
    const sent = signedAs(LINES, at(0, 5));
    const spread = sent.headers['signature-input']?.replace('("', '(  "').replace(';expires', '; expires') ?? '';
    assert.equal(verifier()({ ...sent, headers: { ...sent.headers, 'signature-input': spread } }), undefined);
  });
  test('a clock that deviates by ten seconds, and the last moment of a lifetime', () => {
    assert.equal(verifier()(signed(POST, undefined, { now: NOW + 10_000 })), undefined);
    assert.equal(verifier()(signed(POST, undefined, { now: NOW - 10_000 })), undefined);
  });
});

test('the verifier accepts a signature without idempotency-key, as in the vendor’s Java example', () => {
  const lines = LINES.filter(([name]) => name !== 'idempotency-key');
  assert.equal(verifier()(signedAs(lines, at(0, 5))), undefined);
});

suite('the verifier refuses', () => {
  const text = (body: string) => new TextEncoder().encode(body);
  const cases: Readonly<Record<string, readonly [why: RegExp, sent: Sent, change?: (sent: Sent) => unknown]>> = {
    'no signature': [/not signed/, signed(), ({ headers }) => delete headers.signature],
    'no signature-input': [/not signed/, signed(), ({ headers }) => delete headers['signature-input']],
    'no version': [/must be 15, found none/, signed(), ({ headers }) => delete headers['upvest-signature-version']],
    'version 6': [
      /must be 15, found 6/,
      signed(),
      ({ headers }) => Object.assign(headers, { 'upvest-signature-version': '6' }),
    ],
    'a malformed signature': [
      /signature does not contain exactly one/,
      signed(),
      ({ headers }) => Object.assign(headers, { signature: 'sig1=abc' }),
    ],
    'a malformed signature-input': [
      /signature-input does not describe/,
      signed(),
      ({ headers }) => Object.assign(headers, { 'signature-input': 'sig1=("@method' }),
    ],
    'two labels': [
      /different labels/,
      signed(),
      ({ headers }) => Object.assign(headers, { signature: headers.signature?.replace('sig1', 'sig2') }),
    ],
    'a component twice': [/component twice/, signedAs([...LINES, ['@method', 'POST']], at(0, 5))],
    'a parameter twice': [/nonce twice/, signedAs(LINES, `${at(0, 5)};nonce="c"`)],
    'no keyid': [/must have keyid/, signedAs(LINES, ';created=1;expires=2;nonce="n"')],
    'no created': [/must have created/, signedAs(LINES, ';keyid="k1";expires=2;nonce="n"')],
    'no expires': [/must have expires/, signedAs(LINES, ';keyid="k1";created=1;nonce="n"')],
    'no nonce': [/must have nonce/, signedAs(LINES, ';keyid="k1";created=1;expires=2')],
    'an empty nonce': [/must have nonce/, signedAs(LINES, ';keyid="k1";created=-1;expires=2;nonce=""')],
    'an unknown key': [/not name a known key/, signedAs(LINES, at(0, 5).replace('k1', 'k2'))],
    'the key of another client': [
      /does not match the request/,
      signed(POST, generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey),
    ],
    'a tampered method': [/does not match the request/, signed(), (sent) => Object.assign(sent, { method: 'PUT' })],
    'a tampered path': [
      /does not match the request/,
      signed(),
      ({ url }) => Object.assign(url, { pathname: '/users' }),
    ],
    'a tampered query': [
      /does not match the request/,
      signed(),
      ({ url }) => Object.assign(url, { search: '?limit=2' }),
    ],
    'an added query': [/does not cover @query/, signed(GET), ({ url }) => Object.assign(url, { search: '?limit=2' })],
    'a removed query': [/covers @query, which/, signed(), ({ url }) => Object.assign(url, { search: '' })],
    'a tampered header': [
      /does not match the request/,
      signed(),
      ({ headers }) => Object.assign(headers, { authorization: 'Bearer other' }),
    ],
    'a removed header': [/covers idempotency-key, which/, signed(), ({ headers }) => delete headers['idempotency-key']],
    'a header added after signing': [
      /must be absent/,
      signed(GET),
      ({ headers }) => Object.assign(headers, { 'content-digest': 'sha-512=::' }),
    ],
    'a tampered body': [
      /digest does not match/,
      signed(),
      (sent) => Object.assign(sent, { body: text('{"user_id":"2"}') }),
    ],
    'a wrong digest': [
      /digest does not match/,
      signed({ ...POST, headers: [...POST.headers, ['content-digest', contentDigest(text('other'))]] }),
    ],
    'no digest': [/digest is missing/, signed(), ({ headers }) => delete headers['content-digest']],
    'a digest without a body': [
      /must be absent/,
      signed({ ...GET, headers: [...GET.headers, ['content-digest', contentDigest(text(''))]] }),
    ],
    'a wrong length': [
      /length does not match/,
      signed(),
      ({ headers }) => Object.assign(headers, { 'content-length': '1' }),
    ],
    expired: [/has expired/, signed(POST, undefined, { now: NOW - 11_000 })],
    'a long lifetime after 70 seconds': [
      /too long ago/,
      signed(POST, undefined, { now: NOW - 71_000, lifetimeSeconds: 3600 }),
    ],
    'an expiry before the creation': [
      /expires before/,
      signed(POST, undefined, { now: NOW + 5_000, lifetimeSeconds: -1 }),
    ],
    'a date in the future': [/in the future/, signed(POST, undefined, { now: NOW + 11_000 })],
    'a P1363 signature instead of DER': [/does not match the request/, signedAs(LINES, at(0, 5), 'ieee-p1363')],
    'a component with parameters': [
      /signature-input does not describe/,
      signed(),
      ({ headers }) =>
        Object.assign(headers, { 'signature-input': headers['signature-input']?.replace('"@path"', '"@path";req') }),
    ],
    'a component that version 15 does not have': [
      /covers @authority, which/,
      signedAs([...LINES, ['@authority', 'target.example']], at(0, 5)),
    ],
  };
  for (const [name, [why, sent, change]] of Object.entries(cases))
    test(name, () => {
      change?.(sent);
      assert.match(verifier()(sent) ?? 'accepted', why);
    });
  for (const [name] of LINES.filter(([line]) => line !== 'idempotency-key'))
    test(`a signature that does not cover ${name}`, () => {
      assert.equal(
        verifier()(
          signedAs(
            LINES.filter(([other]) => other !== name),
            at(0, 5),
          ),
        ),
        `the signature does not cover ${name}`,
      );
    });

  test('a used nonce until its signature expires; refused requests do not use up a nonce', () => {
    let now = NOW;
    const verify = verifier(p521.publicKey, () => now);
    const tampered = signed();
    tampered.url.search = '?limit=2';
    assert.match(verify(tampered) ?? '', /does not match/);
    assert.equal(verify(signed()), undefined);
    assert.equal(verify(signed()), 'the nonce was used before');
    now += 10_000;
    assert.equal(verify(signed(POST, undefined, { now })), 'the nonce was used before');
    assert.equal(verify(signed(POST, undefined, { now, nonce: 'another' })), undefined);
    now += 1_000;
    assert.equal(verify(signed(POST, undefined, { now })), undefined);
  });

  test('an unsuitable public key at once', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    assert.throws(() => verifier(publicKey), /k1 is neither EC/);
  });
});
