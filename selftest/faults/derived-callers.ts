import type { Contract, Operation } from '../../harness/contract/index.ts';
import { type Caller, callersOf } from '../../harness/contract/security.ts';
import { admit } from './admission.ts';
import { type Asked, answer, type Fault, is, isUuid, refused } from './lie.ts';

/** Each caller who may call is turned away; each who may not is let in. */
export function derivedCallerFaults(contract: Contract, operation: Operation): Fault[] {
  return callersOf(contract.doc, operation).map((caller) => {
    const requirement = `${operation.name}.caller.${caller.id}`;
    const isCaller = (asked: Asked) => is(operation.name)(asked) && shows(asked, caller);
    return {
      id: `caller.${requirement}`,
      lie: `${operation.id} ${caller.allowed ? 'turns away' : 'serves'} a caller ${caller.title}.`,
      breaks: [requirement, ...consequences(operation, caller.id, caller.allowed)],
      tell: caller.allowed
        ? answer((asked, { status }) => isCaller(asked) && status < 300 && isPlain(asked), refused(403))
        : admit(isCaller),
    };
  });
}

/** Whether a request comes from such a caller. */
function shows({ headers, scopes, alive }: Asked, { id, credential }: Caller): boolean {
  const [scheme, token] = headers.get('authorization')?.split(' ') ?? [];
  const isStrange = scheme === 'Bearer' && token !== undefined && scopes === undefined;
  switch (id) {
    case 'no-token':
      return scheme === undefined;
    case 'no-credentials':
      return scheme === 'Bearer' && token === undefined;
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

/** A request that stands for itself; others of the same caller serve other requirements. */
const isPlain = (asked: Asked) =>
  is('close')(asked) ||
  (asked.method === 'GET' && asked.scopes?.includes(' ') === false) ||
  is('close')(asked) ||
  (asked.url.search === '' &&
    asked.headers.get('upvest-api-version') === null &&
    (!is('create')(asked) || asked.scopes === 'accounts:admin' || asked.json.type === 'LEGAL_ENTITY'));

/** What else must break where a caller is treated wrongly. */
function consequences(operation: Operation, caller: string, allowed: boolean): string[] {
  const verb = operation.name;
  if (!allowed) {
    if (verb === 'create') return ['create.refused-creates-nothing'];
    if (verb === 'close') return ['close.refused-closes-nothing'];
    return verb === 'retrieve' && ['unrelated-scope', 'no-token'].includes(caller)
      ? ['retrieve.existence-not-leaked']
      : [];
  }
  if (caller === 'all-scopes') return [`${verb}.allowed`, ...(verb === 'retrieve' ? ['create.retrievable'] : [])];
  return operation.writes ? [`${verb}.allowed`] : [];
}
