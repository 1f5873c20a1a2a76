import { join } from 'node:path';
import { isObject } from '../../harness/contract/document.ts';
import { node } from './command.ts';
import { eachObject, type Peer, readReport } from './peer.ts';

const CONFIG = join(import.meta.dirname, 'config/portman.yaml');

/** Portman generates a Postman collection with tests from the document, and Newman runs it. */
export const portman: Peer = {
  name: 'Portman + Newman',
  // Portman needs tslib without declaring it.
  packages: ['@apideck/portman@1.33.0', 'newman@6.2.2', 'tslib@2.9.1'],
  registry: 'npm',
  config: [CONFIG],
  async run({ url, token, clientId, clientSecret, folder }, home) {
    const modules = join(home, 'node_modules');
    const env = { PORTMAN_BEARER_TOKEN: token, PORTMAN_CLIENT_ID: clientId, PORTMAN_CLIENT_SECRET: clientSecret };
    const convert = ['-l', 'openapi.json', '-b', url, '-o', 'collection.json', '-c', CONFIG];
    const converted = await node(join(modules, '@apideck/portman/bin/portman'), convert, { cwd: folder, env });
    if (converted.exitCode !== 0) throw new Error(converted.output);
    const { exitCode } = await node(
      join(modules, 'newman/bin/newman.js'),
      ['run', 'collection.json', '--ignore-redirects', '-r', 'json', '--reporter-json-export', 'report.json'],
      { cwd: folder },
    );
    const findings = new Set<string>();
    eachObject(readReport(join(folder, 'report.json')), ({ item, assertions }) => {
      if (!isObject(item) || !Array.isArray(assertions)) return;
      for (const { assertion, error } of assertions.filter(isObject))
        if (error !== undefined) findings.add(`${item.name}: ${assertion}`);
    });
    return { exitCode, findings };
  },
};
