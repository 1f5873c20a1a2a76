import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ROOT } from '../harness/fixtures.ts';
import { keyId } from './dsse.ts';
import { writeEvidence } from './evidence.ts';
import { everything, MUST, reportOf, SHOULD } from './fixtures.ts';
import { EVENTS, RUN } from './manifest.ts';
import { reportText } from './report-file.ts';
import { UnusableEvidence, verifyEvidence } from './verification.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'evidence-'));
  for (const folder of ['reports', 'playwright-report', 'allure-results']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'playwright-report/index.html'), '<p>');
  mkdirSync(join(root, 'allure-results/sub'));
  writeFileSync(join(root, 'allure-results/sub/a-result.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const report = reportOf([everything({ [SHOULD]: ['x'] })]);
const pair = (type: 'ed25519' | 'p256') => {
  const { privateKey, publicKey } =
    type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(root, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { keyFile: join(root, 'key.pem'), publicPem: String(publicKey.export({ type: 'spki', format: 'pem' })) };
};
const written = (keyFile?: string, what = report) => {
  writeFileSync(join(root, RUN.report), reportText(what));
  writeEvidence({ report: what, keyFile, root });
};

const isDetected = (publicPem: string) => {
  try {
    return verifyEvidence(root, publicPem).problems.length > 0;
  } catch (error) {
    if (error instanceof UnusableEvidence) return true;
    throw error;
  }
};

describe('evidence', () => {
  test('is an in-toto statement with the predicate test-result', () => {
    written();
    const statement = JSON.parse(readFileSync(join(root, RUN.manifest), 'utf8'));
    assert.equal(statement._type, 'https://in-toto.io/Statement/v1');
    assert.equal(statement.predicateType, 'https://in-toto.io/attestation/test-result/v0.1');
    assert.deepEqual(
      statement.subject.map(({ name }: { name: string }) => name),
      ['allure-results/sub/a-result.json', 'playwright-report/index.html', 'reports/conformance.json'],
    );
    assert.equal(statement.predicate.result, 'WARNED');
    assert.deepEqual(statement.predicate.warnedTests, [SHOULD]);
    assert.ok(statement.predicate.configuration.length > 0);
  });

  test('says FAILED unless the run is conformant', () => {
    for (const what of [reportOf([everything({ [MUST]: ['x'] })]), reportOf([everything()], { narrowed: true })]) {
      written(undefined, what);
      assert.equal(JSON.parse(readFileSync(join(root, RUN.manifest), 'utf8')).predicate.result, 'FAILED');
    }
  });

  const edits: ReadonlyArray<readonly [what: string, edit: () => void, problem: string | undefined]> = [
    ['no change', () => undefined, undefined],
    [
      'an added byte',
      () => appendFileSync(join(root, 'playwright-report/index.html'), ' '),
      'changed: playwright-report/index.html',
    ],
    [
      'a changed line end',
      () => writeFileSync(join(root, 'reports/conformance.json'), `${reportText(report).trimEnd()}\r\n`),
      'changed: reports/conformance.json',
    ],
    [
      'a missing file',
      () => rmSync(join(root, 'allure-results/sub/a-result.json')),
      'missing: allure-results/sub/a-result.json',
    ],
    [
      'a missing folder',
      () => rmSync(join(root, 'playwright-report'), { recursive: true }),
      'missing: playwright-report/index.html',
    ],
    ['an added file', () => writeFileSync(join(root, 'allure-results/new'), ''), 'added: allure-results/new'],
    ['an added hidden file', () => writeFileSync(join(root, 'reports/.x'), ''), 'added: reports/.x'],
    [
      'a link in place of a file',
      () => {
        rmSync(join(root, 'reports/conformance.json'));
        writeFileSync(join(root, 'elsewhere'), reportText(report));
        symlinkSync(join(root, 'elsewhere'), join(root, 'reports/conformance.json'));
      },
      'changed: reports/conformance.json',
    ],
  ];
  for (const [what, edit, problem] of edits)
    test(`finds ${what}`, () => {
      written();
      edit();
      assert.deepEqual(verifyEvidence(root).problems, problem === undefined ? [] : [problem]);
    });

  for (const type of ['ed25519', 'p256'] as const) {
    test(`signed with ${type} is accepted for this key only`, () => {
      const { keyFile, publicPem } = pair(type);
      written(keyFile);
      assert.deepEqual(verifyEvidence(root, publicPem), {
        problems: [],
        artifacts: 3,
        signature: 'good',
        keyId: keyId(createPublicKey(publicPem)),
      });
      assert.equal(verifyEvidence(root).signature, 'not checked');
      assert.deepEqual(verifyEvidence(root, pair(type).publicPem).problems, [
        'the manifest is not signed with this key',
      ]);
    });
    test(`signed with ${type} reveals a forged result`, () => {
      const { keyFile, publicPem } = pair(type);
      written(keyFile);
      const text = readFileSync(join(root, RUN.manifest), 'utf8');
      const { payload } = JSON.parse(text);
      const forged = Buffer.from(Buffer.from(payload, 'base64').toString().replace('WARNED', 'PASSED')).toString(
        'base64',
      );
      writeFileSync(join(root, RUN.manifest), text.replace(payload, forged));
      assert.deepEqual(verifyEvidence(root, publicPem).problems, [
        'the manifest is not signed with this key',
        'the manifest contradicts the report',
      ]);
    });
  }

  test('that is signed reveals any changed byte of its manifest', () => {
    const { keyFile, publicPem } = pair('ed25519');
    written(keyFile);
    const path = join(root, RUN.manifest);
    const bytes = readFileSync(path);
    const payload = bytes.indexOf('"payload": "') + 12;
    const end = bytes.indexOf('"', payload);
    // Bytes within the payload are equivalent except the last few, which decode to fewer bits: a sample is enough.
    const places = [...bytes.keys()].filter((at) => at < payload || at > end - 9 || at % 97 === 0);
    for (const at of places)
      for (const other of ['A', 'a', ' ', '\n', '_']
        .map((sign) => sign.charCodeAt(0))
        .filter((one) => one !== bytes[at])) {
        writeFileSync(path, Buffer.from(bytes).fill(other, at, at + 1));
        assert.ok(isDetected(publicPem), `byte ${at} as ${other}`);
      }
  });

  test('that is unsigned is rejected if a key is given', () => {
    const { publicPem } = pair('ed25519');
    written();
    assert.deepEqual(verifyEvidence(root, publicPem).problems, ['the manifest is not signed']);
  });

  test('signed with ed25519 can be verified with openssl alone', (context) => {
    if (spawnSync('openssl', ['version']).error !== undefined) return context.skip('openssl is not installed');
    const { keyFile, publicPem } = pair('ed25519');
    written(keyFile);
    const { payload, payloadType, signatures } = JSON.parse(readFileSync(join(root, RUN.manifest), 'utf8'));
    const body = Buffer.from(payload, 'base64');
    const signed = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body]);
    for (const [name, content] of [
      ['signed', signed],
      ['signature', Buffer.from(signatures[0].sig, 'base64')],
      ['public.pem', publicPem],
    ] as const)
      writeFileSync(join(root, name), content);
    const args = [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      'public.pem',
      '-rawin',
      '-in',
      'signed',
      '-sigfile',
      'signature',
    ];
    assert.match(String(execFileSync('openssl', args, { cwd: root })), /Success/);
    return undefined;
  });

  for (const [what, text] of [
    ['absent', undefined],
    ['not JSON', '{'],
    ['another document', '{}'],
    ['a manifest without subjects', JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject: [] })],
  ] as const)
    test(`that is ${what} is unusable`, () => {
      if (text !== undefined) writeFileSync(join(root, RUN.manifest), text);
      assert.throws(() => verifyEvidence(root), UnusableEvidence);
    });
});

