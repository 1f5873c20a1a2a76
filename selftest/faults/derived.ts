import { randomUUID } from 'node:crypto';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { type Keyword, keywordsOf } from '../../harness/contract/keywords.ts';
import { isObject } from '../../harness/contract/nodes.ts';
import { callersOf } from '../../harness/contract/security.ts';
import { violating } from '../../harness/contract/violate.ts';
import { type Answered, type Asked, admit, answer, type Fault, groups, isJson, lying, meta, problem } from './lie.ts';

/** Faults that follow from the document itself: one for each schema keyword, response, header, caller and request rule. */
export function derivedFaults(contract: Contract): Fault[] {
  return [
    ...answerKeywords(contract),
    ...contract.operations.flatMap((operation) => [
      ...responseFaults(operation),
      ...callerFaults(contract, operation),
      ...parameterFaults(contract, operation),
      ...bodyFaults(contract, operation),
    ]),
  ];
}

/** From a valid answer, the smallest change that violates one keyword at one place, wherever the component appears. */
function answerKeywords(contract: Contract): Fault[] {
  const parts: Record<string, (answered: Answered) => Array<Record<string, unknown>>> = {
    AccountGroup: groups,
    AccountGroupUser: (answered) =>
      groups(answered).flatMap((group) => (Array.isArray(group.users) ? group.users.filter(isJson) : [])),
    AccountGroupList: (answered) =>
      Object.keys(meta(answered)).length > 0 && isJson(answered.body) ? [answered.body] : [],
    ListMeta: (answered) => (Object.keys(meta(answered)).length > 0 ? [meta(answered)] : []),
    Problem: (answered) => (answered.status >= 400 && isJson(answered.body) ? [answered.body] : []),
  };
  return Object.entries(parts).flatMap(([component, select]) => {
    const schema = contract.doc.find(`#/components/schemas/${component}`);
    if (schema === undefined) return [];
    return keywordsOf(contract.doc, schema, component).map((keyword) => {
      const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
      return {
        id: `answer.${requirement}`,
        lie: `Every ${component} breaks ${keyword.name}${keyword.path === '' ? '' : ` of ${keyword.path}`}.`,
        breaks: [requirement],
        tell:
          keyword.path === '' && keyword.name === 'type'
            ? wholeReplaced(component)
            : answer(
                () => true,
                (answered) => select(answered).forEach((part) => void spoil(part, keyword)),
              ),
      };
    });
  });
}

function spoil(part: Record<string, unknown>, keyword: Keyword): void {
  if (keyword.path === '') {
    part.undocumented_member = 'x';
    return;
  }
  const [value] = violating(keyword, part[keyword.path] ?? '');
  if (value === undefined) delete part[keyword.path];
  else part[keyword.path] = value;
}

/** The object itself gives way to a list. */
function wholeReplaced(component: string): Fault['tell'] {
  return answer(
    () => true,
    (answered) => {
      const { body } = answered;
      if (!isJson(body)) return;
      const isPage = Array.isArray(body.data);
      if (component === 'AccountGroup' && answered.status === 200 && isPage)
        body.data = (body.data as unknown[]).map((group) => [group]);
      else if (component === 'AccountGroup' && groups(answered).length > 0) answered.body = [body];
      else if (component === 'AccountGroupUser') for (const group of groups(answered)) group.users = ['nobody'];
      else if (component === 'AccountGroupList' && isPage) answered.body = [body];
      else if (component === 'ListMeta' && isPage) body.meta = [body.meta];
      else if (component === 'Problem' && answered.status >= 400) answered.body = [body];
    },
  );
}

function responseFaults(operation: Operation): Fault[] {
  const reached = [...operation.responses.values()].filter(
    ({ status }) => !['429', '500', '503', '504'].includes(status),
  );
  return reached.flatMap((response) => {
    const when = (asked: Asked, answered: Answered) =>
      asked.operation === operation.name && String(answered.status) === response.status;
    const prefix = `${operation.name}.${response.status}`;
    const headers = response.headers.map((header) => ({
      id: `answer.${prefix}.${header.name}`,
      lie: `${operation.id} leaves ${header.name} out of ${response.status}.`,
      breaks: [`${prefix}.${header.name}`],
      tell: answer(when, ({ headers }) => headers.delete(header.name)),
    }));
    const body =
      response.body === undefined
        ? {
            id: `answer.${prefix}.empty-body`,
            lie: `${operation.id} sends a body with ${response.status}.`,
            breaks: [`${prefix}.empty-body`],
            tell: answer(when, (answered) => void (answered.body = {})),
          }
        : {
            id: `answer.${prefix}.media-type`,
            lie: `${operation.id} sends ${response.status} as text/plain.`,
            breaks: [`${prefix}.media-type`],
            tell: answer(when, ({ headers }) => headers.set('content-type', 'text/plain')),
          };
    return [...headers, body];
  });
}

