import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.ts';
import { eachObject, type Peer } from './peer.ts';

const ROOT = join(import.meta.dirname, '../..');

/** This suite, pointed at the target by settings like anybody's. */
export const ourselves: Peer = {
  name: 'this suite',
  packages: [],
  registry: 'npm',
  config: [],
  async run({ url, clientId, clientSecret }) {
    const { exitCode } = await command(process.execPath, ['conformance.mjs'], {
      cwd: ROOT,
      env: { BASE_URL: url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, WRITES: 'on' },
    });
    const findings = new Set<string>();
    eachObject(
      JSON.parse(readFileSync(join(ROOT, 'reports/conformance.json'), 'utf8')),
      ({ id, statement, verdict }) => {
        if (statement !== undefined && verdict === 'failed') findings.add(String(id));
      },
    );
    return { exitCode, findings };
  },
};
