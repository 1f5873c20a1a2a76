import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { exchange, ROOT } from '../harness/fixtures.ts';
import { curl } from '../harness/verdicts/case-outcome.ts';
import type { Served } from '../reference/serve.ts';
import { CREDENTIALS, withFaults } from './fixtures.ts';

/** The `curl` commands of a report work with the tokens that `npm run token` prints. */

const run = promisify(execFile);
let target: Served;
before(async () => {
  target = await withFaults([]);
});
after(() => target.close());

const token = (env: Readonly<Record<string, string>>, ...scopes: string[]) =>
  run(process.execPath, ['--import', 'tsx', 'harness/run/print-token.ts', ...scopes], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...CREDENTIALS, ...env },
  });

test('prints only a token with the requested scopes', async () => {
  const { stdout } = await token({ BASE_URL: target.url }, 'accounts:read');
  const value = /^(\S+)\n$/.exec(stdout)?.[1];
  assert.ok(value !== undefined, stdout);
  const asked = exchange();
  const command = curl({
    ...asked,
    request: {
      ...asked.request,
      method: 'GET',
      url: `${target.url}/account_groups?limit=1`,
      headers: [
        ['authorization', 'Bearer $TOKEN_ACCOUNTS_READ'],
        ['upvest-client-id', CREDENTIALS.CLIENT_ID],
      ],
      body: undefined,
    },
  });
  const shell = await run('bash', ['-c', command], {
    env: { PATH: process.env.PATH ?? '', TOKEN_ACCOUNTS_READ: value },
  });
  assert.match(shell.stdout, /^HTTP\/1\.1 200/);
});

test('exits with 2 if there is no token, without disclosing a secret', async () => {
  const ended = async (env: Readonly<Record<string, string>>, ...scopes: string[]) =>
    token(env, ...scopes).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code?: number; stderr?: string }) => error,
    );
  const unasked = await ended({ BASE_URL: target.url });
  assert.equal(unasked.code, 2);
  assert.match(unasked.stderr ?? '', /No scope given\. .*accounts:read/);
  const refused = await ended({ BASE_URL: target.url }, 'of:nobody');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr ?? '', /of:nobody/);
  assert.ok(!refused.stderr?.includes(CREDENTIALS.CLIENT_SECRET), refused.stderr);
  assert.equal((await ended({ BASE_URL: 'reference' }, 'accounts:read')).code, 2);
});