/** Each caller who may call is turned away; each who may not is let in. */
function callerFaults(contract: Contract, operation: Operation): Fault[] {
  return callersOf(contract.doc, operation).map((caller) => {
    const requirement = `${operation.name}.caller.${caller.id}`;
    const held = caller.credential.kind === 'token' ? caller.credential.scopes.join(' ') : undefined;
    const isCaller = (asked: Asked, clock: { now(): number }, issued: ReadonlyMap<string, number>) => {
      const [scheme, token] = (asked.headers.get('authorization') ?? '').split(' ');
      const known = token === undefined ? undefined : issued.get(token);
      if (asked.operation !== operation.name) return false;
      if (caller.id === 'no-token') return !asked.headers.has('authorization');
      if (caller.id === 'no-credentials') return scheme === 'Bearer' && token === undefined;
      if (caller.id === 'wrong-scheme') return scheme !== 'Bearer' && token !== undefined;
      if (caller.id === 'expired-token') return known !== undefined && known <= clock.now();
      if (caller.id === 'unknown-token')
        return scheme === 'Bearer' && token !== undefined && known === undefined && /^[0-9a-f-]{36}$/.test(token);
      if (caller.id === 'tampered-token')
        return scheme === 'Bearer' && token !== undefined && known === undefined && !/^[0-9a-f-]{36}$/.test(token);
      return known !== undefined && known > clock.now() && asked.scopes === held;
    };
    const tell: Fault['tell'] = (honest, clock) => {
      const issued = new Map<string, number>();
      const watch: typeof honest = async (incoming) => {
        const response = await honest(incoming);
        if (new URL(incoming.url).pathname === '/auth/token') {
          const body: unknown = await response.clone().json();
          if (isJson(body) && typeof body.access_token === 'string')
            issued.set(body.access_token, clock.now() + Number(body.expires_in) * 1000);
        }
        return response;
      };
      const lie = caller.allowed
        ? lying(() => async (asked, forward) => {
            const answered = await forward();
            return isCaller(asked, clock, issued) && answered.status < 300 && isPlain(asked)
              ? problem(403, 'forbidden', 'Forbidden')
              : answered;
          })
        : admit((asked) => isCaller(asked, clock, issued));
      return lie(watch, clock);
    };
    return {
      id: `caller.${requirement}`,
      lie: caller.allowed
        ? `${operation.id} turns away a caller ${caller.title}.`
        : `${operation.id} serves a caller ${caller.title}.`,
      breaks: [requirement, ...consequences(operation, caller.id, caller.allowed)],
      tell,
    };
  });
}

/** A request that stands for itself; others of the same caller serve other requirements. */
const isPlain = (asked: Asked) =>
  asked.url.search === '' &&
  asked.headers.get('upvest-api-version') === null &&
  (asked.operation !== 'create' || asked.scopes === 'accounts:admin' || asked.json.type === 'LEGAL_ENTITY');

/** What else must break where a caller is treated wrongly. */
function consequences(operation: Operation, caller: string, allowed: boolean): string[] {
  const verb = operation.name;
  if (!allowed) {
    if (verb === 'create') return ['create.refused-creates-nothing'];
    if (verb === 'close') return ['close.refused-closes-nothing'];
    return verb === 'retrieve' && caller === 'unrelated-scope' ? ['retrieve.existence-not-leaked'] : [];
  }
  if (caller === 'all-scopes') return [`${verb}.allowed`, ...(verb === 'retrieve' ? ['create.retrievable'] : [])];
  return operation.writes ? [`${verb}.allowed`] : [];
}

