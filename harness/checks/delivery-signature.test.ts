import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, test } from 'node:test';
import type { ReceivedRequest } from '../delivery.ts';
import { present } from '../fixtures.ts';
import { judgeSignature, type Keys, readKeys } from './delivery-signature.ts';

/** Deliveries signed by hand as the vendor describes it, and everything that can be wrong with them. */

const NOW = Date.UTC(2026, 0, 1, 12);
const SECONDS = NOW / 1000;
const URL_ = new URL('https://suite.test/hooks/4711');
const BODY = '{"payload": []}';
const KID = '8d4997a8-cf7a-4e51-adbb-401656a3e5c2';

const pairs = {
  p521: generateKeyPairSync('ec', { namedCurve: 'secp521r1' }),
  p256: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  ed25519: generateKeyPairSync('ed25519'),
  x25519: generateKeyPairSync('x25519'),
  other: generateKeyPairSync('ec', { namedCurve: 'secp521r1' }),
};
const jwkOf = (key: KeyObject, kid: unknown) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });
const keysOf = (key: KeyObject): Keys => present(readKeys({ keys: [jwkOf(key, KID)] }));
const KEYS = keysOf(pairs.p521.publicKey);

const hash = (algorithm: string, body: string) => createHash(algorithm).update(body).digest('base64');
const digestOf = (body: string) => `SHA-256=${hash('sha256', body)}`;
const contentDigestOf = (body: string) => `sha-512=:${hash('sha512', body)}:`;

type Pair = readonly [name: string, value: string];

interface Hand {
  /** Covered components with the values that the signer used. */
  readonly covered?: readonly Pair[];
  readonly parameters?: string;
  readonly quote?: '' | '"';
  readonly key?: KeyObject;
  readonly label?: string;
}

const usual: readonly Pair[] = [
  ['@method', 'POST'],
  ['@path', '/hooks/4711'],
  ['content-type', 'application/json'],
  ['content-length', String(BODY.length)],
  ['digest', digestOf(BODY)],
];
const times = `created=${SECONDS};expires=${SECONDS + 60}`;

/** The two headers of a signature as the vendor describes it: unquoted names in the base, DER, SHA-512. */
function byHand({
  covered = usual,
  parameters,
  quote = '',
  key = pairs.p521.privateKey,
  label = 'sig1',
}: Hand = {}): Pair[] {
  const names = covered.map(([name]) => `"${name}"`).join(' ');
  const params = `(${names});${parameters ?? `keyid="${KID}";${times};nonce="o085M4cMgpbicuOL"`}`;
  const base = [...covered, ['@signature-params', params]].map(([name, value]) => `${quote}${name}${quote}: ${value}`);
  const made = sign(key.asymmetricKeyType === 'ec' ? 'sha512' : null, Buffer.from(base.join('\n'), 'latin1'), key);
  return [
    ['signature-input', `${label}=${params}`],
    ['signature', `${label}=:${made.toString('base64')}:`],
  ];
}

const plain = (covered: readonly Pair[] = usual) => covered.filter(([name]) => !/^@|^host$/.test(name));

function received(
  signature: readonly Pair[],
  headers = plain(),
  changes: Partial<ReceivedRequest> = {},
): ReceivedRequest {
  return {
    method: 'POST',
    path: '/hooks/4711',
    headers: [...headers, ...signature],
    body: Buffer.from(BODY),
    ...changes,
  };
}

const judge = (request: ReceivedRequest, { url = URL_, keys = KEYS, at = NOW } = {}) =>
  judgeSignature(request, url, keys, at);

/** The violated requirements, without the common prefix of their ids. */
const wrong = (request: ReceivedRequest, how: Parameters<typeof judge>[1] = {}) =>
  Object.entries(judge(request, how)).flatMap(([id, seen]) => (seen === undefined ? [] : [id.replace(/^event\./, '')]));

/** Signed over these components, all of which the delivery has. */
const over = (covered: readonly Pair[], hand: Hand = {}) => received(byHand({ covered, ...hand }), plain(covered));

