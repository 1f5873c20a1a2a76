import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Fetch, runInMemory } from '../../proof/memory.ts';
import type { ReferenceOptions } from '../../reference/app.ts';
import { allCases } from '../../tests/cases/index.ts';
import { type Api, Blocked, type CaseResult } from '../case.ts';
import { caseOf, contract, file, present } from '../fixtures.ts';
import { readTargetFile } from '../run/target-file.ts';
import { excusedBy, FULL_PROFILE, lineOf, type Profile, toProfile, unknownWords } from './profile.ts';
import { gateEffect, type RequirementVerdict, requirementVerdicts } from './verdicts.ts';

const MUST = 'close.allowed';

const profile = (changes: Partial<Profile>): Profile => ({ ...FULL_PROFILE, ...changes });

describe('the profile of a target', () => {
  test('is read line by line', () => {
    const id = '413715f2-5401-4b97-8055-034a6b879f8c';
    const path = file(
      'profile.yaml',
      `profile:
  approval: manual
  closing: automatic
  types: [PERSONAL]
  scopes: ['accounts:read']
  groups: [${id}]
  because:
    approval: Each group is approved by hand.
`,
    );
    const { sha256, ...declared } = readTargetFile(path);
    assert.match(present(sha256), /^[\da-f]{64}$/);
    assert.deepEqual(declared, {
      deviations: [],
      profile: {
        approval: 'manual',
        closing: 'automatic',
        types: ['PERSONAL'],
        scopes: ['accounts:read'],
        groups: [id],
        because: { approval: 'Each group is approved by hand.' },
      },
    });
  });

  test('excludes nothing if it is absent or empty', () => {
    assert.deepEqual(readTargetFile(file('none.yaml', 'deviations: []')).profile, FULL_PROFILE);
    assert.deepEqual(toProfile({}), FULL_PROFILE);
  });

  const refused: ReadonlyArray<readonly [text: string, message: RegExp]> = [
    ['profile: manual', /profile must be a mapping/],
    ['profile: { approvals: manual }', /profile\.approvals is unknown/],
    ['profile: { approval: by hand }', /profile\.approval must be manual or automatic/],
    ['profile: { closing: off }', /profile\.closing must be manual or automatic/],
    ['profile: { types: PERSONAL }', /profile\.types must be a non-empty list/],
    ['profile: { scopes: [] }', /profile\.scopes must be a non-empty list/],
    ['profile: { groups: [g1] }', /profile\.groups must be UUIDs/],
    ['profile: { because: { types: x } }', /profile\.because\.types: the profile has no such line/],
    ['profile: { closing: manual, because: { closing: [] } }', /profile\.because\.closing must be a string/],
    ['profiles: { closing: manual }', /profiles is unknown/],
    ['{}', /must have a profile or a list of deviations/],
    ['', /must have a profile or a list of deviations/],
  ];
  for (const [text, message] of refused)
    test(`is refused as ${JSON.stringify(text)}`, () =>
      assert.throws(() => readTargetFile(file('wrong.yaml', text)), message));

  test('may only name types of the contract, and no misspelt scope', () => {
    const good = profile({
      types: ['PERSONAL'],
      scopes: ['accounts:read', 'users:admin', 'webhooks:admin', 'orders:read'],
    });
    assert.deepEqual(unknownWords(contract, good), []);
    assert.deepEqual(unknownWords(contract, profile({ types: ['PERSONEL'], scopes: ['accounts:reed'] })), [
      'PERSONEL',
      'accounts:reed',
    ]);
  });
});

