import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../../harness/contract/index.ts';
import type { Fault } from '../../proof/faults/fault.ts';
import type { Fetch } from '../../proof/memory.ts';
import { targetWith } from '../../proof/serving.ts';
import type { Variant } from '../../proof/variants/index.ts';
import { REFERENCE_DEFAULTS } from '../../reference/app.ts';
import { serveReference } from '../../reference/serve.ts';
import { documentFor } from './document.ts';

/** A target that is served for one run of a tool, and what the user of the tool knows about it. */
export interface ServedTarget {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Has the scopes of every account group operation. */
  readonly token: string;
  /** Id of an ACTIVE account group. */
  readonly groupId: string;
  /** The owner of {@link groupId}. */
  readonly userId: string;
  /** A folder for this run that contains only `openapi.json`: the contract without references, with working examples. */
  readonly folder: string;
  /** Number of requests so far. */
  requests(): number;
  close(): Promise<void>;
}

const { clientId, clientSecret } = REFERENCE_DEFAULTS;
const SCOPES = 'accounts:read accounts:admin';

/** Serves a new reference with a fault or a variant. What the user knows comes from the unchanged reference. */
export async function serveTarget(served: Fault | Variant, contract: Contract, folder: string): Promise<ServedTarget> {
  const { fetch, honest } = targetWith(served, { now: () => Date.now(), contract });
  let requests = 0;
  const { url, close } = await serveReference((request) => {
    requests++;
    return fetch(request);
  });
  const token = await tokenFrom(honest, url);
  const known = { url, clientId, clientSecret, token, ...(await activeGroup(honest, url, token)) };
  mkdirSync(folder, { recursive: true });
  const document = await documentFor(contract, { ...known, scopes: SCOPES });
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document, null, 1));
  return { ...known, folder, requests: () => requests, close };
}

async function tokenFrom(honest: Fetch, url: string): Promise<string> {
  const form = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials', scope: SCOPES };
  const body = new URLSearchParams(form);
  const answer = await honest(new Request(`${url}/auth/token`, { method: 'POST', body }));
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

interface Page {
  readonly data: ReadonlyArray<{ id: string; status: string; users: ReadonlyArray<{ id: string }> }>;
}

async function activeGroup(honest: Fetch, url: string, token: string): Promise<{ groupId: string; userId: string }> {
  const headers = { authorization: `Bearer ${token}`, 'upvest-client-id': clientId };
  const { data } = (await (await honest(new Request(`${url}/account_groups`, { headers }))).json()) as Page;
  const group = data.find(({ status, users: [owner] }) => status === 'ACTIVE' && owner !== undefined);
  const [owner] = group?.users ?? [];
  if (group === undefined || owner === undefined) throw new Error('the reference has no active group with an owner');
  return { groupId: group.id, userId: owner.id };
}
