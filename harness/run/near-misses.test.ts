import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { nearMisses } from './near-misses.ts';
import { SETTING_NAMES } from './setting-table.ts';
import { explain, readSettings } from './settings.ts';

/** Names that a CI runner, container, shell or other tool sets, by where they occur. */
const ORDINARY: Readonly<Record<string, string>> = {
  shells: `HOME PATH PWD OLDPWD SHELL SHLVL TERM LANG LANGUAGE LC_ALL USER USERNAME USERID UID LOGNAME HOSTNAME HOST MAIL EDITOR
    PAGER TZ TIMEZONE TMPDIR TEMP TMP DISPLAY COLORTERM COLUMNS LINES TMOUT PS1 XDG_RUNTIME_DIR SSH_CLIENT SSH_CONNECTION
    SSH_AUTH_SOCK WINDIR COMSPEC PROGRAMFILES USERPROFILE USERDOMAIN APPDATA COMPUTERNAME SYSTEMROOT WSL_DISTRO_NAME`,
  network: `HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy FTP_PROXY SSL_CERT_FILE SSL_CERT_DIR
    NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE CLIENT_IP REMOTE_ADDR SERVER_NAME SERVER_PORT REQUEST_TIMEOUT
    PORT URL API_URL SERVER_URL PUBLIC_URL SITE_URL APP_URL ROOT_URL DATABASE_URL REDIS_URL SLACK_WEBHOOK_URL WEBHOOK_SECRET`,
  node: `NODE_ENV NODE_OPTIONS NODE_PATH NODE_VERSION NPM_TOKEN NPM_CONFIG_CACHE npm_config_user_agent npm_config_cafile
    npm_config_https_proxy npm_lifecycle_event npm_package_name npm_execpath INIT_CWD YARN_VERSION DEBUG FORCE_COLOR
    NO_COLOR PLAYWRIGHT_BROWSERS_PATH PWDEBUG TEST_WORKER_INDEX CI VERBOSE VITE_BASE_URL REACT_APP_BASE_URL BASE_PATH
    NEXT_PUBLIC_BASE_URL`,
  GitHub: `GITHUB_ACTION GITHUB_ACTIONS GITHUB_ACTOR GITHUB_API_URL GITHUB_BASE_REF GITHUB_ENV GITHUB_EVENT_NAME
    GITHUB_EVENT_PATH GITHUB_GRAPHQL_URL GITHUB_HEAD_REF GITHUB_JOB GITHUB_REF GITHUB_REPOSITORY GITHUB_RUN_ID
    GITHUB_RUN_NUMBER GITHUB_SERVER_URL GITHUB_SHA GITHUB_STEP_SUMMARY GITHUB_TOKEN GITHUB_WORKFLOW GITHUB_WORKSPACE
    RUNNER_ARCH RUNNER_DEBUG RUNNER_NAME RUNNER_OS RUNNER_TEMP RUNNER_TOOL_CACHE ACTIONS_CACHE_URL ACTIONS_RUNTIME_URL
    ACTIONS_RUNTIME_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_RESULTS_URL`,
  GitLab: `GITLAB_CI GITLAB_USER_ID GITLAB_USER_NAME CI_API_V4_URL CI_BUILDS_DIR CI_COMMIT_BRANCH CI_COMMIT_SHA CI_JOB_ID
    CI_JOB_TOKEN CI_JOB_URL CI_MERGE_REQUEST_TARGET_BRANCH_NAME CI_PAGES_URL CI_PIPELINE_ID CI_PIPELINE_URL CI_PROJECT_ID
    CI_PROJECT_URL CI_REGISTRY CI_REGISTRY_USER CI_RUNNER_ID CI_SERVER_URL CI_SERVER_TLS_CA_FILE CI_SERVER_TLS_CERT_FILE
    CI_SERVER_TLS_KEY_FILE CI_CONCURRENT_ID CI_DEBUG_TRACE FF_TIMESTAMPS`,
  Jenkins: `JENKINS_URL JENKINS_HOME BUILD_ID BUILD_NUMBER BUILD_TAG BUILD_URL BUILD_USER BUILD_USER_ID JOB_NAME JOB_BASE_NAME
    JOB_URL EXECUTOR_NUMBER NODE_NAME NODE_LABELS WORKSPACE BRANCH_NAME CHANGE_ID CHANGE_URL CHANGE_TARGET TARGET_BRANCH
    GIT_BRANCH GIT_COMMIT GIT_URL STAGE_NAME RUN_DISPLAY_URL CONTEXT`,
  others: `AGENT_ID BUILD_SOURCEBRANCH SYSTEM_TEAMFOUNDATIONCOLLECTIONURI AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_TENANT_ID
    ARM_CLIENT_ID ARM_CLIENT_SECRET AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_WEB_IDENTITY_TOKEN_FILE
    GOOGLE_CLIENT_ID GOOGLE_APPLICATION_CREDENTIALS OIDC_CLIENT_ID OAUTH_CLIENT_SECRET CIRCLECI CIRCLE_BUILD_URL
    TRAVIS_JOB_ID BUILDKITE_BUILD_URL TEAMCITY_VERSION DRONE_REPO_LINK BITBUCKET_BUILD_NUMBER VAULT_ADDR SONAR_TOKEN`,
  containers: `TARGETPLATFORM TARGETARCH TARGETOS TARGETVARIANT BUILDPLATFORM DOCKER_HOST DOCKER_CERT_PATH DOCKER_TLS_VERIFY
    DOCKER_CONFIG COMPOSE_PROJECT_NAME KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT KUBERNETES_PORT_443_TCP_ADDR
    KUBECONFIG POD_NAME POD_NAMESPACE POD_IP NODE_IP SERVICE_ACCOUNT HELM_RELEASE container`,
  words: `TARGETS SEEDS TIMEOUTS CONTACT CONTRACTS STRICT_MODE WRITER WRITE_KEY TARGET_URL TARGET_ENV USER_NAME USER_UID
    KEY_FILE KEY_ID SIGNING_KEY TOKEN SECRET PROFILE STAGE ENVIRONMENT RETRIES LIMIT RATE SETTLE target seed timeout writes`,
};

