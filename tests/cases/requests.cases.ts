import { randomUUID } from 'node:crypto';
import type { Case, CaseRequest } from '../../harness/case.ts';
import { isObject } from '../../harness/contract/document.ts';
import { idOfKeyword, idOfParameter } from '../../harness/contract/ids.ts';
import type { Contract, Operation, Parameter } from '../../harness/contract/index.ts';
import { isProvocable } from '../../harness/contract/keywords/index.ts';
import { type Keyword, keywordsOf } from '../../harness/contract/keywords/places.ts';
import { CLOSE, CREATE, LIST } from '../../harness/contract/kinds.ts';
import { breakable } from '../../harness/contract/operation-requirements.ts';
import { isAskable, isOtherList } from '../../harness/contract/roles.ts';
import { invalidTexts, spellings } from '../../harness/contract/spellings.ts';
import { CLIENT_ID_HEADER } from '../fixtures/callers.ts';
import { newItem, otherForms, pathFor } from '../fixtures/creation.ts';
import { FOREIGN_CLIENT, namesClient, underForeignClient } from '../fixtures/foreign-client.ts';
import { anyGroup } from '../fixtures/items.ts';
import { formFor, queryForms } from './query-forms.ts';
import { refusedActs, refusedClosings, refusedCreations } from './refusals.ts';

/** One violation of the contract in each request: each keyword of each parameter and of the body, in turn. */

/** A request that breaks one promise, apart from what the operation needs besides. */
export interface InvalidRequest {
  readonly expects: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly path?: Readonly<Record<string, string>>;
}

export function requestCases(contract: Contract): Case[] {
  return [
    ...contract.operations
      .filter((one) => isAskable(one) && !isOtherList(one))
      .map((operation) => parameterCase(contract, operation)),
    ...contract.operations.filter(({ kind }) => kind === CREATE).flatMap((operation) => bodyCases(contract, operation)),
    ...methodCases(contract),
    ...(contract.resource.list === undefined ? [] : [unknownQuery(contract.resource.list)]),
  ];
}

function parameterCase(contract: Contract, operation: Operation): Case {
  const expects = new Set(
    operation.parameters
      .flatMap((parameter) => breaches(contract, operation, parameter, randomUUID()))
      .flatMap((breach) => breach.expects),
  );
  return {
    id: `${operation.name}.parameters`,
    area: 'requests',
    operation: operation.name,
    title: `${operation.id} refuses parameters that break the contract`,
    covers: [...expects, ...(operation.kind === CREATE && namesClient(operation) ? [FOREIGN_CLIENT] : [])],
    writes: operation.writes,
    async run(api) {
      const hidden = new Set(
        [...expects].filter((requirement) => api.signed === 'by-proxy' && requirement.includes(CLIENT_ID_HEADER)),
      );
      for (const requirement of hidden) api.excluded(requirement, 'signed-by-proxy');
      const made = (id: string) =>
        operation.parameters
          .flatMap((parameter) => breaches(contract, operation, parameter, id))
          .filter((breach) => !breach.expects.some((requirement) => hidden.has(requirement)));
      const ask = { operation: operation.name };
      if (operation.kind === CREATE) {
        const body = await newItem(api);
        const foreign = namesClient(operation) ? underForeignClient(api) : undefined;
        // The body is like one that was served before, and may be refused for that.
        const refused = foreign && { ...foreign, expects: [...(foreign.expects ?? []), 'create.own-rules'] };
        await refusedCreations(
          api,
          [...made(''), ...(refused ? [refused] : [])].map((breach) => ({ ...ask, body, ...breach })),
        );
      } else if (operation.kind === CLOSE) {
        const { idParameter } = contract.resource;
        await refusedClosings(api, (id) =>
          made(id).map((breach) => ({ ...ask, path: { [idParameter]: id }, ...breach })),
        );
      } else {
        const path = await pathFor(api, operation, () => anyGroup(api));
        const [id = ''] = Object.values(path);
        await Promise.all(onPages(contract, operation, made(id)).map((breach) => api.ask({ ...ask, path, ...breach })));
      }
    },
  };
}

/** Breaches of headers on pages of other forms; what is left out is left out on pages of every form. */
function onPages(contract: Contract, operation: Operation, found: readonly InvalidRequest[]): InvalidRequest[] {
  if (operation.kind !== LIST) return found.slice();
  const forms = queryForms(contract, operation);
  return found.flatMap((breach, index) => {
    if (breach.headers === undefined) return [breach];
    const isLeftOut = Object.values(breach.headers).includes(null);
    return (isLeftOut ? forms : [formFor(forms, index) ?? {}]).map((query) => ({ ...breach, query }));
  });
}

