import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { ROOT } from '../harness/fixtures.ts';

/** `npm run reference` serves the faults and variants of the proof. */

const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill();
});

function serve(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'proof/serve.ts', ...words], { cwd: ROOT });
  children.push(child);
  return child;
}

/** The output up to the line with the URL. */
async function served(...words: string[]): Promise<{ readonly text: string; readonly url: string }> {
  const { stdout } = serve(...words);
  let text = '';
  for await (const chunk of stdout ?? []) {
    text += String(chunk);
    const url = /BASE_URL=(\S+)/.exec(text)?.[1];
    if (url !== undefined && text.endsWith('\n')) return { text, url };
  }
  throw new Error(`the process ended without printing a URL: ${text}`);
}

describe('the reference is served', () => {
  test('with a fault in signatures, and a key to sign with', async () => {
    const { text, url } = await served('--fault', 'signature-replayed');
    assert.match(text, /Must break: signature.replayed/);
    const path = /SIGNING_KEY_FILE=(\S+) SIGNING_KEY_ID=reference/.exec(text)?.[1] ?? '';
    assert.match(readFileSync(path, 'utf8'), /BEGIN PRIVATE KEY/);
    assert.equal((await fetch(`${url}/account_groups`)).status, 401);
  });

  test('with a generated fault', async () => {
    const { text } = await served('--fault', 'when.later-page.account-group.id.format');
    assert.match(text, /Must break: account-group.id.format/);
  });

  test('with several conforming variants', async () => {
    const { text, url } = await served('--variant', 'more-headers', '--variant', 'bare-problems');
    assert.match(text, /Must break nothing/);
    const response = await fetch(`${url}/account_groups`);
    assert.equal(response.headers.get('server'), 'cloudflare');
    assert.deepEqual(Object.keys(Object(await response.json())), ['type', 'status']);
  });

  test('only with known ids, and not with a fault and a variant', async () => {
    for (const words of [
      ['--fault', 'unknown'],
      ['--variant', 'unknown'],
      ['--fault', 'list-201', '--variant', 'seconds'],
    ]) {
      const [code] = await once(serve(...words), 'close');
      assert.equal(code, 2);
    }
  });
});