/** The target does not notice one way to break a parameter: the breach is mended on the way. */
function parameterFaults(contract: Contract, operation: Operation): Fault[] {
  return operation.parameters.flatMap((parameter) => {
    const prefix = `${operation.name}.${parameter.in}.${parameter.name}`;
    const schema = isObject(parameter.schema.value) ? parameter.schema.value : {};
    const rules = [...contract.requirements.keys()].filter(
      (id) => id.startsWith(`${prefix}.`) && !id.endsWith('.default'),
    );
    return rules.map((requirement) => {
      const rule = requirement.slice(prefix.length + 1);
      const broken = (asked: Asked) =>
        asked.operation === operation.name &&
        (rule === 'required'
          ? !asked.headers.has(parameter.name)
          : breaks(rule, schema, parameterOf(asked, parameter)));
      return {
        id: `request.${requirement}`,
        lie: `${operation.id} does not check ${rule} of ${parameter.name}.`,
        breaks: [
          requirement,
          ...(operation.name === 'create'
            ? ['create.refused-creates-nothing']
            : operation.name === 'close' && parameter.in !== 'path'
              ? ['close.refused-closes-nothing']
              : []),
        ],
        tell: mending(broken, parameter),
      };
    });
  });
}

function parameterOf(asked: Asked, { in: place, name }: { in: string; name: string }): string | undefined {
  if (place === 'path') return asked.id;
  return (place === 'query' ? asked.url.searchParams.get(name) : asked.headers.get(name)) ?? undefined;
}

function breaks(rule: string, schema: Readonly<Record<string, unknown>>, value: string | undefined): boolean {
  if (value === undefined || value === '') return false;
  switch (rule) {
    case 'enum':
      return Array.isArray(schema.enum) && !schema.enum.includes(value);
    case 'format':
      return !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
    case 'pattern':
      return !new RegExp(String(schema.pattern)).test(value);
    case 'type':
      return !/^-?\d+$/.test(value);
    case 'minimum':
      return /^-?\d+$/.test(value) && Number(value) < Number(schema.minimum);
    case 'maximum':
      return /^-?\d+$/.test(value) && Number(value) > Number(schema.maximum);
    default:
      return false;
  }
}

function mending(broken: (asked: Asked) => boolean, parameter: { in: string; name: string }): Fault['tell'] {
  return lying(() => {
    let clientId: string | undefined;
    let groupId: string | undefined;
    return async (asked, forward) => {
      if (!broken(asked)) {
        clientId ??= asked.headers.get('upvest-client-id') ?? undefined;
        const answered = await forward();
        const [first] = groups(answered);
        if (typeof first?.id === 'string') groupId ??= first.id;
        return answered;
      }
      if (parameter.in === 'query') asked.url.searchParams.delete(parameter.name);
      else if (parameter.in === 'path') {
        // Served as if the malformed id were somebody's, without touching anybody.
        if (asked.operation === 'close')
          return { ...problem(202, '', ''), headers: new Headers({ 'upvest-request-id': randomUUID() }), body: '' };
        asked.id = groupId ?? asked.id;
      } else if (parameter.name === 'upvest-client-id') asked.headers.set(parameter.name, clientId ?? '');
      else if (parameter.name === 'idempotency-key') asked.headers.set(parameter.name, randomUUID());
      else asked.headers.delete(parameter.name);
      return forward();
    };
  });
}

/** The target does not notice one way to break the body. */
function bodyFaults(contract: Contract, operation: Operation): Fault[] {
  const { requestBody } = operation;
  if (requestBody === undefined) return [];
  return keywordsOf(contract.doc, requestBody.schema, 'body').map((keyword) => {
    const requirement = [operation.name, 'body', keyword.path, keyword.name].filter((part) => part !== '').join('.');
    const broken = (asked: Asked) => {
      if (asked.operation !== operation.name || asked.headers.get('content-type') !== 'application/json') return false;
      const value = readJson(asked.text);
      if (value === undefined) return false;
      const { violations } = contract.schemas.judge(requestBody.schema, value);
      return violations.length > 0 && violations.every(({ pointer }) => pointer === keyword.pointer);
    };
    return {
      id: `request.${requirement}`,
      lie: `${operation.id} does not check ${keyword.name}${keyword.path === '' ? '' : ` of ${keyword.path}`} in the body.`,
      breaks: [requirement, 'create.refused-creates-nothing'],
      tell: mendingBody(broken),
    };
  });
}

function mendingBody(broken: (asked: Asked) => boolean): Fault['tell'] {
  return lying(() => {
    let user = '';
    return async (asked, forward) => {
      if (!broken(asked)) {
        const answered = await forward();
        if (asked.operation === 'users' && isJson(answered.body)) user = String(answered.body.id);
        return answered;
      }
      const { user_id, type } = asked.json;
      return forward({
        ...asked,
        text: JSON.stringify({
          user_id: /^[0-9a-f-]{36}$/i.test(String(user_id)) ? user_id : user,
          type: type === 'LEGAL_ENTITY' ? type : 'PERSONAL',
        }),
      });
    };
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