/** Every way to break the schema of one parameter, or to leave it out; `id` is an id that would be right. */
export function breaches(contract: Contract, operation: Operation, parameter: Parameter, id: string): InvalidRequest[] {
  const promise = (step: string) => idOfParameter(operation, parameter, step);
  const schema = isObject(parameter.schema.value) ? parameter.schema.value : {};
  const example = contract.doc.find(parameter.pointer)?.value;
  const valid =
    parameter.in === 'path' || schema.format === 'uuid'
      ? id || randomUUID()
      : (schema.default ??
        (isObject(example) ? example.example : undefined) ??
        spellings(contract.schemas, parameter.schema, '')[0]);
  const place = (value: string | null) =>
    parameter.in === 'header'
      ? { headers: { [parameter.name]: value } }
      : parameter.in === 'query'
        ? { query: { [parameter.name]: value ?? '' } }
        : { path: { [parameter.name]: value ?? '' } };
  const broken = keywordsOf(contract.doc, parameter.schema, parameter.name)
    .filter((keyword) => contract.requirements.has(promise(keyword.name)))
    .flatMap((keyword) =>
      invalidTexts(contract.schemas, parameter.schema, keyword, valid).map((value) => ({
        expects: [promise(keyword.name)],
        ...place(value),
      })),
    );
  return contract.requirements.has(promise('required'))
    ? [...broken, { expects: [promise('required')], ...place(null) }]
    : broken;
}

function bodyCases(contract: Contract, operation: Operation): Case[] {
  const { requestBody } = operation;
  if (requestBody === undefined) return [];
  const keywords = breakable(contract.doc, requestBody).filter(isProvocable);
  const idIn = (keyword: Keyword) => idOfKeyword(operation.name, 'body', keyword);
  return [
    {
      id: `${operation.name}.body`,
      area: 'requests',
      operation: operation.name,
      title: `${operation.id} refuses a body that breaks its schema, keyword by keyword`,
      covers: [...keywords.map(idIn), 'create.refused-creates-nothing'],
      writes: true,
      async run(api) {
        const forms = [await newItem(api), ...otherForms(contract)];
        const asks = keywords.flatMap((keyword) =>
          (
            forms
              .map((valid) => contract.schemas.breaking(requestBody.schema, keyword, valid))
              .find((bodies) => bodies.length > 0) ?? []
          ).map((body) => ({
            operation: operation.name,
            rawBody: JSON.stringify(body),
            expects: [idIn(keyword)],
            body,
          })),
        );
        await refusedCreations(api, asks);
      },
    },
    {
      id: `${operation.name}.payload`,
      area: 'requests',
      operation: operation.name,
      title: `${operation.id} refuses a payload that is not JSON`,
      covers: [
        'create.malformed-json',
        'create.empty-body',
        'create.wrong-content-type',
        'create.wrong-content-type-status',
        'create.refused-creates-nothing',
      ],
      writes: true,
      async run(api) {
        const body = await newItem(api);
        const good = JSON.stringify(body);
        const form = new URLSearchParams(
          Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
        ).toString();
        const type = (value: string) => ({
          headers: { 'content-type': value },
          expects: ['create.wrong-content-type', 'create.wrong-content-type-status'],
        });
        const asks: CaseRequest[] = [
          ...[good.slice(0, -1), `${good}}`, good.replaceAll('"', "'"), 'null x'].map((rawBody) => ({
            operation: operation.name,
            body,
            rawBody,
            expects: ['create.malformed-json'],
          })),
          {
            operation: operation.name,
            headers: { 'content-type': 'application/json' },
            expects: ['create.empty-body'],
          },
          { operation: operation.name, body, rawBody: good, ...type('text/plain') },
          { operation: operation.name, body, rawBody: form, ...type('application/x-www-form-urlencoded') },
          { operation: operation.name, body, rawBody: good, ...type('application/xml') },
        ];
        await refusedCreations(api, asks);
      },
    },
  ];
}

/** Methods that would write, on paths for which the contract does not declare them. Never DELETE on the whole collection. */
function methodCases(contract: Contract): Case[] {
  const resource = contract.operations.filter((one) => one.isPrimary);
  const paths = [...new Set(resource.map(({ path }) => path))];
  const undeclared = paths.flatMap((path) =>
    ['PUT', 'PATCH', 'POST']
      .filter(
        (method) => !contract.operations.some((operation) => operation.path === path && operation.method === method),
      )
      .map((method) => ({ method, path })),
  );
  return [
    {
      id: 'undeclared-methods',
      area: 'requests',
      title: 'methods that the contract does not declare are refused',
      covers: [
        'undeclared-method.refused',
        'undeclared-method.status',
        'undeclared-method.media-type',
        'undeclared-method.upvest-request-id',
        'refusal.changes-nothing',
      ],
      writes: true,
      async run(api) {
        const { idParameter } = contract.resource;
        await refusedActs(api, (id) =>
          undeclared.map(({ method, path }) => ({
            operation: { method, path },
            path: { [idParameter]: id },
            body: {},
            expects: ['undeclared-method.refused', 'undeclared-method.status'],
          })),
        );
      },
    },
  ];
}

const unknownQuery = ({ name: operation, id }: Operation): Case => ({
  id: 'list.unknown-query',
  area: 'requests',
  operation,
  title: `${id} ignores or refuses a query parameter that it does not know`,
  covers: ['list.unknown-query'],
  writes: false,
  async run(api) {
    await api.ask({ operation, query: { undocumented_parameter: 'x' }, expects: ['list.unknown-query'] });
  },
});
