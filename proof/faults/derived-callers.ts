import { idOfCaller } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { type Caller, callersOf } from '../../harness/contract/security.ts';
import { admit } from './admission.ts';
import {
  type Asked,
  answer,
  CLOSE,
  CREATE,
  type Fault,
  intercepting,
  is,
  isJson,
  isUuid,
  OWNER,
  problem,
  RETRIEVE,
  refused,
} from './fault.ts';
import { current } from './lifecycle.ts';
import { subjectOf } from './subject.ts';

/** For each caller: a permitted one is refused, any other is served. */
export function derivedCallerFaults(contract: Contract, operation: Operation): Fault[] {
  return callersOf(contract.doc, operation).map((caller) => {
    const requirement = idOfCaller(operation, caller);
    const isCaller = (asked: Asked) => is(operation.name)(asked) && shows(asked, caller);
    return {
      id: `caller.${requirement}`,
      statement: `${operation.id} ${caller.allowed ? 'refuses' : 'serves'} a caller ${caller.title}.`,
      breaks: [requirement, ...consequences(operation, caller.id, caller.allowed)],
      intercept: caller.allowed ? refuseCaller(contract, operation, isCaller) : admit(isCaller),
    };
  });
}

/** Refuses requests that would be served, without executing them. */
function refuseCaller(
  contract: Contract,
  operation: Operation,
  isCaller: (asked: Asked) => boolean,
): Fault['intercept'] {
  if (!operation.writes)
    return answer((asked, { status }) => isCaller(asked) && status < 300 && isPlain(asked), refused(403));
  const about = subjectOf(contract);
  return intercepting(() => {
    const owners = new Set<unknown>();
    return async (asked, forward) => {
      const isKnown = operation.requestBody === undefined || owners.has(asked.json[about.owner]);
      const isSound =
        operation.requestBody === undefined || contract.schemas.accepts(operation.requestBody.schema, asked.json);
      if (isCaller(asked) && isKnown && isSound && isFlawless(asked)) {
        const isThere = operation.kind === CREATE || (await current(asked, forward))?.status === about.open;
        if (isThere) return problem(403);
      }
      const answered = await forward();
      if (is(OWNER, 200)(asked, answered) && isJson(answered.body)) owners.add(answered.body.id);
      return answered;
    };
  });
}

/** Whether the headers of a request give no reason to refuse it. */
const isFlawless = ({ headers, text }: Asked) =>
  /json|\*\/\*/i.test(headers.get('accept') ?? '*/*') &&
  [null, '1'].includes(headers.get('upvest-api-version')) &&
  isUuid(headers.get('upvest-client-id') ?? '') &&
  (text === '' || (headers.get('content-type') === 'application/json' && isUuid(headers.get('idempotency-key') ?? '')));

/** Whether a request shows the credentials of a caller. */
function shows({ headers, scopes, alive }: Asked, { id, credential }: Caller): boolean {
  const [scheme, token] = headers.get('authorization')?.split(' ') ?? [];
  const isStrange = scheme === 'Bearer' && token !== undefined && scopes === undefined;
  switch (id) {
    case 'no-token':
      return scheme === undefined;
    case 'no-credentials':
      return scheme === 'Bearer' && token === undefined;
    case 'bare-token':
      return scheme !== undefined && scheme !== 'Bearer' && token === undefined;
    case 'wrong-scheme':
      return scheme !== 'Bearer' && token !== undefined;
    case 'expired-token':
      return scheme === 'Bearer' && scopes !== undefined && !alive;
    case 'unknown-token':
      return isStrange && isUuid(token);
    case 'tampered-token':
      return isStrange && !isUuid(token);
    default:
      return alive && credential.kind === 'token' && scopes === credential.scopes.join(' ');
  }
}

/** Whether a request is made for this caller; other requests with the same credentials show other requirements. */
const isPlain = (asked: Asked) =>
  is(CLOSE)(asked) ||
  asked.scopes?.includes(' ') === false ||
  (asked.url.search === '' && asked.headers.get('upvest-api-version') === null);

/** What else must be violated if a caller is treated wrongly. */
function consequences(operation: Operation, caller: string, allowed: boolean): string[] {
  const { name: verb } = operation;
  if (!allowed) {
    return operation.kind === RETRIEVE && ['unrelated-scope', 'no-token'].includes(caller)
      ? ['retrieve.existence-not-leaked']
      : [];
  }
  if (caller === 'all-scopes')
    return [`${verb}.allowed`, ...(operation.kind === RETRIEVE ? ['create.retrievable', 'list.retrievable'] : [])];
  return operation.writes ? [`${verb}.allowed`] : [];
}
