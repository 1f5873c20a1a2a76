import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../../harness/contract/document.ts';
import { node } from './command.ts';
import type { Peer } from './peer.ts';

const CONFIG = join(import.meta.dirname, 'config/stepci.yml');

/** Step CI runs a handwritten workflow, and checks bodies against the schemas of the document. */
export const stepci: Peer = {
  name: 'Step CI',
  packages: ['stepci@2.8.2'],
  registry: 'npm',
  config: [CONFIG],
  async run({ url, clientId, clientSecret, userId, folder }, home) {
    const workflow: unknown = parse(readFileSync(CONFIG, 'utf8'), {
      merge: true,
    });
    const document: unknown = JSON.parse(readFileSync(join(folder, 'openapi.json'), 'utf8'));
    if (!isObject(workflow) || !isObject(document) || !isObject(document.components))
      throw new TypeError('config/stepci.yml is no workflow, or the document has no schemas');
    const { schemas } = document.components;
    writeFileSync(join(folder, 'workflow.json'), JSON.stringify({ ...workflow, components: { schemas } }));
    const { exitCode, output } = await node(
      join(home, 'node_modules/stepci/dist/index.js'),
      ['run', 'workflow.json', '-e', `url=${url}`, `client=${clientId}`, `secret=${clientSecret}`, `user=${userId}`],
      { cwd: folder },
    );
    const findings = new Set<string>();
    let step = '';
    for (const line of output.split('\n')) {
      if (line.startsWith('● ')) step = line.slice(2);
      else if (line.startsWith('✕ ')) findings.add(`${step}: ${line.slice(2)}`);
    }
    return { exitCode, findings };
  },
};
