import type { Api, Case } from '../../harness/case.ts';
import { pageOf } from '../../harness/checks/group.ts';
import { idOfCaller, idOfParameter, promisedBy } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { admitting, spellings } from '../../harness/contract/spellings.ts';
import { type Exchange, headerValue } from '../../harness/exchange.ts';
import { CLIENT_ID_HEADER, withTokens } from '../fixtures/callers.ts';
import { closed } from '../fixtures/closing.ts';
import { anyGroup, callers, created } from '../fixtures/items.ts';
import { totalOf } from '../fixtures/look.ts';
import { kindsOf } from '../fixtures/sample.ts';
import { wholeList } from '../fixtures/whole-list.ts';
import { type Axis, type Option, servedEverywhere } from './axes.ts';
import { findingsOf } from './unusual.ts';

/** Requests that the contract allows, in every spelling and situation, two by two: whoever may call is served. */

/** Far behind the end of any list. */
const BEYOND = 1_000_000;

export function legalCases(contract: Contract): Case[] {
  const { list, retrieve, create, close } = contract.resource;
  return [
    ...(list === undefined ? [] : [legalLists(list)]),
    ...(create === undefined ? [] : [unusualWrite(contract, create, (api) => created(api, 'spare'))]),
    ...(retrieve === undefined ? [] : [legalReads(retrieve)]),
    ...(close === undefined ? [] : [unusualWrite(contract, close, (api) => closed(api, 'second'))]),
  ];
}

/** Every group is created and closed once; one of each is asked for in an unusual way. */
const unusualWrite = (contract: Contract, operation: Operation, make: (api: Api) => Promise<unknown>): Case => ({
  id: `${operation.name}.legal`,
  area: 'requests',
  operation: operation.name,
  title: `${operation.id} serves a legal request in an unusual spelling`,
  covers: [
    ...promisesOf(operation).slice(1),
    ...[...contract.requirements.keys()].filter((id) => isOfBody(operation, id)),
  ],
  writes: true,
  async run(api) {
    if (api.signed === 'by-proxy')
      api.excluded(promisedBy(operation, 'header', CLIENT_ID_HEADER, 'served'), 'signed-by-proxy');
    await make(api);
    for (const { requirement, exchanges, seen } of await findingsOf(api, operation.name))
      api.report(requirement, exchanges, seen);
  },
});

/** True for the promise that a legal body is served. */
const isOfBody = ({ name }: Operation, id: string) => id.startsWith(`${name}.body.`) && id.endsWith('.served');

const promisesOf = (operation: Operation) => [
  promisedBy(operation, 'allowed'),
  promisedBy(operation, 'accept.served'),
  ...operation.parameters.map((parameter) => idOfParameter(operation, parameter, 'served')),
];

function legalLists(operation: Operation): Case {
  return {
    id: 'list.legal',
    area: 'requests',
    operation: operation.name,
    title: `${operation.id} serves every legal request, on every page and for every caller`,
    covers: [...promisesOf(operation), 'list.page-full', 'list.total-independent-of-page'],
    writes: false,
    async run(api) {
      const whole = await wholeList(api);
      const total = totalOf(whole) ?? 0;
      const axes = [
        ...(await sharedAxes(api, operation)),
        ...operation.parameters
          .filter((parameter) => parameter.in === 'query')
          .map((parameter) =>
            queryAxis(
              operation,
              parameter.name,
              parameter.name === 'offset'
                ? [...new Set([0, 1, Math.max(1, total - 1), total, total + BEYOND])].map(String)
                : spellings(api.contract.schemas, parameter.schema, '').filter(
                    (value) => !(parameter.name === 'limit' && Number(value) === 0),
                  ),
            ),
          ),
        { name: 'the sequence', options: [{ title: 'the usual sequence' }, backwards] },
      ];
      const answers = await servedEverywhere(api, operation.name, 'list.allowed', axes, [
        ['Accept', 'offset'],
        ['Accept', 'limit'],
      ]);
      const end = totalOf(await wholeList(api, 'again'));
      // Where others add groups meanwhile, pages cannot be held against each other.
      if (end !== total) return;
      for (const { exchange, served } of answers) if (served) sameForAll(api, whole, exchange, total);
    },
  };
}

/** Every caller sees the same list. */
function sameForAll(api: Api, whole: Exchange, exchange: Exchange, total: number): void {
  const page = pageOf(exchange);
  if (page === undefined) return;
  const seen = totalOf(exchange);
  if (seen !== undefined)
    api.report(
      'list.total-independent-of-page',
      [whole, exchange],
      seen !== total && `total_count ${seen} for a caller ${exchange.caller}, and ${total} on the largest page`,
    );
  const { offset = '0', limit } = exchange.request.query;
  if (limit !== undefined) {
    const room = Math.max(0, Math.min(Number(limit), total - Number(offset)));
    api.report(
      'list.page-full',
      [exchange],
      page.size < room && `${page.size} groups at offset ${offset} with limit ${limit}, of ${total} in all`,
    );
  }
}

