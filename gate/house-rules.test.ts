import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readScopes } from '../harness/contract/operations.ts';
import { contract, object, ROOT } from '../harness/fixtures.ts';
import { isUnitTest } from '../reporters/provenance.ts';
import { CODE, type Import, importsIn, ROOMS, sourceFiles } from './imports.ts';

/** The list of cases, and the one with a team's own cases added. */
const CASES = ['tests/cases/index.ts', 'tests/own-cases.ts'];
const paths = sourceFiles();
const imports = importsIn(paths);
const source = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const isPackage = (name: string) => (one: Import) => one.to === name || one.to.startsWith(`${name}/`);
const inRoom = (room: string) => (path: string) => path.startsWith(`${room}/`);
const described = (found: readonly Import[]) => found.map(({ at, to }) => `${at} imports ${to}`);

/** Imports from one room into others that are not allowed. Unit tests may import anything. */
function crossing(room: string, forbidden: readonly string[], allowed: (one: Import) => boolean = () => false) {
  return described(
    imports.filter(
      (one) =>
        !isUnitTest(one.from) &&
        inRoom(room)(one.from) &&
        forbidden.some((other) => inRoom(other)(one.to)) &&
        !allowed(one),
    ),
  );
}

/** The shortest chain of imports from a room to one of the goals, if any; type-only imports do not count. */
function importChain(room: string, goals: readonly string[]): readonly string[] {
  const ways = paths.filter((path) => inRoom(room)(path) && CODE.test(path) && !isUnitTest(path)).map((path) => [path]);
  const seen = new Set(ways.flat());
  for (const way of ways) {
    const last = way.at(-1) ?? '';
    if (goals.includes(last)) return way;
    for (const { from, to, typeOnly } of imports)
      if (from === last && !typeOnly && !seen.has(to)) {
        seen.add(to);
        ways.push([...way, to]);
      }
  }
  return [];
}

