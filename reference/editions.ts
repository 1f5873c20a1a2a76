import type { GroupType } from './store.ts';

/** What the API is at each of the vendor's versions. Nothing else in the reference knows a version. */
export interface Edition {
  /** What a list can be sorted by; the first is the default. */
  readonly sorts: readonly [Sort, ...Sort[]];
  readonly smallestLimit: 0 | 1;
  /** The types of groups that users can own, or ask for. */
  readonly types: readonly GroupType[];
  /** What users can be to a group. */
  readonly roles: readonly Role[];
  /** The account numbers that a creation may ask for; `undefined`: none. */
  readonly numbers: RegExp | undefined;
  /** May a creation have members that nobody knows? */
  readonly openRequests: boolean;
  /** Is there an event for every change, beside those for single steps? */
  readonly updates: boolean;
  /** Can businesses own groups? */
  readonly businesses: boolean;
  /** Why a group can be closed; empty: nobody is asked. */
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

/** What each version changes, oldest first. */
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

/** The versions that the reference speaks, oldest first. */
export const VERSIONS: readonly string[] = CHANGES.map(([version]) => version);

/**
 * The API at a version.
 *
 * @throws {RangeError} where the reference does not speak it.
 */
export function editionOf(version: string): Edition {
  const last = VERSIONS.indexOf(version);
  if (last < 0) throw new RangeError(`the reference does not speak ${version}, but ${VERSIONS.join(', ')}`);
  return Object.assign({}, SEED, ...CHANGES.slice(0, last + 1).map(([, changes]) => changes));
}
