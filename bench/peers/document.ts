import SwaggerParser from '@apidevtools/swagger-parser';
import { isObject } from '../../harness/contract/document.ts';
import type { Contract } from '../../harness/contract/index.ts';

/** Values for the examples in the document. */
export interface Known {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
  readonly userId: string;
  readonly groupId: string;
}

/**
 * The contract as a user would prepare it for a tool: one server, examples that work there, and no references, extensions
 * or webhooks, which some tools cannot read.
 */
export async function documentFor(contract: Contract, known: Known): Promise<unknown> {
  const document = withoutExtensions(contract.doc.root);
  const set = (pointer: string, value: unknown) => setAt(document, pointer.split('/'), value);
  set('servers', [{ url: known.url }]);
  set(
    'components/securitySchemes/oauth-client-credentials/flows/clientCredentials/tokenUrl',
    `${known.url}/auth/token`,
  );
  set('components/parameters/ClientId/example', known.clientId);
  set('components/parameters/AccountGroupId/example', known.groupId);
  set('components/parameters/ApiVersion/example', '1');
  set('components/examples/CreateAccountGroup/value/user_id', known.userId);
  set('components/examples/TokenRequest/value', {
    client_id: known.clientId,
    client_secret: known.clientSecret,
    grant_type: 'client_credentials',
    scope: known.scopes,
  });
  return SwaggerParser.dereference(document as never, { resolve: { external: false } });
}

function withoutExtensions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutExtensions);
  if (!isObject(node)) return node;
  const kept = Object.entries(node).filter(([key]) => !key.startsWith('x-') && key !== 'webhooks');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutExtensions(value)]));
}

function setAt(node: unknown, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (!isObject(node)) throw new TypeError(`the document has no object that could contain ${key}`);
  if (rest.length > 0) setAt(node[key], rest, value);
  else Object.assign(node, { [key]: value });
}