describe('a missing prerequisite', () => {
  const rows: ReadonlyArray<
    readonly [profile: Partial<Profile>, prerequisite: Blocked['prerequisite'], needed: readonly string[], as?: string]
  > = [
    [{}, 'not-closable', []],
    [{ approval: 'manual' }, 'not-closable', [], 'profile-approval'],
    [{ approval: 'manual' }, 'not-closed', []],
    [{ closing: 'manual' }, 'not-closed', [], 'profile-closing'],
    [{ closing: 'manual' }, 'not-closable', []],
    [{ types: ['A'] }, 'type-refused', ['B'], 'profile-types'],
    [{ types: ['A'] }, 'type-refused', ['A']],
    [{}, 'type-refused', ['B']],
    [{ scopes: ['a'] }, 'no-scope', ['a', 'b'], 'profile-scopes'],
    [{ scopes: ['a'] }, 'no-scope', ['a']],
    [{ groups: ['g'] }, 'no-group-to-read', ['g']],
    [{ approval: 'manual', closing: 'manual', types: ['A'], scopes: ['a'] }, 'no-prerequisite', []],
  ];
  for (const [changes, prerequisite, needed, as] of rows)
    test(`${prerequisite} ${needed.join()} under ${JSON.stringify(changes)} is ${as ?? 'blocked'}`, () =>
      assert.equal(excusedBy(profile(changes), prerequisite, needed), as));

  async function shownBy(run: (api: Api) => Promise<void>, declared: Partial<Profile> = {}): Promise<CaseResult> {
    const results = await runInMemory(
      contract,
      [caseOf('a', [MUST], run)],
      undefined,
      {},
      { profile: profile(declared) },
    );
    return present(results.get('a'));
  }

  test('is excluded if the profile declares it, however the case reports it', async () => {
    const stuck = new Blocked('not-closable', 'it stays as it is');
    const ways: ReadonlyArray<(api: Api) => Promise<void>> = [
      async (api) => api.blocked(MUST, stuck.prerequisite, stuck.message),
      async (api) => api.prevented(MUST, stuck),
      async (api) => api.subjects(MUST, ['g1']).blocked('g1', stuck.prerequisite, stuck.message),
      () => Promise.reject(stuck),
      (api) => {
        api.subjects(MUST, ['g1']);
        return Promise.reject(stuck);
      },
    ];
    for (const way of ways) {
      const result = await shownBy(way, { approval: 'manual' });
      assert.deepEqual([result.excluded, result.blocked], [{ [MUST]: 'profile-approval' }, {}], String(way));
      const { excluded, blocked } = await shownBy(way);
      assert.deepEqual(excluded, {}, String(way));
      assert.match(
        present(blocked[MUST]),
        /it stays as it is; if the target cannot do this, declare it in its profile: "approval: manual"/,
      );
    }
  });

  test('is not what any other error means: it ends the case', async () => {
    const { error } = await shownBy(async (api) => api.prevented(MUST, new Error('something else')));
    assert.equal(error, 'Error: something else');
  });
});

describe('scopes that are not granted', () => {
  /** A token endpoint that grants a single scope. */
  const readingOnly =
    (honest: Fetch): Fetch =>
    async (request) => {
      if (!request.url.endsWith('/auth/token')) return honest(request);
      const body = await request.text();
      const scope = new URLSearchParams(body).get('scope');
      if (scope === 'accounts:read') return honest(new Request(request, { body }));
      return Response.json({ error: 'invalid_scope' }, { status: 400 });
    };
  const cases = allCases(contract).filter(({ area, writes }) => !writes && area !== 'webhooks');

  test('are excluded if the profile declares them, and every other caller is tried', async () => {
    const results = await runInMemory(
      contract,
      cases,
      readingOnly,
      {},
      {
        writes: false,
        profile: profile({ scopes: ['accounts:read'] }),
      },
    );
    const callers = present(results.get('list.callers'));
    assert.deepEqual(Object.keys(callers.excluded).sort(), [
      'list.caller.accounts-admin',
      'list.caller.all-scopes',
      'list.caller.unrelated-scope',
    ]);
    for (const id of ['accounts-read', 'tampered-token', 'wrong-scheme', 'expired-token'])
      assert.equal(callers.findings[`list.caller.${id}`]?.violations.length, 0, id);
    for (const { case: id, blocked, error } of results.values())
      assert.deepEqual([blocked, error], [{}, undefined], id);
  });

  test('for creating users block the case, and the reason suggests USER_ID', async () => {
    const usersRefused =
      (honest: Fetch): Fetch =>
      async (request) => {
        if (!request.url.endsWith('/auth/token')) return honest(request);
        const body = await request.text();
        if (!body.includes('users')) return honest(new Request(request, { body }));
        return Response.json({ error: 'invalid_scope' }, { status: 400 });
      };
    const creating = allCases(contract).filter(({ id }) => id === 'create.as-asked');
    const result = present((await runInMemory(contract, creating, usersRefused)).get('create.as-asked'));
    assert.match(
      present(result.blocked['create.type.as-asked']),
      /the token endpoint answers 400 to a request for users:admin; set USER_ID to an existing user; if the target/,
    );
  });

  test('block what needs them if the profile does not declare them, and the reason names the line to add', async () => {
    const results = await runInMemory(contract, cases, readingOnly, {}, { writes: false });
    assert.match(
      present(results.get('list.callers')?.blocked['list.caller.accounts-admin']),
      /the token endpoint answers 400 to a request for accounts:admin; .*"scopes: \[the scopes that are granted\]"/,
    );
  });
});

