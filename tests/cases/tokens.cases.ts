import { randomUUID } from 'node:crypto';
import type { Api, Case, CaseRequest } from '../../harness/case.ts';
import { TAMPERINGS } from '../../harness/client/authorization.ts';
import { isObject, isTextList } from '../../harness/contract/document.ts';
import { idOfKeyword, idOfParameter, promisedBy } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { invalidValues } from '../../harness/contract/keywords/broken.ts';
import type { Keyword } from '../../harness/contract/keywords/places.ts';
import { breakable } from '../../harness/contract/operation-requirements.ts';
import { callersOf, scopesInUse } from '../../harness/contract/security.ts';
import { admitting, spellings } from '../../harness/contract/spellings.ts';
import { has } from '../../harness/verdicts/profile.ts';
import { CLIENT_ID_HEADER } from '../fixtures/callers.ts';
import { isRefusal } from '../fixtures/items.ts';

/** The token endpoint: what it grants, and each way in which a request for a token can be wrong. */

interface Variant extends Pick<CaseRequest, 'form' | 'formAsJson' | 'alteredSecret' | 'headers' | 'expects'> {
  /** What the status should be, where the request is refused at all. */
  readonly ifRefused?: string;
}

/** The signing proxy chooses its key by this field, and answers by itself where it makes no sense. */
const CLIENT_ID = 'client_id';
const JSON_TYPE = 'application/json';
const STATUS = 'token.wrong-credentials-status';

export function tokenCases(contract: Contract): Case[] {
  const endpoint = contract.operations.find(({ issuesTokens }) => issuesTokens);
  if (endpoint === undefined) return [];
  const { name, id } = endpoint;
  const broken = brokenForms(contract, endpoint);
  const refusedBy = (asks: readonly Variant[]) => [
    ...new Set(asks.flatMap(({ expects = [], ifRefused }) => [...expects, ...(ifRefused ? [ifRefused] : [])])),
  ];
  return [
    {
      id: `${name}.granted`,
      area: 'tokens',
      operation: name,
      title: `${id} grants the scopes that are asked for`,
      covers: ['token.granted', 'token.scope-as-asked', 'token.no-store'],
      writes: false,
      async run(api) {
        // These are the tokens that all others use as well; scopes that this client may not have are for them to tell.
        await Promise.all(scopeSets(api).map((scopes) => api.token(scopes).catch(() => undefined)));
        await api.ask({ operation: name, expects: ['token.granted'] });
      },
    },
    {
      id: `${name}.legal`,
      area: 'tokens',
      operation: name,
      title: `${id} serves every legal request`,
      covers: legalRequests(contract, endpoint, [], 'not').flatMap(({ expects = [] }) => expects),
      writes: false,
      async run(api) {
        await firstToken(api);
        await Promise.all(
          legalRequests(contract, endpoint, obtainable(api), api.signed).map((ask) =>
            api.ask({ operation: name, ...ask }),
          ),
        );
      },
    },
    {
      id: `${name}.form`,
      area: 'tokens',
      operation: name,
      title: `${id} refuses a form that breaks its schema, field by field`,
      covers: refusedBy(broken),
      writes: false,
      run: (api) => refuse(api, name, broken),
    },
    {
      id: `${name}.credentials`,
      area: 'tokens',
      operation: name,
      title: `${id} refuses credentials and scopes that do not exist`,
      covers: refusedBy(wrongCredentials(contract)),
      writes: false,
      run: (api) => refuse(api, name, wrongCredentials(contract)),
    },
    {
      id: `${name}.encoding`,
      area: 'tokens',
      operation: name,
      title: `${id} refuses what is no form, repeats a field, or cannot be answered in JSON`,
      covers: ['token.not-a-form', 'token.repeated-field', 'token.not-acceptable'],
      writes: false,
      run: (api) =>
        refuse(api, name, [
          { formAsJson: true, expects: ['token.not-a-form'] },
          {
            form: {
              scope: scopesInUse(contract.doc)
                .slice(0, 1)
                .flatMap((scope) => [scope, scope]),
            },
            expects: ['token.repeated-field'],
          },
          { headers: { accept: 'application/xml' }, expects: ['token.not-acceptable'] },
        ]),
    },
    {
      id: `${name}.methods`,
      area: 'tokens',
      title: `methods that the contract does not declare for ${endpoint.path} are refused`,
      covers: ['undeclared-method.refused', 'undeclared-method.status'],
      writes: false,
      async run(api) {
        if (api.signed === 'by-proxy') {
          for (const requirement of this.covers) api.excluded(requirement, 'signed-by-proxy');
          return;
        }
        const declared = contract.operations.filter(({ path }) => path === endpoint.path).map(({ method }) => method);
        await Promise.all(
          ['GET', 'PUT', 'PATCH']
            .filter((method) => !declared.includes(method))
            .map((method) =>
              api.ask({
                operation: { method, path: endpoint.path },
                ...(method !== 'GET' && { body: {} }),
                expects: ['undeclared-method.refused', 'undeclared-method.status'],
              }),
            ),
        );
      },
    },
  ];
}