describe('unrelated names', () => {
  for (const [where, names] of Object.entries(ORDINARY))
    test(`are ignored: ${where}`, () => {
      const env = Object.fromEntries(names.split(/\s+/).map((name) => [name, 'x']));
      assert.deepEqual(nearMisses(env), []);
    });
});

describe('a name that resembles a setting', () => {
  const slips: Readonly<Record<string, string>> = {
    BASEURL: 'BASE_URL',
    BASE_URI: 'BASE_URL',
    BASE_ULR: 'BASE_URL',
    BASE_UR: 'BASE_URL',
    BASE_URLS: 'BASE_URL',
    base_url: 'BASE_URL',
    BaseUrl: 'BASE_URL',
    'BASE-URL': 'BASE_URL',
    UPVEST_BASE_URL: 'BASE_URL',
    CLIENTID: 'CLIENT_ID',
    CLIENT_SECERT: 'CLIENT_SECRET',
    CLIENTSECRET: 'CLIENT_SECRET',
    UPVEST_CLIENT_ID: 'CLIENT_ID',
    TOKEN_URI: 'TOKEN_URL',
    SIGNING_KEYFILE: 'SIGNING_KEY_FILE',
    SIGING_KEY_FILE: 'SIGNING_KEY_FILE',
    SIGNED_BYPROXY: 'SIGNED_BY_PROXY',
    WRITE: 'WRITES',
    USER_IDS: 'USER_ID',
    PRODUCTON: 'PRODUCTION',
    WEBHOOKS_URL: 'WEBHOOK_URL',
    RATELIMIT: 'RATE_LIMIT',
    SETTLETIMEOUT: 'SETTLE_TIMEOUT',
  };
  for (const [name, meant] of Object.entries(slips))
    test(`${name} ends the run, and ${meant} is suggested`, () => {
      const outcome = readSettings({ [name]: 'hush-4711' });
      assert.ok('problems' in outcome);
      assert.equal(
        explain(outcome.problems).split('\n')[1],
        `  ${name}: found "(not the name of a setting)"; accepted: ${meant}, which is not set`,
      );
    });

  test('is ignored if it is empty, or if the setting is set', () => {
    assert.deepEqual(nearMisses({ BASEURL: '' }), []);
    assert.deepEqual(nearMisses({ UPVEST_BASE_URL: 'https://a.test', BASE_URL: 'https://a.test' }), []);
  });

  test('is never the name of another setting', () => {
    for (const name of SETTING_NAMES) assert.deepEqual(nearMisses({ [name]: 'x' }), [], name);
  });
});

test('no recipe passes a setting under a name that does not exist', () => {
  const recipes = [
    'action.yml',
    '.github/workflows/account-groups.yml',
    '.github/workflows/conformance.yml',
    'ci/gitlab.yml',
  ];
  const passed = recipes.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/^ +([A-Z][A-Z_]+): /gm)].map(([, name]) => name ?? ''),
  );
  for (const name of ['BASE_URL', 'CLIENT_ID', 'WRITES', 'OUTPUT_DIR']) assert.ok(passed.includes(name), name);
  const settings: readonly string[] = SETTING_NAMES;
  const others = passed.filter((name) => !settings.includes(name));
  // Variables that a step of a recipe passes to its own script.
  assert.deepEqual([...new Set(others)].toSorted(), [
    'EVIDENCE_PEM',
    'OUTPUT',
    'PLAYWRIGHT_BLOB_OUTPUT_FILE',
    'PREVIOUS',
    'PUBLIC_PEM_FILE',
    'REPORT',
    'RESULTS',
    'SETTINGS',
    'SHARD',
    'SHARDS',
    'SIGNING_EXAMPLES',
    'SIGNING_PEM',
    'VENDOR_PROXY',
  ]);
  assert.deepEqual(nearMisses(Object.fromEntries(others.map((name) => [name, 'set']))), []);
});
