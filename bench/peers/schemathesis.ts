import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../harness/contract/document.ts';
import { command } from './command.ts';
import { eachObject, type Peer, readReport } from './peer.ts';

const CONFIG = join(import.meta.dirname, 'config/schemathesis.toml');
const REPORT = 'report.ndjson';

/** Schemathesis generates requests from the document, and checks the answers against it. */
export const schemathesis: Peer = {
  name: 'Schemathesis',
  packages: ['schemathesis==4.32.5'],
  registry: 'PyPI',
  config: [CONFIG],
  async run({ url, token, clientId, folder }, home) {
    copyFileSync(CONFIG, join(folder, 'schemathesis.toml'));
    const { exitCode } = await command(
      join(home, 'bin', 'st'),
      ['run', 'openapi.json', '--url', url, '--report', 'ndjson', '--report-ndjson-path', REPORT],
      { cwd: folder, env: { TOKEN: token, CLIENT_ID: clientId } },
    );
    const findings = new Set<string>();
    eachObject(readReport(join(folder, REPORT)), ({ failure }) => {
      if (!isObject(failure)) return;
      // The first line of a message is stable; what follows may contain values that differ from run to run.
      const [first] = String(failure.message).split('\n');
      findings.add(`${failure.operation}: ${failure.title}: ${first}`);
    });
    return { exitCode, findings };
  },
};