describe('facts flow one way', () => {
  test('imports are found', () => {
    assert.ok(imports.some(({ from, to }) => from === 'tests/cases/index.ts' && to === 'harness/case.ts'));
    assert.ok(imports.some(({ from, to }) => from === 'harness/client/http.ts' && to === 'undici'));
    assert.ok(imports.some(({ from, typeOnly }) => from === 'harness/case.ts' && typeOnly));
    assert.notDeepEqual(importChain('tests', ['harness/client/http.ts']), []);
    for (const one of imports.filter(({ to }) => ROOMS.some((room) => inRoom(room)(to))))
      assert.ok(paths.includes(one.to), `${one.at} imports ${one.to}, which does not exist`);
  });

  const others = (...but: readonly string[]) => ROOMS.filter((room) => !but.includes(room));
  const HARNESS = ['harness/checks', 'harness/client', 'harness/run', 'harness/verdicts'];
  const otherRooms = (...but: readonly string[]) =>
    HARNESS.filter((room) => !but.includes(room.slice('harness/'.length)));
  const SENDING = ['harness/client/client.ts', 'harness/client/http.ts'];
  const rules: ReadonlyArray<readonly [rule: string, breaches: () => readonly string[]]> = [
    ['spec contains no code', () => paths.filter((path) => inRoom('spec')(path) && CODE.test(path))],
    ['the reference imports no other room', () => crossing('reference', others('reference'))],
    ['the harness imports no other room', () => crossing('harness', others('harness'))],
    [
      'tests import only the harness; their set-up may start the reference',
      () =>
        crossing(
          'tests',
          others('tests', 'harness'),
          ({ from, to }) => from === 'tests/global-setup.ts' && inRoom('reference')(to),
        ),
    ],
    [
      'reporters import only the harness and the list of cases',
      () => crossing('reporters', others('reporters', 'harness'), ({ to }) => CASES.includes(to)),
    ],
    ['no reporter imports the HTTP client, even indirectly', () => importChain('reporters', SENDING)],
    ['the contract model imports no other room of the harness', () => crossing('harness/contract', HARNESS)],
    ['checks import only the contract model', () => crossing('harness/checks', otherRooms('contract', 'checks'))],
    ['verdicts import only the contract model', () => crossing('harness/verdicts', otherRooms('contract', 'verdicts'))],
    [
      'the client imports neither runs nor verdicts',
      () => crossing('harness/client', ['harness/run', 'harness/verdicts']),
    ],
    [
      'only the client sends HTTP requests',
      () =>
        described(
          imports.filter(
            (one) => isPackage('undici')(one) && !inRoom('harness/client')(one.from) && !isUnitTest(one.from),
          ),
        ),
    ],
    [
      'only harness/run/environment.ts reads .env',
      () => described(imports.filter((one) => isPackage('dotenv')(one) && one.from !== 'harness/run/environment.ts')),
    ],
    [
      'cases use neither the environment nor I/O',
      () =>
        paths
          .filter((path) => /^tests\/.*\.cases\.ts$/.test(path))
          .filter((path) => /\bprocess\.|\bfetch\(|node:(fs|http|https|net|tls|child_process)\b/.test(source(path))),
    ],
    [
      'only harness/contract/ids.ts constructs ids of promises; cases may construct their own ids',
      () =>
        paths
          .filter((path) => (inRoom('harness')(path) || inRoom('tests')(path)) && CODE.test(path) && !isUnitTest(path))
          .filter((path) => /(?<!^ *id: )`\$\{[\w?.]+\.name\}\.[\w$]/m.test(source(path))),
    ],
  ];
  for (const [rule, breaches] of rules)
    test(rule, () => {
      assert.deepEqual(breaches(), []);
    });
});

/** Facts of the contract that a test could repeat, each with its kind. */
function facts(): Map<string, string> {
  const found = new Map<string, string>();
  const members = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = object(value);
    for (const name of Object.keys(typeof node.properties === 'object' ? object(node.properties) : {}))
      members.add(name);
    if (Array.isArray(node.enum)) for (const word of node.enum) found.set(String(word), 'value of an enum');
    if (typeof node.pattern === 'string') found.set(node.pattern, 'pattern');
    Object.values(node).forEach(visit);
  };
  visit(contract.doc.root);
  // An enum value that is also a member name counts as a name; a single digit counts as an ordinary number.
  for (const word of found.keys()) if (members.has(word) || /^\d$/.test(word)) found.delete(word);
  for (const { responses } of contract.operations)
    for (const status of responses.keys()) found.set(status, 'status code');
  for (const scope of readScopes(contract.doc)) found.set(scope, 'scope');
  return found;
}

const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|(?<![\w.$])\d[\d_]*(?![\w.])/g;

/** Facts of the contract that a source text repeats, with their lines. */
function repeated(path: string, text: string, known: ReadonlyMap<string, string>): string[] {
  return [...text.matchAll(TOKEN)].flatMap((match) => {
    const token = match[0];
    if (token.startsWith('//') || token.startsWith('/*')) return [];
    const number = /^\d/.test(token);
    const inner = number ? token.replaceAll('_', '') : token.slice(1, -1).replaceAll(/\.slice\([^)]*\)/g, '');
    const line = text.slice(0, match.index).split('\n').length;
    // Milliseconds, lengths and the limits of status classes are not facts of the contract.
    const before = text.slice(0, match.index);
    if (number && (/(sleep|slice|Ms|MS\b)[^\n]*$/.test(before) || /[<>]=? $/.test(before))) return [];
    return [...known]
      .filter(([fact, kind]) =>
        kind === 'pattern' ? inner === fact : inner === fact || new RegExp(`(?<![\\w-])${fact}(?![\\w-])`).test(inner),
      )
      .map(([fact, kind]) => `${path}:${line} repeats the ${kind} ${fact}`);
  });
}

describe('the document drives', () => {
  const known = facts();
  test('the facts of the contract are known', () => {
    for (const fact of [
      '200',
      '409',
      '504',
      'PERSONAL',
      'DESC',
      'ACCOUNT_GROUP.CREATED',
      'accounts:read',
      '^[0-9]{9}$',
    ])
      assert.ok(known.has(fact), fact);
    assert.ok(!known.has('created_at') && !known.has('1'));
  });

  const samples: ReadonlyArray<readonly [text: string, facts: readonly string[]]> = [
    ["x.status === 'ACTIVE'", ['ACTIVE']],
    ['if (status === 404) y();', ['404']],
    [`"answered with 409 or \${x}"`, ['409']],
    [`\`scope=accounts:read \${x}\``, ['accounts:read']],
    ['/^[0-9]{9}$/.test(x)', ['^[0-9]{9}$']],
    ["// answers 404\nconst a = 'b'; /* ACTIVE */", []],
    ["const max = 1404; const c = 0.404; f('INACTIVE', 'x-404y', 'created_at')", []],
    ['sleep(200); body.slice(0, 200); const waitMs = 500;', []],
    ['if (status >= 400 && status < 500) y();', []],
    [`\`\${body.slice(0, 200)}\``, []],
  ];
  for (const [text, expected] of samples)
    test(`${JSON.stringify(text)} contains ${JSON.stringify(expected)}`, () => {
      const found = repeated('x.ts', text, known).map((line) => line.split(' ').at(-1));
      assert.deepEqual(found, expected);
    });

  for (const path of paths.filter((one) => inRoom('tests')(one) && CODE.test(one) && !isUnitTest(one)))
    test(`${path} repeats no fact of the contract`, () => {
      assert.deepEqual(repeated(path, source(path), known), []);
    });
});

/** Conditions on values that only this suite sends; limits of the contract are allowed. */
const KEYED =
  /(?:limit|offset)(?:Of\(asked\)|'\))\s*(?:===|!==|<|<=)\s*'?(?!0\b|1\b|1000\b)\d+|search\s*===\s*'\?|undocumented_parameter/g;

describe('no fault or variant depends on how this suite asks', () => {
  test('such conditions are found', () => {
    for (const text of ["query(asked, 'limit') === '50'", 'offsetOf(asked) < 9', "asked.url.search === '?limit=8'"])
      assert.ok(text.match(KEYED), text);
    for (const text of ["query(asked, 'limit') === '0'", 'limitOf(asked) <= 1000', "asked.url.search === ''"])
      assert.ok(!text.match(KEYED), text);
  });

  for (const path of paths.filter((one) => /^proof\/(?:faults|variants)\//.test(one)))
    test(`${path} does not`, () => {
      assert.deepEqual(source(path).match(KEYED) ?? [], []);
    });
});

/** Names of the resource of our own contract, which only the document may use. */
const OWN_NAMES =
  /account_group_id|CreateAccountGroup|AccountGroup|\busers\b|'create'|securities_account_number|LEGAL_ENTITY/;

describe('only the document names the resource', () => {
  test('names of the resource are found', () => {
    for (const text of ['path: { account_group_id: id }', "find('#/components/schemas/AccountGroup')", "is('create')"])
      assert.match(text, OWN_NAMES);
    for (const text of ['resource.create', "'create.retrievable'", 'USER_ID']) assert.doesNotMatch(text, OWN_NAMES);
  });

  const ENGINE = /^proof\/(?:(?:faults|variants)\/|(?:consequences|neighbour|catalogue|memory|proof|prove|pool)\.ts)/;
  /** Files that define the kinds of operations, or use a scope of another resource. */
  const EXCEPT = ['harness/contract/kinds.ts', 'harness/run/setting-table.ts', 'proof/faults/tokens.ts'];
  const rooms = paths.filter(
    (path) =>
      CODE.test(path) && !isUnitTest(path) && (inRoom('harness')(path) || inRoom('tests')(path) || ENGINE.test(path)),
  );
  for (const path of rooms.filter((one) => !EXCEPT.includes(one)))
    test(`${path} does not`, () => {
      const lines = source(path).split('\n');
      assert.deepEqual(
        lines.filter((line) => OWN_NAMES.test(line)),
        [],
      );
    });
});
