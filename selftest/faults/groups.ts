import { type Answered, type Asked, type Fault, group, groups, lying } from './lie.ts';

/** Groups that are described wrongly: numbers, timestamps, users, members. */

type Json = Record<string, unknown>;
const number = (change: (digits: string, group: Json) => unknown) => (one: Json) =>
  void (one.securities_account_number = change(String(one.securities_account_number), one));
const stamp =
  (change: (stamp: string) => string, members = ['created_at', 'updated_at']) =>
  (one: Json) => {
    for (const member of members) one[member] = change(String(one[member]));
  };
const secondPage = (asked: Asked) =>
  asked.operation === 'list' && Number(asked.url.searchParams.get('offset') ?? 0) > 0;
const shifted = (hours: number) => (text: string) => new Date(Date.parse(text) + hours * 3_600_000).toISOString();
/** Everywhere but in the list, where the groups that only others describe would tell of the difference as well. */
const PATTERN = ['account-group.securities_account_number.pattern'];
const LISTED_OTHERWISE = ['list.equals-retrieved', 'account-group.immutable'];

export const groupFaults: Fault[] = [
  {
    id: 'number-8-digits',
    lie: 'Account numbers have 8 digits.',
    breaks: PATTERN,
    tell: group(number((digits) => digits.slice(1))),
  },
  {
    id: 'number-10-digits',
    lie: 'Account numbers have 10 digits.',
    breaks: PATTERN,
    tell: group(number((digits) => `${digits}0`)),
  },
  {
    id: 'number-letter',
    lie: 'Account numbers contain a letter.',
    breaks: PATTERN,
    tell: group(number((digits) => `A${digits.slice(1)}`)),
  },
  {
    id: 'number-arabic',
    lie: 'Account numbers are written in Arabic-Indic digits.',
    breaks: PATTERN,
    tell: group(number((digits) => digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit))))),
  },
  {
    id: 'number-full-width',
    lie: 'Account numbers are written in full-width digits.',
    breaks: PATTERN,
    tell: group(number((digits) => digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))))),
  },
  {
    id: 'number-newline',
    lie: 'Account numbers end in a line break.',
    breaks: PATTERN,
    tell: group(number((digits) => `${digits}\n`)),
  },
  {
    id: 'number-space',
    lie: 'Account numbers begin with a space.',
    breaks: PATTERN,
    tell: group(number((digits) => ` ${digits}`)),
  },
  {
    id: 'number-numeric',
    lie: 'Account numbers are numbers.',
    breaks: ['account-group.securities_account_number.type'],
    tell: group(number(Number)),
  },
  {
    id: 'number-null',
    lie: 'A pending group has no account number yet.',
    breaks: ['account-group.securities_account_number.type'],
    tell: group(
      number(() => null),
      () => true,
    ),
  },
  {
    id: 'number-missing-legal-entity',
    lie: 'Only a LEGAL_ENTITY has no account number.',
    breaks: ['account-group.securities_account_number.required'],
    tell: group((one) => void (one.type === 'LEGAL_ENTITY' && delete one.securities_account_number)),
  },
  {
    id: 'number-8-digits-legal-entity',
    lie: 'Only a LEGAL_ENTITY has 8 digits.',
    breaks: PATTERN,
    tell: group((one) => void (one.type === 'LEGAL_ENTITY' && number((digits) => digits.slice(1))(one))),
  },
  {
    id: 'number-8-digits-second-page',
    lie: 'Account numbers have 8 digits on every page but the first.',
    breaks: [...PATTERN, 'account-group.immutable'],
    tell: group(
      number((digits) => digits.slice(1)),
      secondPage,
    ),
  },
  {
    id: 'number-equal',
    lie: 'All groups share one account number.',
    breaks: ['account-group.number-unique'],
    tell: group(number(() => '123456789')),
  },
  {
    id: 'number-equal-by-type',
    lie: 'Groups of one type share an account number.',
    breaks: ['account-group.number-unique'],
    tell: group((one) => void (one.securities_account_number = one.type === 'PERSONAL' ? '111111111' : '222222222')),
  },
  {
    id: 'number-changes',
    lie: 'A group gets another account number at each read.',
    breaks: [
      'account-group.immutable',
      'create.equals-retrieved',
      'retrieve.repeatable',
      'close.identity-kept',
      'close.bystanders-untouched',
      'close.refused-closes-nothing',
      'list.equals-retrieved',
    ],
    tell: changing(),
  },
  {
    id: 'number-masked-in-list',
    lie: 'The list masks account numbers.',
    breaks: [...PATTERN, ...LISTED_OTHERWISE],
    tell: group(
      number((digits) => `*****${digits.slice(5)}`),
      (asked) => asked.operation === 'list',
    ),
  },
  {
    id: 'number-rotated-in-list',
    lie: 'The list shows another, valid account number.',
    breaks: LISTED_OTHERWISE,
    tell: group(
      number((digits) => `9${digits.slice(1)}`),
      (asked) => asked.operation === 'list',
    ),
  },
  {
    id: 'time-with-offset',
    lie: 'Timestamps are in local time, with its offset.',
    breaks: ['account-group.timestamps-utc'],
    tell: group(stamp((text) => shifted(2)(text).replace('Z', '+02:00'))),
  },
  {
    id: 'time-with-offset-in-list',
    lie: 'Only the list writes local time.',
    breaks: ['account-group.timestamps-utc'],
    tell: group(
      stamp((text) => shifted(-5)(text).replace('Z', '-05:00')),
      (asked) => asked.operation === 'list',
    ),
  },
  {
    id: 'time-local-as-utc',
    lie: 'Timestamps are local time that claims to be UTC.',
    breaks: ['account-group.not-in-the-future', 'create.created-now'],
    tell: group(stamp(shifted(2))),
  },
  {
    id: 'time-local-west-as-utc',
    lie: 'Timestamps are the local time of the west that claims to be UTC.',
    breaks: ['create.created-now'],
    tell: group(stamp(shifted(-6))),
  },
  {
    id: 'time-without-zone',
    lie: 'Timestamps have no zone.',
    breaks: ['account-group.created_at.format', 'account-group.updated_at.format'],
    tell: group(stamp((text) => text.replace('Z', ''))),
  },
  {
    id: 'time-with-space',
    lie: 'Timestamps have a space for the T.',
    breaks: ['account-group.created_at.format', 'account-group.updated_at.format'],
    tell: group(stamp((text) => text.replace('T', ' '))),
  },
  {
    id: 'time-as-date',
    lie: 'created_at is a date.',
    breaks: ['account-group.created_at.format'],
    tell: group(stamp((text) => text.slice(0, 10), ['created_at'])),
  },
  {
    id: 'time-as-number',
    lie: 'updated_at is a number.',
    breaks: ['account-group.updated_at.type'],
    tell: group((one) => void (one.updated_at = Date.parse(String(one.updated_at)))),
  },
  {
    id: 'time-compact-offset',
    lie: 'The offset has no colon.',
    breaks: ['account-group.updated_at.format'],
    tell: group(stamp((text) => text.replace('Z', '+0000'), ['updated_at'])),
  },
  {
    id: 'time-impossible',
    lie: 'created_at is the 30th of February.',
    breaks: ['account-group.created_at.format'],
    tell: group(stamp((text) => text.replace(/-\d\d-\d\dT/, '-02-30T'), ['created_at'])),
  },
  {
    id: 'time-updated-first',
    lie: 'updated_at is a year before created_at.',
    breaks: ['account-group.created-before-updated'],
    tell: group((one) => void (one.updated_at = shifted(-8760)(String(one.updated_at)))),
  },
  {
    id: 'time-future',
    lie: 'updated_at of a LEGAL_ENTITY lies in the next century.',
    breaks: ['account-group.not-in-the-future', 'close.updated-at-moves'],
    tell: group((one) => void (one.type === 'LEGAL_ENTITY' && (one.updated_at = '2126-01-01T00:00:00Z'))),
  },
  {
    id: 'time-updated-is-now',
    lie: 'updated_at is always the time of reading.',
    breaks: ['retrieve.repeatable', 'list.equals-retrieved', 'close.refused-closes-nothing'],
    tell: readingTouches(),
  },
  {
    id: 'users-empty',
    lie: 'A group has no users.',
    breaks: ['create.owner-as-asked'],
    tell: group((one) => void (one.users = [])),
  },
  {
    id: 'users-stranger',
    lie: 'A group belongs to somebody else.',
    breaks: ['create.owner-as-asked'],
    tell: group((one) => void (one.users = [{ id: '11111111-2222-4333-8444-555555555555', type: 'OWNER' }])),
  },
  {
    id: 'users-missing-in-list',
    lie: 'The list leaves out users.',
    breaks: ['account-group.users.required', 'list.equals-retrieved'],
    tell: group(
      (one) => void delete one.users,
      (asked) => asked.operation === 'list',
    ),
  },
  {
    id: 'users-as-ids',
    lie: 'users is a list of ids.',
    breaks: ['account-group-user.type'],
    tell: group((one) => void (one.users = (one.users as Json[]).map(({ id }) => id))),
  },
  {
    id: 'users-as-object',
    lie: 'users is a single user.',
    breaks: ['account-group.users.type'],
    tell: group((one) => void (one.users = (one.users as Json[])[0])),
  },
  {
    id: 'users-unknown-role',
    lie: 'The owner is called a HOLDER.',
    breaks: ['account-group-user.type.enum'],
    tell: group((one) => (one.users as Json[]).forEach((user) => void (user.type = 'HOLDER'))),
  },
  {
    id: 'members-leak',
    lie: 'Groups show the name of their owner.',
    breaks: ['account-group.additionalProperties'],
    tell: group((one) => void (one.owner_name = 'Karla Muster')),
  },
  {
    id: 'members-leak-on-create',
    lie: 'Only a creation shows an internal member.',
    breaks: ['account-group.additionalProperties', 'create.equals-retrieved'],
    tell: group(
      (one) => void (one._internal_id = 17),
      (asked) => asked.operation === 'create',
    ),
  },
  {
    id: 'status-lower-case',
    lie: 'Statuses are written in lower case.',
    breaks: ['account-group.status.enum'],
    tell: group((one) => void (one.status = String(one.status).toLowerCase())),
  },
  {
    id: 'status-unknown-when-closed',
    lie: 'A closed group is ARCHIVED.',
    breaks: ['account-group.status.enum'],
    tell: group((one) => void (one.status === 'CLOSED' && (one.status = 'ARCHIVED'))),
  },
  {
    id: 'type-in-words',
    lie: 'A type is written in words.',
    breaks: ['account-group.type.enum'],
    tell: group((one) => void (one.type = one.type === 'PERSONAL' ? 'Personal' : 'Legal entity')),
  },
  {
    id: 'id-upper-half',
    lie: 'Ids carry a prefix.',
    breaks: ['account-group.id.format'],
    tell: group((one) => void (one.id = `ag_${String(one.id)}`)),
  },
  {
    id: 'id-urn',
    lie: 'Ids are URNs.',
    breaks: ['account-group.id.format'],
    tell: group((one) => void (one.id = `urn:uuid:${String(one.id)}`)),
  },
];

/** A new account number for each answer, never the same twice. */
function changing(): Fault['tell'] {
  return lying(() => {
    let next = 500_000_000;
    return async (_, forward) => {
      const answered = await forward();
      for (const one of groups(answered)) one.securities_account_number = String(next++);
      return answered;
    };
  });
}

function readingTouches(): Fault['tell'] {
  return lying((clock) => {
    let tick = 0;
    return async (_: Asked, forward: () => Promise<Answered>) => {
      const answered = await forward();
      for (const one of groups(answered)) one.updated_at = new Date(clock.now() + 5 * tick++).toISOString();
      return answered;
    };
  });
}
