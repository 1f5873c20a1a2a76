import type { Contract } from '../../harness/contract/index.ts';
import { listDependent } from '../consequences.ts';
import { type Answered, data, type Fault, keep, LIST, meta } from './fault.ts';
import { inSituation } from './generated.ts';
import type { Situation } from './situations.ts';
import { subjectOf } from './subject.ts';

/** Pages with wrong contents or wrong metadata. */

interface Change {
  readonly id: string;
  readonly title: string;
  /** At least one of these is violated. */
  readonly breaksOneOf: readonly string[];
  readonly change: (answered: Answered) => void;
}

const more = (member: string, by: number) => (answered: Answered) => {
  const said = meta(answered);
  if (typeof said[member] === 'number') said[member] = Number(said[member]) + by;
};
/** The numbers in the metadata of a page, and what is violated if one of them is wrong. */
const NUMBERS: ReadonlyArray<readonly [id: string, member: string, breaksOneOf: readonly string[]]> = [
  ['count', 'count', ['list.count-equals-length']],
  ['limit', 'limit', ['list.echo-limit', 'list.query.limit.default']],
  ['offset', 'offset', ['list.echo-offset']],
  ['total', 'total_count', ['list.total-independent-of-page', 'list.page-full']],
];
const ORDER = [
  'list.order-by-created-at',
  'list.descending-mirrors-ascending',
  'list.pages-partition',
  'list.offset-honoured',
];
const DEFAULTS = ['list.query.limit.default', 'list.query.sort.default', 'list.query.order.default'];
const HOLDS = [...ORDER, 'list.page-full', 'list.no-duplicates', 'list.count-equals-length', 'list.limit-honoured'];

export function generatedPageFaults(contract: Contract, situations: readonly Situation[]): Fault[] {
  const about = subjectOf(contract);
  const changes: readonly Change[] = [
    ...[1, -1].flatMap((by) =>
      NUMBERS.map(([id, member, breaksOneOf]) => ({
        id: `${id}${by > 0 ? '-more' : '-less'}`,
        title: `${member} is off by ${by}`,
        breaksOneOf,
        change: more(member, by),
      })),
    ),
    {
      id: 'neighbours-swapped',
      title: 'the first two groups with different creation times are swapped',
      breaksOneOf: ORDER,
      change: (answered) => {
        const page = data(answered);
        const at = page.findIndex((group, index) => index > 0 && group.created_at !== page[index - 1]?.created_at);
        const [before, here] = [page[at - 1], page[at]];
        if (before !== undefined && here !== undefined) page.splice(at - 1, 2, here, before);
      },
    },
    {
      id: 'last-left-out',
      title: 'the last group is missing, and not counted',
      breaksOneOf: HOLDS,
      change: (answered) => keep(answered, (_, index) => index < data(answered).length - 1),
    },
    {
      id: 'first-left-out',
      title: 'the first group is missing, and not counted',
      breaksOneOf: HOLDS,
      change: (answered) => keep(answered, (_, index) => index > 0),
    },
    {
      id: 'first-twice',
      title: 'the first group replaces the second',
      breaksOneOf: HOLDS,
      change: (answered) => {
        const [first, second] = data(answered);
        if (first !== undefined && second !== undefined) data(answered)[1] = { ...first };
      },
    },
    {
      id: 'numbers-swapped',
      title: 'the account numbers of two groups are swapped',
      breaksOneOf: [
        'list.equals-retrieved',
        about.of('immutable'),
        about.of(`${about.number}.unique`),
        'list.pages-partition',
      ],
      change: (answered) => {
        const [one, other] = data(answered);
        if (one === undefined || other === undefined) return;
        const number = one[about.number];
        one[about.number] = other[about.number];
        other[about.number] = number;
      },
    },
  ];
  const consequences = listDependent(contract);
  return changes.flatMap(({ id, title, breaksOneOf, change }) =>
    situations.map(
      (situation): Fault => ({
        id: `when.${situation.id}.page-${id}`,
        statement: `On pages, ${title}, ${situation.title}.`,
        breaks: [],
        // A page without parameters is compared with one that has the defaults as parameters.
        breaksOneOf: situation.id === 'bare' ? [...breaksOneOf, ...DEFAULTS] : breaksOneOf,
        mayBreak: consequences,
        intercept: inSituation(
          situation,
          (answered, asked) =>
            asked.operation === LIST && Object.keys(meta(answered)).length > 0 ? [{ part: {} }] : [],
          (_, { answered }) => change(answered),
        ),
      }),
    ),
  );
}
