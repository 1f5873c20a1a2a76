import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../harness/contract/document.ts';
import { node } from './command.ts';
import { eachObject, type Peer, readReport } from './peer.ts';

const CONFIG = join(import.meta.dirname, 'config/respect.arazzo.yaml');

/** Respect runs a handwritten Arazzo workflow, and checks the answers against the document. */
export const respect: Peer = {
  name: 'Redocly Respect',
  packages: ['@redocly/cli@2.77.0'],
  registry: 'npm',
  config: [CONFIG],
  async run({ clientId, clientSecret, userId, folder }, home) {
    copyFileSync(CONFIG, join(folder, 'respect.arazzo.yaml'));
    const inputs = JSON.stringify({ client: clientId, secret: clientSecret, user: userId });
    const { exitCode } = await node(
      join(home, 'node_modules/@redocly/cli/bin/cli.js'),
      ['respect', 'respect.arazzo.yaml', '--input', inputs, '--json-output', 'report.json'],
      { cwd: folder },
    );
    const findings = new Set<string>();
    eachObject(readReport(join(folder, 'report.json')), ({ stepId, checks }) => {
      if (!Array.isArray(checks)) return;
      for (const { name, condition = '', passed } of checks.filter(isObject))
        if (passed === false) findings.add(`${stepId}: ${name} ${condition}`);
    });
    return { exitCode, findings };
  },
};
