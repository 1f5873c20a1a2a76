import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isUnitTest } from '../../reporters/provenance.ts';
import { command } from './command.ts';
import { eachObject, type Peer, readReport } from './peer.ts';

const ROOT = join(import.meta.dirname, '../..');
const TESTS = join(ROOT, 'tests');
const REPORT = join(ROOT, 'reports/conformance.json');

/** This suite, configured by settings like any user's. */
export const ourselves: Peer = {
  name: 'this suite',
  packages: [],
  registry: 'npm',
  config: readdirSync(TESTS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isUnitTest(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name)),
  async run({ url, clientId, clientSecret }) {
    rmSync(REPORT, { force: true });
    const { exitCode } = await command(process.execPath, ['conformance.mjs'], {
      cwd: ROOT,
      env: { BASE_URL: url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, WRITES: 'on' },
    });
    const findings = new Set<string>();
    // A violated SHOULD is advice, like a warning of another tool.
    eachObject(readReport(REPORT), ({ id, verdict, gate }) => {
      if (verdict === 'failed' && gate === 'gate') findings.add(String(id));
    });
    return { exitCode, findings };
  },
};
