import type { GroupType } from './store.ts';

/** The API at one of the vendor's versions. The rest of the reference depends on this, never on a version number. */
export interface Edition {
  /** Sort criteria of lists; the first is the default. */
  readonly sorts: readonly [Sort, ...Sort[]];
  readonly smallestLimit: 0 | 1;
  /** The types of groups that users can create. */
  readonly types: readonly GroupType[];
  /** The roles of users in a group. */
  readonly roles: readonly Role[];
  /** The account numbers that a creation may request; `undefined`: none. */
  readonly numbers: RegExp | undefined;
  /** Whether a creation may have unknown members. */
  readonly openRequests: boolean;
  /** Whether each change of a group has an UPDATED event in addition to the event of its status. */
  readonly updates: boolean;
  /** Whether businesses can own groups. */
  readonly businesses: boolean;
  /** The reasons for closing a group; empty: closing takes no reason. */
  readonly closureReasons: readonly string[];
}

export type Sort = 'created_at' | 'updated_at';
export type Role = 'OWNER' | 'CHILD' | 'GUARDIAN';

const SEED: Edition = {
  sorts: ['created_at'],
  smallestLimit: 0,
  types: ['PERSONAL', 'LEGAL_ENTITY'],
  roles: ['OWNER'],
  numbers: undefined,
  openRequests: false,
  updates: false,
  businesses: false,
  closureReasons: [],
};

/** The changes of each version, the oldest first. */
const CHANGES: ReadonlyArray<readonly [version: string, changes: Partial<Edition>]> = [
  ['seed', {}],
  [
    '1.18',
    {
      sorts: ['created_at', 'updated_at'],
      closureReasons: [
        'dunning',
        'power_of_attorney',
        'loss_of_legal_capacity',
        'aml',
        'risk_based',
        'contract_breach',
        'user_initiated',
      ],
    },
  ],
  ['1.75', { types: ['PERSONAL', 'LEGAL_ENTITY', 'FRENCH_PEA', 'ISA', 'CHILD'] }],
  ['1.83', { smallestLimit: 1 }],
  ['1.89', { roles: ['OWNER', 'CHILD', 'GUARDIAN'] }],
  ['1.91', { businesses: true }],
  ['1.109', { numbers: /^[0-9]{9}$/ }],
  ['1.131', { updates: true }],
  [
    '1.150',
    {
      types: ['PERSONAL', 'LEGAL_ENTITY', 'FRENCH_PEA', 'ISA', 'CHILD', 'JOINT'],
      numbers: /^[0-9]{7,12}$/,
      openRequests: true,
    },
  ],
];

/** The versions that the reference implements, the oldest first. */
export const VERSIONS: readonly string[] = CHANGES.map(([version]) => version);

/**
 * The API at a version.
 *
 * @throws {RangeError} if the reference does not implement it
 */
export function editionOf(version: string): Edition {
  const last = VERSIONS.indexOf(version);
  if (last < 0)
    throw new RangeError(`the reference does not implement version ${version}; use one of ${VERSIONS.join(', ')}`);
  return Object.assign({}, SEED, ...CHANGES.slice(0, last + 1).map(([, changes]) => changes));
}