function legalReads(operation: Operation): Case {
  return {
    id: 'retrieve.legal',
    area: 'requests',
    operation: operation.name,
    title: `${operation.id} serves every legal request, for every group and every caller`,
    covers: promisesOf(operation),
    writes: false,
    async run(api) {
      const some = await anyGroup(api);
      const [path] = operation.parameters.filter((parameter) => parameter.in === 'path');
      if (path === undefined) return;
      const groups = [
        { title: 'a group of the run', id: some },
        ...(await kindsOf(api)).filter(({ id }) => id !== some),
      ];
      const spelled = spellings(api.contract.schemas, path.schema, some).length;
      const axes: Axis[] = [
        ...(await sharedAxes(api, operation)),
        {
          name: 'the group',
          options: groups.map(({ title, id }) => ({ title, ask: { path: { [path.name]: id } } })),
        },
        {
          name: 'the id',
          requirement: promisedBy(operation, 'path', path.name, 'served'),
          options: Array.from({ length: spelled }, (_, index) => ({
            title:
              index === 0
                ? 'the id as it was shown'
                : `the id spelled like ${spellings(api.contract.schemas, path.schema, some)[index]}`,
            arrange: (ask) => ({
              ...ask,
              path: {
                [path.name]: spellings(api.contract.schemas, path.schema, ask.path?.[path.name] ?? '')[index] ?? '',
              },
            }),
          })),
        },
      ];
      await servedEverywhere(api, operation.name, 'retrieve.allowed', axes, [['Accept', 'the group']]);
    },
  };
}

/** What every operation can be asked with: callers, media types, headers. */
export async function sharedAxes(api: Api, operation: Operation): Promise<Axis[]> {
  const mediaType = [...operation.responses.values()].find(({ status }) => status.startsWith('2'))?.body?.mediaType;
  return [
    await callerAxis(api, operation),
    {
      name: 'Accept',
      requirement: promisedBy(operation, 'accept.served'),
      options: admitting(mediaType ?? '').map((accept) => ({
        title: accept === undefined ? 'no Accept' : `accept: ${accept}`,
        ask: { headers: { accept: accept ?? null } },
        // The vendor's signers take lists and parameters apart, and RFC 9421 does not.
        signedInTwoWays: /[,;]/.test(accept ?? ''),
      })),
    },
    ...(await Promise.all(
      operation.parameters
        .filter((parameter) => parameter.in === 'header')
        .map(async ({ name, required, schema }): Promise<Axis> => {
          const usual = required ? await usualHeader(api, name) : undefined;
          const values = [usual, ...spellings(api.contract.schemas, schema, usual ?? '')].filter(
            (value, at, all) => all.indexOf(value) === at,
          );
          const requirement = promisedBy(operation, 'header', name, 'served');
          const hidden = api.signed === 'by-proxy' && name === CLIENT_ID_HEADER;
          if (hidden) api.excluded(requirement, 'signed-by-proxy');
          return {
            name,
            ...(!hidden && { requirement }),
            options: (hidden ? values.slice(0, 1) : values).map((value) => ({
              title: value === undefined ? `no ${name}` : `${name}: ${value}`,
              ...(value !== undefined && value !== usual && { ask: { headers: { [name]: value } } }),
            })),
          };
        }),
    )),
  ];
}

/** A header as every request carries it. */
async function usualHeader(api: Api, name: string): Promise<string> {
  return headerValue((await wholeList(api)).request.headers, name) ?? '';
}

/** Everybody who may call, as far as their tokens can be had. */
async function callerAxis(api: Api, operation: Operation): Promise<Axis> {
  const permitted = callers(api.contract, operation).filter(({ allowed }) => allowed);
  const options = (await withTokens(api, permitted)).map(
    (caller): Option => ({
      title: `a caller ${caller.title}`,
      requirement: idOfCaller(operation, caller),
      ask: { caller },
    }),
  );
  // Whoever holds every scope is the usual caller.
  return { name: 'the caller', options: options.reverse() };
}

export function queryAxis(list: Operation, name: string, values: readonly string[]): Axis {
  return {
    name,
    requirement: promisedBy(list, 'query', name, 'served'),
    options: [
      { title: `no ${name}` },
      ...values.map((value) => ({ title: `${name}=${value}`, ask: { query: { [name]: value } } })),
    ],
  };
}

const backwards: Option = {
  title: 'the parameters in reverse',
  arrange: (ask) => ({ ...ask, query: Object.fromEntries(Object.entries(ask.query ?? {}).reverse()) }),
};
