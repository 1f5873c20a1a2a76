import type { Edition } from './editions.ts';
import type { Status } from './life-cycle.ts';
import { BUSINESS, type GroupType, type Store, type User } from './store.ts';

type Seed = readonly [
  id: string,
  owner: string,
  type: GroupType,
  status: Status,
  created: number,
  updated: number,
  others?: readonly User[],
  number?: string,
];

const at = Date.parse;

const SEEDS: readonly Seed[] = [
  [
    '3b0c1a52-7f64-4d0e-9a1d-5e2f8c4b6a10',
    'd41f6e80-2c35-4b97-8e6a-0f9b3c7d1a21',
    'PERSONAL',
    'CLOSED',
    at('2023-01-09T08:15:30.125Z'),
    at('2024-06-28T16:00:00.500Z'),
  ],
  [
    'c85d2e07-91ab-4f3c-b6d8-2a7e10f49b32',
    '17a9c3f4-6b58-4e02-a7d1-94c0e5b82f43',
    'LEGAL_ENTITY',
    'ACTIVE',
    at('2023-03-21T13:42:07.010Z'),
    at('2023-03-22T09:00:00.000Z'),
  ],
  [
    'f2967b41-0d8e-4c5a-8f13-b4c6a9d2e754',
    '8e50d7a2-f41c-4369-b02e-6d1f8a3c9b65',
    'PERSONAL',
    'ACTIVE',
    at('2023-07-14T10:00:00.000Z'),
    at('2023-07-14T10:07:12.345Z'),
  ],
  // A lower id than the group before it, which has the same creation time: sorting by id would be visible.
  [
    '09e4f6c8-5b7d-4a21-9c30-d8f1b2a6e376',
    'b63a0c1e-48d9-4f75-9ea2-c7d5f0e81b87',
    'LEGAL_ENTITY',
    'LOCKED',
    at('2023-07-14T10:00:00.000Z'),
    at('2024-02-29T23:59:59.999Z'),
  ],
  [
    '6ad1b3f5-c27e-4890-a5b4-1e3d7c9f0a98',
    '2f7b9d08-e1a6-4c43-8d5f-a0b2c4e69da9',
    'PERSONAL',
    'LOCKED',
    at('2024-01-02T00:00:00.001Z'),
    at('2024-05-05T05:05:05.050Z'),
  ],
  [
    'a1f8c4d2-3e60-4b1f-8279-f5d0e6b3c7ba',
    '94c2e0b6-7d1f-4a58-b3c9-e8f6a1d07bcb',
    'LEGAL_ENTITY',
    'CLOSING',
    at('2024-08-19T17:30:45.678Z'),
    at('2025-01-31T12:00:00.000Z'),
  ],
  [
    '5ec70f19-b8d3-4e64-9d0a-3c1b5a7f2edc',
    '7b16d5f3-0a9e-4c82-ae47-2d8f9c1b60ed',
    'PERSONAL',
    'PENDING_APPROVAL',
    at('2025-02-03T07:08:09.100Z'),
    at('2025-02-03T07:08:09.100Z'),
  ],
  [
    '84b2f9e6-1c5d-4a37-b0e8-6f2d9c3a71b5',
    'c07e4d19-5f8a-4b62-93d1-a8e5f2b06c97',
    'FRENCH_PEA',
    'ACTIVE',
    at('2025-07-01T09:30:00.000Z'),
    at('2025-07-02T11:15:20.250Z'),
  ],
  [
    'e3d6a0b8-7f29-4c14-8a5b-d19c4e7f2036',
    '2a95c8f1-e04b-4d73-b6a8-3c7f1d9e5048',
    'ISA',
    'LOCKED',
    at('2025-10-20T06:45:10.600Z'),
    at('2025-11-03T18:20:05.005Z'),
  ],
  [
    '4f1b7c93-a8e2-4650-9d3f-b27e5a8c0d61',
    '6e0d3b57-9c1f-48a2-8b74-f5a1c6d2e309',
    'CHILD',
    'ACTIVE',
    at('2025-11-11T14:05:33.330Z'),
    at('2025-11-12T08:00:00.100Z'),
    [
      { id: '6e0d3b57-9c1f-48a2-8b74-f5a1c6d2e309', type: 'CHILD' },
      { id: 'b1f48a2c-3d70-4e95-a6c8-0e7d5b9f1a43', type: 'GUARDIAN' },
    ],
  ],
  [
    'd95e3a70-6b1c-4f84-92d7-8c0f5a2e4b19',
    '0b7f4c62-e8d3-4195-a06c-9f2d7e1b5a38',
    'BUSINESS',
    'ACTIVE',
    at('2025-12-01T10:20:30.400Z'),
    at('2025-12-03T15:00:00.000Z'),
  ],
  [
    '17c8f5d4-0a9b-4e36-8f62-5b3e9d7c1a04',
    '0b7f4c62-e8d3-4195-a06c-9f2d7e1b5a38',
    'BUSINESS',
    'PENDING_APPROVAL',
    at('2025-12-09T08:08:08.080Z'),
    at('2025-12-09T08:08:08.080Z'),
  ],
  [
    'b8a41e67-2d93-4c50-8f7e-6c19d0f3b527',
    '0b7f4c62-e8d3-4195-a06c-9f2d7e1b5a38',
    'BUSINESS',
    'CLOSED',
    at('2025-12-10T11:22:33.440Z'),
    at('2025-12-12T19:45:00.000Z'),
  ],
  [
    '7d0e2b96-c5a8-4f13-8b47-e19f6d3a0c52',
    'f30a8d5c-1b72-4e69-97c4-6a8e2d0f4b17',
    'JOINT',
    'ACTIVE',
    at('2025-12-15T16:30:00.010Z'),
    at('2025-12-18T12:12:12.120Z'),
    [{ id: '58c6e1f2-9d04-4b3a-8e7f-0a5b2c9d6e83', type: 'OWNER' }],
    '40718263',
  ],
];

/**
 * Inserts groups of the first two types in every status, two of them created at the same time, and one of each later type
 * that the edition has, each with its owner. Their status never changes.
 */
export function plantSeeds(store: Store, { types, roles, businesses }: Edition): void {
  for (const [id, owner, type, status, created, since, all = [], number] of SEEDS) {
    if (type === BUSINESS ? !businesses : !types.includes(type)) continue;
    if (type === BUSINESS) store.addBusiness(owner);
    else store.addUser(owner);
    const others = all.filter((user) => roles.includes(user.type));
    store.insert({ id, owner, others, type, created, number, life: { stage: { status, since } } });
  }
}
