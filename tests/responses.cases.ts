import { randomUUID } from 'node:crypto';
import type { Case } from '../harness/case.ts';
import { refusedClosings, refusedCreations } from './refusals.ts';
import { anyGroup, created, retrieve, words } from './stage.ts';

/** Each documented status that can be provoked from outside, operation by operation. */

const NOT_JSON = ['application/xml', 'text/html'];

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

export const responseCases: readonly Case[] = [
  {
    id: 'list.permitted',
    area: 'responses',
    operation: 'list',
    title: 'list_account_groups answers a permitted request with a page',
    proves: ['list.allowed'],
    writes: false,
    async run(api) {
      await api.ask({ operation: 'list', aims: ['list.allowed'] });
    },
  },
  {
    id: 'list.not-acceptable',
    area: 'responses',
    operation: 'list',
    title: 'list_account_groups refuses an Accept header that excludes JSON',
    proves: ['list.not-acceptable'],
    writes: false,
    async run(api) {
      await Promise.all(
        NOT_JSON.map((accept) => api.ask({ operation: 'list', headers: { accept }, aims: ['list.not-acceptable'] })),
      );
    },
  },
  {
    id: 'retrieve.existing',
    area: 'responses',
    operation: 'retrieve',
    title: 'retrieve_account_group answers with the group that was asked for',
    proves: ['retrieve.allowed', 'retrieve.the-asked-group'],
    writes: false,
    async run(api) {
      api.judgeStatus(['retrieve.allowed'], await retrieve(api, await anyGroup(api)));
    },
  },
  {
    id: 'retrieve.unknown',
    area: 'responses',
    operation: 'retrieve',
    title: 'retrieve_account_group does not find an id that no group has',
    proves: ['retrieve.unknown-id'],
    writes: false,
    async run(api) {
      await api.ask({ operation: 'retrieve', path: { account_group_id: randomUUID() }, aims: ['retrieve.unknown-id'] });
    },
  },
  {
    id: 'retrieve.odd-ids',
    area: 'requests',
    operation: 'retrieve',
    title: 'retrieve_account_group finds nothing under ids of unusual kinds and great length',
    proves: ['retrieve.odd-id'],
    writes: false,
    async run(api) {
      await Promise.all(
        oddIds().map((account_group_id) =>
          api.ask({ operation: 'retrieve', path: { account_group_id }, aims: ['retrieve.odd-id'] }),
        ),
      );
    },
  },
  {
    id: 'retrieve.not-acceptable',
    area: 'responses',
    operation: 'retrieve',
    title: 'retrieve_account_group refuses an Accept header that excludes JSON',
    proves: ['retrieve.not-acceptable'],
    writes: false,
    async run(api) {
      const id = await anyGroup(api);
      await Promise.all(
        NOT_JSON.map((accept) =>
          api.ask({
            operation: 'retrieve',
            path: { account_group_id: id },
            headers: { accept },
            aims: ['retrieve.not-acceptable'],
          }),
        ),
      );
    },
  },
  {
    id: 'create.permitted',
    area: 'responses',
    operation: 'create',
    title: 'create_account_group creates a group of each type',
    proves: ['create.allowed'],
    writes: true,
    async run(api) {
      const groups = await Promise.all([created(api, 'first'), created(api, 'second')]);
      for (const { exchange } of groups) api.judgeStatus(['create.allowed'], exchange);
    },
  },
  {
    id: 'create.refused',
    area: 'responses',
    operation: 'create',
    title: 'create_account_group refuses an unknown user and an Accept header that excludes JSON',
    proves: ['create.unknown-user', 'create.not-acceptable', 'create.refused-creates-nothing'],
    writes: true,
    async run(api) {
      const user_id = await api.owner(0);
      const [type] = words(api.contract, 'CreateAccountGroup', 'type');
      await refusedCreations(api, [
        { operation: 'create', body: { user_id: randomUUID(), type }, aims: ['create.unknown-user'] },
        ...NOT_JSON.map((accept) => ({
          operation: 'create',
          body: { user_id, type },
          headers: { accept },
          aims: ['create.not-acceptable'],
        })),
      ]);
    },
  },
  {
    id: 'close.odd-ids',
    area: 'requests',
    operation: 'close',
    title: 'close_account_group finds nothing under ids of unusual kinds and great length',
    proves: ['close.odd-id'],
    writes: true,
    async run(api) {
      const [nil, , , ordered, , long] = oddIds();
      await Promise.all(
        [nil, ordered, long].map((id = '') =>
          api.ask({ operation: 'close', path: { account_group_id: id }, aims: ['close.odd-id'] }),
        ),
      );
    },
  },
  {
    id: 'close.refused',
    area: 'responses',
    operation: 'close',
    title: 'close_account_group refuses an unknown id and an Accept header that excludes JSON',
    proves: ['close.unknown-id', 'close.not-acceptable', 'close.refused-closes-nothing'],
    writes: true,
    async run(api) {
      await refusedClosings(api, (id) => [
        { operation: 'close', path: { account_group_id: randomUUID() }, aims: ['close.unknown-id'] },
        ...NOT_JSON.map((accept) => ({
          operation: 'close',
          path: { account_group_id: id },
          headers: { accept },
          aims: ['close.not-acceptable'],
        })),
      ]);
    },
  },
];
