import type { Contract } from '../../harness/contract/index.ts';
import { keywordsOf } from '../../harness/contract/keywords/places.ts';
import { ASKS_THE_LIST, comparedIn } from '../consequences.ts';
import { become, breaking, inWords } from './broken-parts.ts';
import {
  type Answered,
  type Asked,
  CLOSE,
  CREATE,
  type Fault,
  groups,
  intercepting,
  type Json,
  LIST,
  RETRIEVE,
} from './fault.ts';
import { generatedHeaderFaults } from './generated-headers.ts';
import { generatedPageFaults } from './generated-pages.ts';
import { generatedStatusFaults } from './generated-statuses.ts';
import { generatedValueFaults } from './generated-values.ts';
import { type Part, partsOf } from './parts.ts';
import { always, commonSituations, groupSituations, type Place, type Situation, within } from './situations.ts';

/**
 * Faults made of what can be wrong with an answer and when it is wrong. What breaks follows from the contract: the
 * requirement of the keyword that is violated. Left out are combinations that no client can meet: members and
 * statuses that an operation never answers with, and callers whom it turns away.
 */
export function generatedFaults(contract: Contract): Fault[] {
  const perOperation = (situations: readonly Situation[], names: readonly string[]) =>
    contract.operations
      .filter(({ name }) => names.includes(name))
      .flatMap((operation) => situations.map((one) => within(one, operation)).filter((one) => one !== undefined));
  const common = commonSituations(contract);
  const about = groupSituations(contract);
  const showing: readonly string[] = [LIST, RETRIEVE, CREATE];
  const group = [...about, ...common, ...perOperation([always, ...about, ...common], showing)];
  const page = common.filter(({ operations }) => operations === undefined || operations.includes(LIST));
  const refusing = contract.operations.map(({ name }) => name);
  const statuses = [...new Set(contract.operations.flatMap(({ responses }) => [...responses.values()]))]
    .filter(({ status, provocable }) => status.startsWith('4') && provocable)
    .map(({ status }) => status);
  const refusals = [...new Set(statuses)].map(
    (status): Situation => ({
      id: `status-${status}`,
      title: `with ${status}`,
      when: () => (place) => place.answered.status === Number(status),
    }),
  );
  const rare = common.filter(({ id }) => id === 'rare');
  const problem = [...refusals, ...rare, ...perOperation([always], refusing)];
  return [
    ...partsOf(contract).flatMap((part) =>
      keywordFaults(contract, part, part.role === 'problem' ? problem : isOfPage(part) ? page : group),
    ),
    ...generatedValueFaults(
      contract,
      [...about.filter((one) => !isLasting(contract, one)), ...common],
      perOperation([always, ...about, ...common], showing),
    ),
    ...generatedHeaderFaults(contract, common),
    ...generatedStatusFaults(contract, [...about, ...common]),
    ...generatedPageFaults(contract, [always, ...page]),
  ];
}

/**
 * A status through which no item passes in a run, or a kind where no events tell of it as well: what is said of it
 * everywhere is said without contradiction.
 */
const isLasting = ({ resource: { life, events } }: Contract, { id }: Situation) =>
  (events.event === undefined && id.startsWith('type-')) ||
  (id.startsWith('status-') &&
    ![...life.initial, ...life.open, ...life.final].some((word) => id === `status-${word.toLowerCase()}`));

/** Generated faults have ids of their own kind. */
export const isGenerated = ({ id }: { readonly id: string }) => id.startsWith('when.');

const isOfPage = ({ role }: Part) => role === 'page' || role === 'meta';

/** Something in an answer, and the item that it belongs to. */
type Found = { readonly part: Json; readonly group?: Json };

/** What a component is in an answer, item by item. */
function foundIn({ role, select }: Part, answered: Answered): Found[] {
  if (role === 'item') return groups(answered).map((group) => ({ part: group, group }));
  if (role !== 'inner') return select(answered).map((part) => ({ part }));
  return groups(answered).flatMap((group) =>
    select({ status: answered.status, headers: answered.headers, body: group, shows: 'item' }).map((part) => ({
      part,
      group,
    })),
  );
}

/** Tells a lie about parts of answers in a situation. */
export function telling(
  situation: Situation,
  partsOf: (answered: Answered, asked: Asked) => Found[],
  spoil: (part: Json, place: Place) => void,
): Fault['intercept'] {
  return intercepting(() => {
    const when = situation.when();
    let afterClosing = false;
    return async (asked, forward) => {
      const answered = await forward();
      const parts = partsOf(answered, asked).map(({ part, group }) => ({
        part,
        place: { asked, answered, group, afterClosing },
      }));
      // What is to be changed is chosen first: a change must not move the situation.
      for (const { part, place } of parts.filter((one) => when(one.place))) spoil(part, place);
      if (asked.operation === CLOSE && answered.status === 202) afterClosing = true;
      return answered;
    };
  });
}

/** Each keyword of a component, violated in each situation; the ways to violate it take turns. */
function keywordFaults(contract: Contract, part: Part, situations: readonly Situation[]): Fault[] {
  const { component, schema } = part;
  const keywords = keywordsOf(contract.doc, schema, component).filter(
    ({ path, name }) => (path !== '' || name === 'additionalProperties') && !path.includes('['),
  );
  return keywords.flatMap((keyword, turn) => {
    const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
    const broken = breaking(contract, schema, keyword);
    // A member that may be absent is violated where it is there.
    const isThere = (found: Json) =>
      keyword.name === 'required' || keyword.path === '' || keyword.path in found || part.role === 'problem';
    return situations.map((situation, index): Fault => {
      return {
        id: `when.${situation.id}.${requirement}`,
        statement: `${component} breaks ${inWords(keyword)}, ${situation.title}.`,
        breaks: [requirement],
        // Whoever compares what is told in this situation with what is told in another one sees a difference.
        mayBreak: consequencesOf(contract, part),
        intercept: telling(
          situation,
          (answered) => foundIn(part, answered),
          (found) => {
            if (isThere(found)) become(found, broken(found, turn + index));
          },
        ),
      };
    });
  });
}

/** What compares one problem with others. */
const PROBLEMS_COMPARED = [
  'problem.title-constant',
  'problem.request-id-equals-header',
  'problem.instance-unique',
  'problem.type-one-status',
];

/** What is promised of lists beside the first one: they show groups, too. */
const ofOtherLists = ({ requirements, resource: { lists } }: Contract): string[] => {
  const others = lists.slice(1).map(({ name }) => name);
  return [...requirements.values()]
    .filter(({ area, operation }) => area === 'listing' && others.includes(operation ?? ''))
    .map(({ id }) => id);
};

function consequencesOf(contract: Contract, { role }: Part): readonly string[] {
  if (role === 'problem') return PROBLEMS_COMPARED;
  if (role === 'item') return [...comparedIn(contract), ...ASKS_THE_LIST, ...ofOtherLists(contract)];
  return role === 'inner' || role === 'page' ? [...comparedIn(contract), 'list.beyond-the-end'] : [];
}