describe('a valid signature', () => {
  const v15: readonly Pair[] = [...usual.slice(0, 4), ['content-digest', contentDigestOf(BODY)]];

  test('v6', () => {
    assert.deepEqual(judge(received(byHand())), {
      'event.signed': undefined,
      'event.signed-body': undefined,
      'event.signature-fits': undefined,
      'event.signature-fresh': undefined,
    });
  });

  test('v15, with quotes and content-digest', () => assert.deepEqual(wrong(over(v15, { quote: '"' })), []));

  for (const name of ['p256', 'ed25519'] as const)
    test(`with a key on ${name}`, () => {
      const { privateKey, publicKey } = pairs[name];
      assert.deepEqual(wrong(received(byHand({ key: privateKey })), { keys: keysOf(publicKey) }), []);
    });

  const nonce = 'nonce="x"';
  const keyid = `keyid="${KID}"`;
  for (const parameters of [
    `${nonce};expires=${SECONDS + 1};created=${SECONDS};${keyid}`,
    `created=${SECONDS}; ${keyid};alg="ecdsa-p521-sha512"`,
    `created=${SECONDS};nonce=";created=1;keyid=\\"x\\", sig2=(";${keyid}`,
    `created=${SECONDS};nonce="a,b=()";${keyid};tag="é"`,
  ])
    test(`with the parameters ${parameters}`, () => assert.deepEqual(wrong(received(byHand({ parameters }))), []));

  test('over components in any order', () => assert.deepEqual(wrong(over(usual.toReversed())), []));

  test('over a query, an authority and the whole URL', () => {
    const url = new URL('https://suite.test:8443/hooks/4711?run=1&x=%20');
    const covered: Pair[] = [
      ...usual,
      ['@query', '?run=1&x=%20'],
      ['@authority', 'suite.test:8443'],
      ['host', 'suite.test:8443'],
      ['@scheme', 'https'],
      ['@target-uri', url.href],
    ];
    assert.deepEqual(wrong(over(covered), { url }), []);
    assert.deepEqual(wrong(over([...usual, ['@query', '?']])), [], 'a query that is empty');
  });

  test('behind a proxy that changed the path and the host', () => {
    const headers: Pair[] = [...plain(), ['host', '127.0.0.1:8080']];
    assert.deepEqual(wrong(received(byHand(), headers, { path: '/internal/4711?via=proxy' })), []);
    assert.deepEqual(wrong(received(byHand({ covered: [...usual, ['@authority', URL_.host]] }), headers)), []);
  });

  test('behind a proxy that forwards a body with a length in chunks', () => {
    const headers = plain().filter(([name]) => name !== 'content-length');
    assert.deepEqual(wrong(received(byHand(), headers)), []);
  });

  test('over a repeated header, in order', () => {
    const covered: Pair[] = [...usual, ['x-trace', 'a, b']];
    const headers: Pair[] = [...plain(), ['x-trace', ' a '], ['x-other', '-'], ['x-trace', 'b']];
    assert.deepEqual(wrong(received(byHand({ covered }), headers)), []);
    assert.deepEqual(wrong(received(byHand({ covered }), headers.toReversed())), ['signature-fits']);
  });

  test('over a header that is not ASCII', () => assert.deepEqual(wrong(over([...usual, ['x-name', 'Zoë']])), []));

  test('under another label', () => {
    for (const label of ['sig-b26', '*', 'a.b_c*']) assert.deepEqual(wrong(received(byHand({ label }))), [], label);
  });

  test('with other digests in the same header', () => {
    const digest = `MD5=x, sha-256=${hash('sha256', BODY)},unixsum=1`;
    assert.deepEqual(wrong(over([...usual.slice(0, 4), ['digest', digest]])), []);
  });
});

describe('several signatures', () => {
  const good = byHand({ label: 'b' });
  const bad = byHand({ label: 'a', key: pairs.other.privateKey });
  const joined = (...signatures: Pair[][]): Pair[] =>
    ['signature-input', 'signature'].map((name) => [
      name,
      signatures.flatMap((one) => one.filter(([key]) => key === name).map(([, value]) => value)).join(', '),
    ]);

  test('are valid if any one of them is', () => {
    for (const both of [joined(good, bad), joined(bad, good), [...good, ...bad], [...bad, ...good]])
      assert.deepEqual(wrong(received(both)), []);
  });

  test('are invalid if each one has a defect', () => {
    const stale = byHand({ label: 'c', parameters: `created=1;keyid="${KID}"` });
    assert.deepEqual(wrong(received(joined(bad, stale))), ['signature-fits']);
    assert.deepEqual(wrong(received(joined(stale, bad))), ['signature-fresh']);
  });

  test('are distinguished by their labels', () => {
    const [input, value] = good;
    assert.ok(input && value);
    assert.deepEqual(wrong(received([input, ['signature', `other=:AAAA:, ${value[1]}`]])), []);
    assert.deepEqual(wrong(received([input, ['signature', value[1].replace('b=', 'other=')]])), ['signed']);
    assert.deepEqual(wrong(received([['signature-input', `lost=("digest");created=1, ${input[1]}`], value])), []);
  });
});

