/** How a test executes each command that the documentation tells people to type. */

/** How a command is executed; `because` says why it is not as it stands. */
export type Treatment =
  /** In a scratch copy of the project, with a target on loopback in its `.env`. */
  | { readonly ends?: number; readonly shows?: RegExp }
  /** The same, with something else in its place. */
  | { readonly as: string; readonly because: string; readonly ends?: number; readonly shows?: RegExp }
  /** Until it shows that it serves. */
  | { readonly as: string; readonly because: string; readonly serves: RegExp }
  /** By another test or by the pipeline, in a file that holds `as`. */
  | { readonly elsewhere: string; readonly as: string; readonly because: string }
  /** Left to people. */
  | { readonly byHand: true; readonly because: string };

/** One run that shows that several settings and words are understood. */
const ALL_AT_ONCE = [
  'WRITES=on WEBHOOK_LISTEN=0.0.0.0:0 WEBHOOK_URL=https://tunnel.example.com',
  'EVIDENCE_KEY_FILE=evidence-key.pem OPERATOR="API platform team" CASES=own.cases.mts',
  'npm run conformance -- -x --add-reporter=./counting.mjs',
  '--grep "answers with the item that was asked for|asked for twice"',
].join(' ');
const SHARED = 'one run of two cases shows that all of these are understood';
const SERVES = /^BASE_URL=http:/m;
const ANY_FAULT = { as: 'npm run reference -- --fault limit-plus-one', serves: SERVES };
const REPORT_ALLURE = 'EVIDENCE_KEY_FILE=evidence-key.pem npm run report:allure -- allure-results';
const NIGHTLY = '.github/workflows/conformance.yml';

const IN_A_TEAM = {
  elsewhere: 'e2e/package.ts',
  because: 'npm run e2e:package installs the package into an empty folder, for which it needs a registry',
} as const;
const OF_THE_EXAMPLE: Treatment = {
  elsewhere: 'e2e/worked-example.test.ts',
  as: 'commandsOf(',
  because: 'the test types every command of the worked example, in a copy of the project',
};