/** The sets of scopes with which the callers of all operations call. */
function scopeSets(api: Api): string[][] {
  const sets = api.contract.operations
    .flatMap((operation) => callersOf(api.contract.doc, operation))
    .flatMap(({ credential }) => (credential.kind === 'token' ? [credential.scopes.join(' ')] : []));
  return [...new Set(sets)].map((set) => set.split(' '));
}

const obtainable = (api: Api) => scopesInUse(api.contract.doc).filter((scope) => has(api.profile.scopes, scope));

const firstToken = (api: Api) => api.token(obtainable(api));

/** The usual request with one thing in another spelling. */
function legalRequests(
  contract: Contract,
  endpoint: Operation,
  scopes: readonly string[],
  signed: Api['signed'],
): Variant[] {
  const { parameters, requestBody } = endpoint;
  // The vendor's signers take lists and parameters apart, and RFC 9421 does not.
  const isPlain = (accept: string | undefined) => signed !== 'by-proxy' || !/[,;]/.test(accept ?? '');
  const accepts = admitting(JSON_TYPE).slice(1).filter(isPlain);
  const scope = scopes.toReversed().join(' ');
  return [
    ...accepts.map((accept) => ({
      headers: { accept: accept ?? null },
      expects: [promisedBy(endpoint, 'accept.served')],
    })),
    ...parameters
      .filter((parameter) => parameter.in === 'header')
      .flatMap((parameter) =>
        spellings(contract.schemas, parameter.schema, '').map((value) => ({
          headers: { [parameter.name]: value },
          expects: [idOfParameter(endpoint, parameter, 'served')],
        })),
      ),
    ...(requestBody === undefined ? [] : [{ form: { scope }, expects: [promisedBy(endpoint, 'body.served')] }]),
  ];
}

/** Asks what has to be refused, once the same request has succeeded without its mistake. */
async function refuse(api: Api, operation: string, asks: readonly Variant[]): Promise<void> {
  await firstToken(api);
  await Promise.all(
    asks.map(async (ask) => {
      // The signing proxy chooses its key by the client id in the form, and answers by itself where it finds none.
      if (api.signed === 'by-proxy' && (ask.formAsJson === true || Object.hasOwn(ask.form ?? {}, CLIENT_ID))) {
        for (const requirement of ask.expects ?? []) api.excluded(requirement, 'signed-by-proxy');
        return;
      }
      const { ifRefused, ...request } = ask;
      const answer = await api.ask({ operation, ...request });
      if (ifRefused !== undefined && isRefusal(answer)) api.judgeStatus([ifRefused], answer);
    }),
  );
}

/** A form for each way to break one keyword; an empty field counts as left out (RFC 6749 §3.2). */
function brokenForms(contract: Contract, { name, requestBody }: Operation): Variant[] {
  if (requestBody === undefined) return [];
  return breakable(contract.doc, requestBody).flatMap((keyword) => {
    const expects = [idOfKeyword(name, 'body', keyword)];
    if (keyword.name === 'additionalProperties') return [{ form: { undocumented_field: 'x' }, expects }];
    if (keyword.name === 'required') return [null, ''].map((value) => ({ form: { [keyword.path]: value }, expects }));
    const [value] = invalidValues(keyword, validFor(contract, keyword));
    return typeof value === 'string' ? [{ form: { [keyword.path]: value }, expects }] : [];
  });
}

/** A value to break from: that of an enum, or text that stands for what only the client knows. */
function validFor(contract: Contract, { pointer }: Keyword): string {
  const schema = contract.doc.find(pointer.slice(0, pointer.lastIndexOf('/')))?.value;
  return (isObject(schema) && isTextList(schema.enum) ? schema.enum[0] : undefined) ?? randomUUID();
}

function wrongCredentials(contract: Contract): Variant[] {
  const unknown = randomUUID();
  const scope = [...scopesInUse(contract.doc), 'undocumented:scope'].join(' ');
  return [
    { form: { client_secret: randomUUID() }, expects: ['token.wrong-secret'], ifRefused: STATUS },
    ...Array.from({ length: TAMPERINGS }, (_, alteredSecret) => ({
      alteredSecret,
      expects: ['token.wrong-secret'],
      ifRefused: STATUS,
    })),
    {
      form: { [CLIENT_ID]: unknown },
      headers: { [CLIENT_ID_HEADER]: unknown },
      expects: ['token.unknown-client'],
      ifRefused: STATUS,
    },
    { form: { scope }, expects: ['token.unknown-scope'] },
  ];
}