describe('an invalid signature', () => {
  const cases: ReadonlyArray<readonly [what: string, request: ReceivedRequest, requirements: readonly string[]]> = [
    ['absent', received([]), ['signed']],
    ['without its input', received(byHand().slice(1)), ['signed']],
    ['without its value', received(byHand().slice(0, 1)), ['signed']],
    ['over another body', received(byHand(), plain(), { body: Buffer.from(`${BODY} `) }), ['signed-body']],
    ['over no body', received(byHand(), plain(), { body: new Uint8Array() }), ['signed-body']],
    ['that covers no digest', received(byHand({ covered: usual.slice(0, 4) })), ['signed-body']],
    ['that covers nothing', received(byHand({ covered: [] })), ['signed-body']],
    ['whose digest is gone', received(byHand(), plain(usual.slice(0, 4))), ['signed-body', 'signature-fits']],
    [
      'whose digest was put right afterwards',
      received(byHand({ covered: [...usual.slice(0, 4), ['digest', digestOf('x')]] })),
      ['signature-fits'],
    ],
    [
      'over a digest of another kind',
      over([...usual.slice(0, 4), ['digest', `MD5=${hash('md5', BODY)}`]]),
      ['signed-body'],
    ],
    [
      'over one right digest and one that is wrong',
      over([...usual, ['content-digest', contentDigestOf('x')]]),
      ['signed-body'],
    ],
    ['with another method', received(byHand(), plain(), { method: 'PUT' }), ['signature-fits']],
    ['over another path', over([['@path', '/hooks/4712'], ...usual.slice(2)]), ['signature-fits']],
    ['over a component that is not known', over([...usual, ['@status', '200']]), ['signature-fits']],
    ['over a header that is gone', received(byHand({ covered: [...usual, ['x-gone', '1']] })), ['signature-fits']],
    ['by another key', received(byHand({ key: pairs.other.privateKey })), ['signature-fits']],
    ['by a key of another kind', received(byHand({ key: pairs.ed25519.privateKey })), ['signature-fits']],
    ['under an id that nobody knows', received(byHand({ parameters: `${times};keyid="other"` })), ['signature-fits']],
    ['under no id', received(byHand({ parameters: times })), ['signature-fits']],
    ['without created', received(byHand({ parameters: `keyid="${KID}"` })), ['signature-fresh']],
    [
      'with created as text',
      received(byHand({ parameters: `keyid="${KID}";created="${SECONDS}"` })),
      ['signature-fresh'],
    ],
    [
      'with created in a nonce only',
      received(byHand({ parameters: `keyid="${KID}";nonce=";created=${SECONDS}"` })),
      ['signature-fresh'],
    ],
    ['made long ago', received(byHand({ parameters: `keyid="${KID}";created=${SECONDS - 301}` })), ['signature-fresh']],
    [
      'made in the future',
      received(byHand({ parameters: `keyid="${KID}";created=${SECONDS + 301}` })),
      ['signature-fresh'],
    ],
    [
      'made beyond all time',
      received(byHand({ parameters: `keyid="${KID}";created=999999999999999` })),
      ['signature-fresh'],
    ],
    [
      'made beyond all numbers',
      received(byHand({ parameters: `keyid="${KID}";created=${'9'.repeat(400)}` })),
      ['signature-fresh'],
    ],
    [
      'that has expired',
      received(byHand({ parameters: `keyid="${KID}";created=${SECONDS};expires=${SECONDS - 301}` })),
      ['signature-fresh'],
    ],
    [
      'that expired when time began',
      received(byHand({ parameters: `keyid="${KID}";created=${SECONDS};expires=0` })),
      ['signature-fresh'],
    ],
  ];
  for (const [what, request, requirements] of cases)
    test(`${what}: ${requirements.join(', ')}`, () => assert.deepEqual(wrong(request), requirements));

  test('is fresh within five minutes either way', () => {
    const request = received(byHand({ parameters: `keyid="${KID}";created=${SECONDS}` }));
    const tolerance = 5 * 60_000;
    for (const [at, expected] of [
      [NOW + tolerance, []],
      [NOW - tolerance, []],
      [NOW + tolerance + 1000, ['signature-fresh']],
      [NOW - tolerance - 1000, ['signature-fresh']],
    ] as const)
      assert.deepEqual(wrong(request, { at }), expected);
  });

  test('with any bit flipped does not fit', () => {
    const [input, value] = byHand();
    assert.ok(input && value);
    const bytes = Buffer.from(value[1].slice(6, -1), 'base64');
    for (let at = 0; at < bytes.length; at += 7) {
      const turned = Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
      const request = received([input, ['signature', `sig1=:${turned.toString('base64')}:`]]);
      assert.deepEqual(wrong(request), ['signature-fits'], `byte ${at}`);
    }
  });

  test('as r and s instead of DER does not fit', () => {
    const [input] = byHand();
    assert.ok(input);
    const request = received([input, ['signature', `sig1=:${Buffer.alloc(132, 1).toString('base64')}:`]]);
    assert.deepEqual(wrong(request), ['signature-fits']);
  });
});

