import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node } from './command.ts';
import type { Peer } from './peer.ts';

const HOOKS = join(import.meta.dirname, 'config/dredd-hooks.cjs');

/** Dredd sends the examples of the document, and compares the answers with examples. */
export const dredd: Peer = {
  name: 'Dredd',
  packages: ['dredd@14.1.0'],
  registry: 'npm',
  config: [HOOKS],
  async run({ url, token, clientId, clientSecret, folder }, home) {
    // Dredd reads OpenAPI 3.0; it ignores the additions of 3.1 in this document with a warning.
    const document = readFileSync(join(folder, 'openapi.json'), 'utf8');
    writeFileSync(join(folder, 'openapi-3.0.json'), document.replace(/"openapi": "[^"]*"/, '"openapi": "3.0.3"'));
    const { exitCode, output } = await node(
      join(home, 'node_modules/dredd/bin/dredd'),
      ['openapi-3.0.json', url, '--no-color', '--hookfiles', HOOKS],
      { cwd: folder, env: { TOKEN: token, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } },
    );
    const failures = output.matchAll(/^fail: ([A-Z]+ \(\d+\) \S+) duration.*\n^fail: (.*)/gm);
    return { exitCode, findings: new Set(Array.from(failures, ([, transaction, why]) => `${transaction}: ${why}`)) };
  },
};
