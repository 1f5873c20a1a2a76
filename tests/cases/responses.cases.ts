import { randomUUID } from 'node:crypto';
import type { Api, Case, CaseRequest } from '../../harness/case.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { accepts, readCallerRefusals } from '../../harness/contract/operations.ts';
import type { Caller } from '../../harness/contract/security.ts';
import { succeeded } from '../../harness/exchange.ts';
import { withTokens } from '../fixtures/callers.ts';
import { newItem } from '../fixtures/creation.ts';
import { anyGroup, callers, created, retrieve } from '../fixtures/items.ts';
import { queryForms } from './query-forms.ts';
import { refusedClosings, refusedCreations } from './refusals.ts';

/** Each documented status that can be provoked from outside, operation by operation. */

const NOT_JSON = ['application/xml', 'text/html'];
/** The same by a weight of 0 (RFC 9110 §12.4.2), which signers may take apart before they sign it. */
const WEIGHTLESS = 'application/json;q=0';

/** Ids that no group has: UUIDs of other kinds than the usual one (RFC 9562 §5), in capitals, and texts of great length. */
const oddIds = () => {
  const rest = randomUUID().slice(15);
  return [
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    `2d7a1c3e-5b60-11ef-${randomUUID().slice(19)}`,
    `0192f0c4-8e1a-7${rest}`,
    randomUUID().toUpperCase(),
    'a'.repeat(300),
    'a'.repeat(2000),
  ];
};

export function responseCases({ resource }: Contract): Case[] {
  const { list, create, retrieve: read, close, idParameter } = resource;
  return [
    ...(list === undefined ? [] : listResponses(list)),
    ...(read === undefined ? [] : readResponses(read, idParameter)),
    ...(create === undefined ? [] : creationResponses(create)),
    ...(close === undefined ? [] : closingResponses(close, idParameter)),
  ];
}

/** Asks with an Accept header that excludes JSON; a signature over one with a weight may be what is refused. */
async function notAcceptable(api: Api, request: CaseRequest, requirement: string): Promise<void> {
  const exchange = await api.ask(request);
  const unknown = readCallerRefusals(api.contract.doc).unauthenticated;
  const isUnclear = api.signed !== 'not' && request.headers?.accept === WEIGHTLESS;
  if (!isUnclear || !accepts(unknown, exchange.response.status)) api.judgeStatus([requirement], exchange);
}

/** A caller whose scope stands between scopes that open nothing here: a token has a set of scopes, in any sequence. */
async function amongOthers(api: Api, operation: Operation): Promise<Caller[]> {
  const known = callers(api.contract, operation).flatMap((caller) =>
    caller.credential.kind === 'token' ? [{ ...caller, scopes: caller.credential.scopes }] : [],
  );
  const enough = known.find(({ allowed, scopes }) => allowed && scopes.length === 1);
  const [first, ...rest] = known.find(({ allowed }) => !allowed)?.scopes ?? [];
  if (enough === undefined || first === undefined) return [];
  const credential = { kind: 'token' as const, scopes: [first, ...enough.scopes, ...rest] };
  return withTokens(api, [{ ...enough, title: `${enough.title}, among others`, credential }]);
}

const listResponses = (list: Operation, { name: operation, id } = list): Case[] => [
  {
    id: 'list.permitted',
    area: 'responses',
    operation,
    title: `${id} answers a permitted request with a page`,
    covers: ['list.allowed'],
    writes: false,
    async run(api) {
      const [caller] = await amongOthers(api, list);
      await api.ask({ operation, ...(caller && { caller }), expects: ['list.allowed'] });
    },
  },
  {
    id: 'list.not-acceptable',
    area: 'responses',
    operation,
    title: `${id} refuses an Accept header that excludes JSON`,
    covers: ['list.not-acceptable'],
    writes: false,
    async run(api) {
      const forms = queryForms(api.contract, list);
      await Promise.all(
        [...NOT_JSON, WEIGHTLESS].map((accept, index) =>
          notAcceptable(api, { operation, headers: { accept }, query: forms[index * 2] ?? {} }, 'list.not-acceptable'),
        ),
      );
    },
  },
];

