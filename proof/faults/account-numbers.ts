import { type Asked, type Fault, group, groups, intercepting, is, type Json, LIST } from './fault.ts';
import { offsetOf } from './listing.ts';
import { another, type Subject } from './subject.ts';

/** Account numbers that are malformed, change, or are not unique. */

const changed = (about: Subject, change: (value: string) => unknown) => (one: Json) =>
  void (one[about.number] = change(String(one[about.number])));
const secondPage = (asked: Asked) => is(LIST)(asked) && offsetOf(asked) > 0;
const patternOf = (about: Subject) => [about.of(`${about.number}.pattern`)];
/** A number of digits that is too small for an account number: 8, or 6 if the contract has numbers of 8 digits. */
const tooFew = ({ number, resource, contract }: Subject): number => {
  const schema = resource.member(number)?.schema;
  return schema !== undefined && contract.schemas.accepts(schema, '1'.repeat(8)) ? 6 : 8;
};
/** What is violated if only the list shows a group differently. */
const listedOtherwise = (about: Subject) => ['list.equals-retrieved', about.of('immutable')];

export const accountNumberFaults = (about: Subject): Fault[] => [
  {
    id: 'number-letter',
    statement: 'Account numbers contain a letter.',
    breaks: patternOf(about),
    intercept: group(changed(about, (digits) => `A${digits.slice(1)}`)),
  },
  {
    id: 'number-arabic',
    statement: 'Account numbers are written in Arabic-Indic digits.',
    breaks: patternOf(about),
    intercept: group(
      changed(about, (digits) => digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))),
    ),
  },
  {
    id: 'number-full-width',
    statement: 'Account numbers are written in full-width digits.',
    breaks: patternOf(about),
    intercept: group(
      changed(about, (digits) => digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))),
    ),
  },
  {
    id: 'number-newline',
    statement: 'Account numbers end in a line break.',
    breaks: patternOf(about),
    intercept: group(changed(about, (digits) => `${digits}\n`)),
  },
  {
    id: 'number-space',
    statement: 'Account numbers begin with a space.',
    breaks: patternOf(about),
    intercept: group(changed(about, (digits) => ` ${digits}`)),
  },
  {
    id: 'number-8-digits-second-page',
    statement: `Account numbers have ${tooFew(about)} digits on every page except the first.`,
    breaks: [...patternOf(about), about.of('immutable')],
    intercept: group(
      changed(about, (digits) => digits.slice(0, tooFew(about))),
      secondPage,
    ),
  },
  {
    id: 'number-equal',
    statement: 'All groups share one account number.',
    breaks: [about.of(`${about.number}.unique`), 'event.object-as-retrieved'],
    intercept: group(changed(about, () => '123456789')),
  },
  {
    id: 'number-equal-by-type',
    statement: 'Groups of one type share an account number.',
    breaks: [about.of(`${about.number}.unique`), 'event.object-as-retrieved'],
    intercept: group((one) => void (one[about.number] = one[about.kind] === about.usual ? '111111111' : '222222222')),
  },
  {
    id: 'number-changes',
    statement: 'A group has another account number in each answer.',
    breaks: [
      about.of('immutable'),
      'create.equals-retrieved',
      'retrieve.repeatable',
      'close.identity-kept',
      'close.bystanders-untouched',
      'close.refused-closes-nothing',
      'refusal.changes-nothing',
      'list.equals-retrieved',
    ],
    intercept: intercepting(() => {
      let next = 500_000_000;
      return async (_, forward) => {
        const answered = await forward();
        for (const one of groups(answered)) one[about.number] = String(next++);
        return answered;
      };
    }),
  },
  {
    id: 'number-masked-in-list',
    statement: 'The list masks account numbers.',
    breaks: [...patternOf(about), ...listedOtherwise(about)],
    intercept: group(
      changed(about, (digits) => `*****${digits.slice(5)}`),
      is(LIST),
    ),
  },
  {
    id: 'number-rotated-in-list',
    statement: 'The list shows another, valid account number.',
    breaks: listedOtherwise(about),
    intercept: group((one) => void (one[about.number] = another(one[about.number])), is(LIST)),
  },
];
