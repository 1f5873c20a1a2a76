import { randomUUID } from 'node:crypto';
import type { Case } from '../harness/case.ts';
import { defaultOf } from '../harness/checks/page.ts';
import { refusedClosings, refusedCreations } from './refusals.ts';
import { anyGroup, created, retrieve, words } from './stage.ts';

/** Each documented status that can be provoked from outside, operation by operation. */

const NOT_JSON = ['application/xml', 'text/html'];

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
      const version = api.contract.operations
        .flatMap(({ parameters }) => parameters)
        .find(({ name }) => name === 'upvest-api-version');
      const current = (version?.schema.value as { default?: unknown } | undefined)?.default;
      if (current !== undefined)
        await api.ask({
          operation: 'list',
          query: { limit: String(defaultOf(api.contract, 'limit')) },
          headers: { 'upvest-api-version': String(current) },
          aims: ['list.allowed'],
        });
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