const readResponses = ({ name: operation, id }: Operation, idParameter: string): Case[] => [
  {
    id: 'retrieve.existing',
    area: 'responses',
    operation,
    title: `${id} answers with the item that was asked for`,
    covers: ['retrieve.allowed', 'retrieve.the-asked-group'],
    writes: false,
    async run(api) {
      api.judgeStatus(['retrieve.allowed'], await retrieve(api, await anyGroup(api)));
    },
  },
  {
    id: 'retrieve.unknown',
    area: 'responses',
    operation,
    title: `${id} does not find an id that nothing has, whoever asks`,
    covers: ['retrieve.unknown-id'],
    writes: false,
    async run(api) {
      const path = { [idParameter]: randomUUID() };
      await api.ask({ operation, path, expects: ['retrieve.unknown-id'] });
      const single = callers(api.contract, api.contract.resource.retrieve).filter(
        ({ allowed, credential }) => allowed && credential.kind === 'token' && credential.scopes.length === 1,
      );
      for (const caller of await withTokens(api, single)) {
        const exchange = await api.ask({ operation, caller, path });
        // Whoever may read nothing at all has a finding of their own.
        const isTurnedAway =
          accepts(readCallerRefusals(api.contract.doc).insufficient, exchange.response.status) &&
          !succeeded(await api.ask({ operation, caller, path: { [idParameter]: await anyGroup(api) } }));
        if (!isTurnedAway) api.judgeStatus(['retrieve.unknown-id'], exchange);
      }
    },
  },
  {
    id: 'retrieve.odd-ids',
    area: 'requests',
    operation,
    title: `${id} finds nothing under ids of unusual kinds and great length`,
    covers: ['retrieve.odd-id'],
    writes: false,
    async run(api) {
      await Promise.all(
        oddIds().map((odd) => api.ask({ operation, path: { [idParameter]: odd }, expects: ['retrieve.odd-id'] })),
      );
    },
  },
  {
    id: 'retrieve.not-acceptable',
    area: 'responses',
    operation,
    title: `${id} refuses an Accept header that excludes JSON`,
    covers: ['retrieve.not-acceptable'],
    writes: false,
    async run(api) {
      const path = { [idParameter]: await anyGroup(api) };
      await Promise.all(
        [...NOT_JSON, WEIGHTLESS].map((accept) =>
          notAcceptable(api, { operation, path, headers: { accept } }, 'retrieve.not-acceptable'),
        ),
      );
    },
  },
];

const creationResponses = ({ name: operation, id }: Operation): Case[] => [
  {
    id: 'create.permitted',
    area: 'responses',
    operation,
    title: `${id} creates an item of each type`,
    covers: ['create.allowed'],
    writes: true,
    async run(api) {
      const groups = await Promise.all([created(api, 'first'), created(api, 'second')]);
      for (const { exchange } of groups) api.judgeStatus(['create.allowed'], exchange);
    },
  },
  {
    id: 'create.refused',
    area: 'responses',
    operation,
    title: `${id} refuses what belongs to nobody, and an Accept header that excludes JSON`,
    covers: ['create.unknown-user', 'create.not-acceptable', 'create.refused-creates-nothing'],
    writes: true,
    async run(api) {
      const body = await newItem(api);
      const [owner] = api.contract.resource.creation.given;
      const unknown = owner && {
        operation,
        body: { ...body, [owner.member]: randomUUID() },
        expects: ['create.unknown-user'],
      };
      await refusedCreations(api, [
        ...(unknown ? [unknown] : []),
        ...NOT_JSON.map((accept) => ({ operation, body, headers: { accept }, expects: ['create.not-acceptable'] })),
      ]);
    },
  },
];

const closingResponses = ({ name: operation, id }: Operation, idParameter: string): Case[] => [
  {
    id: 'close.odd-ids',
    area: 'requests',
    operation,
    title: `${id} finds nothing under ids of unusual kinds and great length`,
    covers: ['close.odd-id'],
    writes: true,
    async run(api) {
      const [nil, , , ordered, , long] = oddIds();
      await Promise.all(
        [nil, ordered, long].map((odd = '') =>
          api.ask({ operation, path: { [idParameter]: odd }, expects: ['close.odd-id'] }),
        ),
      );
    },
  },
  {
    id: 'close.refused',
    area: 'responses',
    operation,
    title: `${id} refuses an unknown id and an Accept header that excludes JSON`,
    covers: ['close.unknown-id', 'close.not-acceptable', 'close.refused-closes-nothing'],
    writes: true,
    async run(api) {
      await refusedClosings(api, (item) => [
        { operation, path: { [idParameter]: randomUUID() }, expects: ['close.unknown-id'] },
        ...NOT_JSON.map((accept) => ({
          operation,
          path: { [idParameter]: item },
          headers: { accept },
          expects: ['close.not-acceptable'],
        })),
      ]);
    },
  },
];
