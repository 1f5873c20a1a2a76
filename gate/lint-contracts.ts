import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { atVersion, versionsOf } from '../harness/contract/versions.ts';

/** Lints the document at every version, and the overlays. Exits with the code of Redocly's linter. */

const DOCUMENT = 'spec/account-groups.openapi.yaml';
const OVERLAYS = 'spec/versions';

const folder = mkdtempSync(join(tmpdir(), 'contracts-'));
try {
  const base: unknown = parse(readFileSync(DOCUMENT, 'utf8'));
  const written = versionsOf(DOCUMENT).map((version) => {
    mkdirSync(join(folder, version));
    const path = join(folder, version, 'account-groups.openapi.yaml');
    writeFileSync(path, stringify(atVersion(base, DOCUMENT, version), { aliasDuplicateObjects: false }));
    return path;
  });
  const overlays = readdirSync(OVERLAYS).filter((name) => name.endsWith('.overlay.yaml'));
  const linted = [...written, ...overlays.map((name) => join(OVERLAYS, name))];
  const redocly = join('node_modules', '.bin', process.platform === 'win32' ? 'redocly.cmd' : 'redocly');
  const { status } = spawnSync(redocly, ['lint', '--config', 'spec/redocly.yaml', ...linted], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