describe('npm run verify-evidence', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'reporters/verify-evidence.ts', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
  test('exits with 2 without evidence, 3 without a key, and 1 after a change', () => {
    assert.equal(run(root).status, 2);
    written();
    assert.equal(run(root).status, 3);
    assert.match(
      run(root).stdout,
      /consistent with each other and with the report; not authenticated: it is not signed/,
    );
    appendFileSync(join(root, 'reports/conformance.json'), ' ');
    const { status, stdout } = run(root);
    assert.deepEqual([status, stdout.split('\n')[0]], [1, 'changed: reports/conformance.json']);
    assert.equal(run('--wrong').status, 2);
  });

  test('compares the manifest with the report', () => {
    const path = join(root, RUN.manifest);
    written();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"WARNED"', '"PASSED"'));
    const { status, stdout } = run(root);
    assert.equal(status, 1);
    assert.match(stdout, /^the manifest contradicts the report$/m);
  });

  test('also verifies the report of recorded events', () => {
    written();
    mkdirSync(join(root, 'event-report'));
    writeFileSync(join(root, EVENTS.report), reportText(report));
    writeEvidence({ report, root, delivery: EVENTS });
    assert.equal(run(root).status, 3);
    writeFileSync(join(root, 'event-report/conformance.html'), 'x');
    assert.deepEqual([run(root).status, run(root).stdout.includes('added: event-report/conformance.html')], [1, true]);
  });

  test('reports an Allure report that the manifest does not cover', () => {
    written();
    mkdirSync(join(root, 'allure-report'));
    writeFileSync(join(root, 'allure-report/index.html'), 'x');
    assert.deepEqual(verifyEvidence(root).problems, ['added: allure-report/index.html']);
  });
});