describe('a target with manual steps', () => {
  const cases = allCases(contract);
  const options = { writes: true, strict: true, tolerateAdditive: false };
  /** The verdicts that fail the gate, and those that the profile excludes. */
  async function tried(reference: ReferenceOptions, declared: Partial<Profile>) {
    const all = { ...options, profile: profile(declared) };
    const results = await runInMemory(contract, cases, undefined, reference, { profile: all.profile });
    const verdicts = requirementVerdicts(contract, cases, results, all);
    return {
      blocking: verdicts.filter((verdict) => gateEffect(verdict, all) === 'gate'),
      excluded: verdicts.filter(({ exclusion }) => exclusion !== undefined && lineOf(exclusion) !== undefined),
    };
  }
  const ids = (verdicts: readonly RequirementVerdict[]) => verdicts.map(({ requirement }) => requirement.id);

  test('for closing is conformant with `closing: manual`, which excludes the event of the closed group', async () => {
    const because = { closing: 'Custody closes by hand.' };
    const { blocking, excluded } = await tried({ closingMs: 1e12 }, { closing: 'manual', because });
    assert.deepEqual([ids(blocking), ids(excluded)], [[], ['event.closed']]);
    assert.match(present(present(excluded[0]).reason), /"closing: manual".* \(Custody closes by hand\.\)$/);
  });

  test('for approval is conformant with `approval: manual`, which excludes whatever needs an approved group', async () => {
    const { blocking, excluded } = await tried({ activationMs: 1e12 }, { approval: 'manual' });
    assert.deepEqual(ids(blocking), []);
    const operations = new Set(ids(excluded).map((id) => id.split('.')[0]));
    assert.deepEqual([...operations].sort(), ['account-group', 'close', 'create', 'event']);
    // A creation that is repeated after its group was closed needs a group that can be closed.
    const creations = ids(excluded).filter((id) => id.startsWith('create.'));
    assert.deepEqual(creations, ['create.same-key-changes-nothing']);
    assert.ok(ids(excluded).includes('close.allowed') && ids(excluded).includes('event.activated'));
  });

  test('for approval is not conformant without that line, and the blocked verdicts name it', async () => {
    const { blocking, excluded } = await tried({ activationMs: 1e12 }, {});
    assert.deepEqual(ids(excluded), []);
    const allowed = present(blocking.find(({ requirement }) => requirement.id === 'close.allowed'));
    assert.equal(allowed.verdict, 'blocked');
    assert.match(present(allowed.reason), /declare it in its profile: "approval: manual"/);
  });

  test('excludes nothing that the run could judge after all', async () => {
    const profile = { approval: 'manual', closing: 'manual', types: ['PERSONAL'] } as const;
    const { blocking, excluded } = await tried({ activationMs: 0 }, profile);
    assert.deepEqual(ids(blocking), []);
    assert.ok(!ids(excluded).includes('close.allowed'), ids(excluded).join());
  });
});
