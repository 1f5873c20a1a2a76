import { type Asked, type Fault, group, groups, is, type Json, LIST, lying } from './lie.ts';

/** Account numbers that are malformed, that change, or that are not unique. */

const number = (change: (digits: string) => unknown) => (one: Json) =>
  void (one.securities_account_number = change(String(one.securities_account_number)));
const secondPage = (asked: Asked) => is(LIST)(asked) && Number(asked.url.searchParams.get('offset') ?? 0) > 0;
const PATTERN = ['account-group.securities_account_number.pattern'];
/** What a group breaks that the list shows otherwise than everything else does. */
const LISTED_OTHERWISE = ['list.equals-retrieved', 'account-group.immutable'];

export const accountNumberFaults: Fault[] = [
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
    lie: 'The account number is null.',
    breaks: ['account-group.securities_account_number.type'],
    tell: group(number(() => null)),
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
    breaks: ['account-group.securities_account_number.unique', 'event.object-as-retrieved'],
    tell: group(number(() => '123456789')),
  },
  {
    id: 'number-equal-by-type',
    lie: 'Groups of one type share an account number.',
    breaks: ['account-group.securities_account_number.unique', 'event.object-as-retrieved'],
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
    tell: lying(() => {
      let next = 500_000_000;
      return async (_, forward) => {
        const answered = await forward();
        for (const one of groups(answered)) one.securities_account_number = String(next++);
        return answered;
      };
    }),
  },
  {
    id: 'number-masked-in-list',
    lie: 'The list masks account numbers.',
    breaks: [...PATTERN, ...LISTED_OTHERWISE],
    tell: group(
      number((digits) => `*****${digits.slice(5)}`),
      is(LIST),
    ),
  },
  {
    id: 'number-rotated-in-list',
    lie: 'The list shows another, valid account number.',
    breaks: LISTED_OTHERWISE,
    tell: group(
      number((digits) => `9${digits.slice(1)}`),
      is(LIST),
    ),
  },
];