/** In the order in which they are executed: some need what others leave. What has the same `as` is executed once. */
export const TREATMENTS: Readonly<Record<string, Treatment>> = {
  'npm ci': { elsewhere: '.ci/run', as: 'npm ci', because: 'it replaces the packages that this test is using' },
  'npm test': { elsewhere: '.ci/run', as: 'npm test', because: 'it is what runs this test' },

  'npm run e2e:ci': {
    elsewhere: NIGHTLY,
    as: 'npm run -s e2e:ci',
    because: 'it makes a dozen runs, one after the other',
  },
  'npm run conformance': { shows: /^verdict: conformant, read-only, no events, unsigned: /m },
  'npm run doctor': {
    elsewhere: 'e2e/doctor.test.ts',
    as: 'proof/doctor.ts',
    because: 'it has a test of its own, with targets that are well and others that are not',
  },
  'npm run conformance -- --shard=1/3 --add-reporter=blob': {
    elsewhere: 'e2e/sharding.test.ts',
    as: '--add-reporter=blob',
    because: 'it takes three machines',
  },
  'npm run merge -- blob-report': {
    elsewhere: 'e2e/sharding.test.ts',
    as: '.merge(',
    because: 'it takes the reports of three machines',
  },
  'npm run conformance -- --last-failed': {
    elsewhere: 'e2e/selected.test.ts',
    as: '--last-failed',
    because: 'it takes a run that has failed',
  },
  'npm run conformance -- --watch': {
    elsewhere: 'e2e/watch.test.ts',
    as: '--watch',
    because: 'it goes on until it is interrupted',
  },

  'openssl genpkey -algorithm ed25519 -out evidence-key.pem': {},
  'openssl pkey -in evidence-key.pem -pubout -out public.pem': {},
  'WRITES=on npm run conformance': { as: ALL_AT_ONCE, because: SHARED, shows: /^verdict: incomplete/m },
  'npm run conformance -- -x': { as: ALL_AT_ONCE, because: SHARED },
  'npm run conformance -- --grep "TITLE"': {
    as: ALL_AT_ONCE,
    because: SHARED,
    shows: /^ok {3}.* answers with the item/m,
  },
  'WRITES=on WEBHOOK_LISTEN=127.0.0.1:8090 npm run conformance': { as: ALL_AT_ONCE, because: SHARED },
  'WRITES=on WEBHOOK_LISTEN=0.0.0.0:8090 WEBHOOK_URL=https://tunnel.example.com npm run conformance': {
    as: ALL_AT_ONCE,
    because: SHARED,
  },
  'EVIDENCE_KEY_FILE=evidence-key.pem OPERATOR="API platform team" npm run conformance': {
    as: ALL_AT_ONCE,
    because: SHARED,
  },
  'npm run verify-evidence -- .': { ends: 3, shows: /not authenticated: it names the key/ },
  'npm run verify-evidence -- . --key public.pem': { shows: /signed with this key/ },
  'npm run compare -- last-night.json reports/conformance.json': {
    as: 'cp reports/conformance.json last-night.json && npm run compare -- last-night.json reports/conformance.json',
    because: 'there was no run last night',
    shows: /no requirement has changed/,
  },
  'npm run report:allure': { as: REPORT_ALLURE, because: 'the evidence before it is signed' },
  'npm run report:allure -- SHARD/allure-results... allure-results': {
    as: REPORT_ALLURE,
    because: 'SHARD/allure-results... stands for the folders of other machines',
  },

  'npm run token': {
    elsewhere: 'e2e/token.test.ts',
    as: 'print-token.ts',
    because: 'it has a test of its own, with what it refuses',
  },
  'npm run token -- SCOPE': {
    as: 'npm run -s token -- accounts:read',
    because: 'SCOPE stands for any scope',
    shows: /^\S{20,}$/m,
  },
  'export TOKEN_ACCOUNTS_READ=$(npm run -s token -- accounts:read)': {
    as: 'npm run -s token -- accounts:read',
    because: 'the variable would end with its shell',
  },

  'npm run check-event -- delivery.json': {
    as: 'npm run check-event -- --versions delivery.json',
    because: 'it differs in what it prints after that',
    shows: /1 event in 1 delivery: \d+ requirements judged, 0 violated/,
  },
  'npm run check-event -- --versions delivery.json': { shows: /0 violated[\s\S]*1\.89/ },
  'CONTRACT_VERSION=1.89 npm run conformance': {
    as: 'BASE_URL=reference CONTRACT_VERSION=1.89 npm run conformance -- --grep "a page of|answers with the item"',
    because: 'the target in .env speaks another version, and npm run versions runs all cases on each',
    shows: /version 1\.89/,
  },
  'CASES=own.cases.mts npm run conformance -- --grep "asked for twice"': {
    as: ALL_AT_ONCE,
    because: SHARED,
    shows: /^ok {3}a list that is asked for twice/m,
  },
  'npm run conformance -- --add-reporter=./counting.mjs --grep "answers with the item"': {
    as: ALL_AT_ONCE,
    because: SHARED,
    shows: /^0 cases are red$/m,
  },
  'CONTRACT=e2e/accounts.openapi.yaml npm run conformance': {
    elsewhere: 'e2e/accounts-program.test.ts',
    as: 'CONTRACT: DOCUMENT',
    because: 'it takes a target of that API',
  },
  'npm pack': { ...IN_A_TEAM, as: "'pack'" },
  'npm install --save-dev ./account-groups-conformance-0.1.0.tgz': { ...IN_A_TEAM, as: "'install'" },
  'npx account-groups-conformance --help': { ...IN_A_TEAM, as: "'--help'" },
  'npx account-groups-conformance': { ...IN_A_TEAM, as: 'suite([])' },
  'npx account-groups-conformance doctor': {
    elsewhere: 'e2e/doctor.test.ts',
    as: 'proof/doctor.ts',
    because: 'the command of the package starts the same program',
  },
  'npm run contract:diff -- 1.75 1.83': { ends: 1, shows: /^1\.75 to 1\.83: \d+ promises differ/m },
  'npm run which-version': { shows: /requests for reading/ },

  'npm run reference': { as: 'npm run reference', because: 'it serves until it is interrupted', serves: SERVES },
  'npm run reference -- --port 8080 --fault limit-plus-one': {
    ...ANY_FAULT,
    because: 'the port of the example may be taken',
  },
  'npm run reference -- --fault limit-plus-one': { ...ANY_FAULT, because: 'it serves until it is interrupted' },
  'npm run reference -- --fault ID': { ...ANY_FAULT, because: 'ID stands for any fault' },
  'npm run reference -- --variant method-404': {
    as: 'npm run reference -- --variant method-404',
    because: 'it serves until it is interrupted',
    serves: SERVES,
  },

  'npm run proof': { elsewhere: 'gate/gate.ts', as: 'proof/prove.ts', because: 'the gate runs it beside this test' },
  'npm run proof -- limit': {
    elsewhere: 'e2e/worked-example.test.ts',
    as: 'npm run proof -- unknown-query',
    because: 'it has another word, which fewer faults have in them',
  },
  'npm run proof -- --all --seeds 5': {
    elsewhere: NIGHTLY,
    as: 'npm run proof -- --all --seeds',
    because: 'it takes many minutes',
  },
  'npm run proof -- --every-version --update': {
    elsewhere: NIGHTLY,
    as: 'npm run proof -- --every-version',
    because: 'it would write records of this very project',
  },
  'npm run proof -- --every-version': {
    elsewhere: NIGHTLY,
    as: 'npm run proof -- --every-version',
    because: 'it takes some minutes',
  },
  'npm run proof -- --update': {
    elsewhere: 'gate/gate.ts',
    as: 'proof/prove.ts',
    because: 'it would write the record of this very project; the gate runs the same proof without it',
  },
  'npm run mutate': { elsewhere: NIGHTLY, as: 'npm run -s mutate --', because: 'it takes many minutes' },
  // The worked example of CONTRIBUTING.md.
  'UPDATE_LOCK=1 npx tsx --test harness/contract/lock.test.ts': OF_THE_EXAMPLE,
  'UPDATE_DOCS=1 npx tsx --test proof/promises.test.ts proof/examples.test.ts': OF_THE_EXAMPLE,
  'BASE_URL=reference npm run conformance -- --grep "retrieve_account_group ignores or refuses"': OF_THE_EXAMPLE,
  'npm run proof -- unknown-query': OF_THE_EXAMPLE,
  'npm run check': {
    elsewhere: 'e2e/worked-example.test.ts',
    as: 'npm run check',
    because: 'it asks git what has changed, which takes a copy of the project',
  },
  'npm run format': { elsewhere: 'gate/gate.ts', as: 'biome', because: 'it would write into this very project' },
  'npm run lint': { elsewhere: 'gate/gate.ts', as: 'gate/lint-contracts.ts', because: 'the gate runs its parts' },
  'npm run unit': { elsewhere: 'gate/gate.ts', as: 'gate/unit.ts', because: 'it is what runs this test' },
  'npm run versions': {
    elsewhere: 'proof/version-matrix.test.ts',
    as: 'version-matrix.ts',
    because: 'all pairs of versions take long; the test tries some',
  },
  'npm run e2e:package': {
    elsewhere: NIGHTLY,
    as: 'npm run -s e2e:package',
    because: 'it needs a registry, and is a test itself',
  },
  'npm run bench': { byHand: true, because: 'what it measures says nothing while tests are running' },
  'npm run bench:report': { byHand: true, because: 'what it measures says nothing while tests are running' },
  'VENDOR_PROXY=path npm run e2e:vendor-proxy': {
    elsewhere: NIGHTLY,
    as: 'npm run -s e2e:vendor-proxy',
    because: "it takes the vendor's program",
  },
  'SIGNING_EXAMPLES=folder npm run e2e:signing-examples': {
    elsewhere: NIGHTLY,
    as: 'npm run -s e2e:signing-examples',
    because: "it takes the vendor's examples",
  },
  'npm run sample': {
    byHand: true,
    because: 'it replaces the sample in docs/, and needs a browser',
  },
  'npm run bench:peers': {
    byHand: true,
    because: 'it installs the peers, and takes half an hour',
  },

  'UPDATE_DOCS=1 npm run unit': {
    elsewhere: 'harness/run/settings-docs.test.ts',
    as: 'UPDATE_DOCS',
    because: 'it would run this test again; the gate runs the tests that it makes write',
  },
  'UPDATE_LOCK=1 npm run unit': {
    elsewhere: 'harness/contract/lock.test.ts',
    as: 'UPDATE_LOCK',
    because: 'it would run this test again; the gate runs the test that it makes write',
  },
};