describe('garbage in the headers', () => {
  const inputs = [
    '',
    ' ',
    '=',
    'sig1',
    'sig1=',
    'sig1=()',
    'sig1=(',
    'sig1=("digest"',
    'sig1=("digest");keyid="',
    'sig1=(digest);created=x;expires=y;keyid=z',
    'sig1=(("a"));created=1',
    'SIG1=("digest");created=1',
    '__proto__=("digest");created=1',
    'sig1=("constructor" "__proto__" "toString");created=1;keyid="__proto__"',
    `sig1=(${'"a" '.repeat(10_000)});created=1`,
    `sig1=("a")${';"'.repeat(20_001)}`,
    `sig1=("a")${';keyid="'.repeat(8_000)}`,
    `${'sig1=();'.repeat(8_000)}`,
    `${' '.repeat(60_000)}x`,
    '\u0000\u00ff\u0080',
  ];
  const values = [
    '',
    ':',
    'sig1',
    'sig1=',
    'sig1=::',
    'sig1=:!:',
    'sig1=:AAAA',
    'sig1=:====:',
    'sig1=:AAAA:',
    ','.repeat(60_000),
  ];

  test('never throws, never fits, and gives a short message', () => {
    for (const input of inputs)
      for (const value of values) {
        const request = received([
          ['signature-input', input],
          ['signature', value],
        ]);
        const findings = judge(request);
        assert.ok(
          findings['event.signed'] ?? findings['event.signature-fits'],
          `${input.slice(0, 60)} ${value.slice(0, 60)}`,
        );
        for (const seen of Object.values(findings)) assert.ok((seen ?? '').length < 600, seen);
      }
  });

  test('digests never throw either', () => {
    for (const digest of [
      '',
      '=',
      'SHA-256',
      'SHA-256=',
      'SHA-256=,',
      `SHA-256=${'A'.repeat(60_000)}`,
      'sha-256=:x:',
      ':::',
    ])
      assert.deepEqual(wrong(over([...usual.slice(0, 4), ['digest', digest]])), ['signed-body'], digest.slice(0, 40));
  });
});

describe('digests', () => {
  const vectors = [
    [
      '{"hello": "world"}',
      'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
      'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=',
    ],
    [
      '{"key": "value"}',
      'sha-512=:Hd9/AvGZkbjitW1+Ml8Fg1ux1mtcDYe6mLQjDyoowIWa3LM/PmwN2v9O+MjtQGrCA3EQWUL54dlgxKHyYbrucw==:',
      'SHA-256=lyTB4g5uPk1/V+0l+dTvsAblCFkNUoyQ2ll/andcE+U=',
    ],
  ] as const;
  for (const [body, contentDigest, digest] of vectors)
    test(`of ${body} match the examples of the vendor`, () => {
      for (const pair of [['content-digest', contentDigest] as const, ['digest', digest] as const]) {
        const request = { ...over([pair]), body: Buffer.from(body) };
        assert.deepEqual(wrong(request), [], pair[0]);
        assert.deepEqual(wrong({ ...request, body: Buffer.from(body.replace(': ', ':')) }), ['signed-body'], pair[0]);
      }
    });
});

describe('the keys of a target', () => {
  test('are the readable ones of the set', () => {
    const good = jwkOf(pairs.p521.publicKey, KID);
    const keys = readKeys({
      keys: [
        null,
        1,
        'x',
        [],
        {},
        { kid: 'a' },
        { kid: 'b', kty: 'EC', crv: 'P-521', x: '', y: '' },
        { kid: 'c', kty: 'oct', k: 'AAAA' },
        { ...good, kid: 7 },
        good,
      ],
    });
    assert.deepEqual([...present(keys).keys()], [KID]);
  });

  test('are undefined if the value is not a key set', () => {
    for (const set of [undefined, null, 1, 'x', [], {}, { keys: {} }, { keys: null }, [{ kid: KID }]])
      assert.equal(readKeys(set), undefined);
    assert.equal(readKeys({ keys: [] })?.size, 0);
  });

  test('may be of a kind that cannot sign, which never fits', () => {
    assert.deepEqual(wrong(received(byHand()), { keys: keysOf(pairs.x25519.publicKey) }), ['signature-fits']);
  });

  test('give a short message, however many there are', () => {
    const keys = present(
      readKeys({ keys: Array.from({ length: 200 }, (_, index) => jwkOf(pairs.p256.publicKey, `k${index}`)) }),
    );
    const seen = judge(received(byHand()), { keys })['event.signature-fits'];
    assert.match(present(seen), /the target shows "k0, k1/);
    assert.ok(present(seen).length < 400);
    assert.match(present(judge(received(byHand()), { keys: new Map() })['event.signature-fits']), /shows no key/);
  });
});
