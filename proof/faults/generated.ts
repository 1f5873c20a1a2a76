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
import { subjectOf } from './subject.ts';

/**
 * Faults that combine what is wrong with an answer and the situation in which it is wrong. The contract determines which
 * requirement breaks: that of the violated keyword. Combinations that no client can observe are left out: members and
 * statuses that an operation never returns, and callers that it refuses.
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
  // Items that a run cannot create are few.
  const unusual = perOperation([always], [LIST, RETRIEVE]);
  const others = contract.resource.forms.slice(1).map(({ pointer }) => pointer);
  const isUsual = ({ schema }: Part) => !others.includes(schema.pointer);
  const page = common.filter(({ operations }) => operations === undefined || operations.includes(LIST));
  const refusing = contract.operations.map(({ name }) => name);
  const statuses = contract.operations
    .flatMap(({ responses }) => [...responses.values()])
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
      keywordFaults(
        contract,
        part,
        part.role === 'problem' ? problem : isOfPage(part) ? page : isUsual(part) ? group : unusual,
      ),
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
 * A status that no item enters or leaves during a run, or a kind that no item of a run has, or that no event shows: a value
 * that is wrong everywhere contradicts nothing.
 */
function isLasting(contract: Contract, { id }: Situation): boolean {
  const { life, events } = contract.resource;
  const { usual, other } = subjectOf(contract);
  const isAny = (kind: string, words: readonly string[]) =>
    words.some((word) => id === `${kind}-${word.toLowerCase()}`);
  if (id.startsWith('type-')) return events.event === undefined || !isAny('type', [usual, other]);
  return id.startsWith('status-') && !isAny('status', [...life.initial, ...life.open, ...life.final]);
}

/** Generated faults have ids with a prefix of their own. */
export const isGenerated = ({ id }: { readonly id: string }) => id.startsWith('when.');

const isOfPage = ({ role }: Part) => role === 'page' || role === 'meta';

/** A part of an answer, and the item that it belongs to. */
type Found = { readonly part: Json; readonly group?: Json };

/** The occurrences of a component in an answer, by item. */
function foundIn({ role, select }: Part, answered: Answered): Found[] {
  if (role === 'item') return select(answered).map((group) => ({ part: group, group }));
  if (role !== 'inner') return select(answered).map((part) => ({ part }));
  return groups(answered).flatMap((group) =>
    select({ status: answered.status, headers: answered.headers, body: group, shows: 'item' }).map((part) => ({
      part,
      group,
    })),
  );
}

/** Changes parts of answers in a situation. */
export function inSituation(
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
      // Select the parts first: a change must not affect the situation.
      for (const { part, place } of parts.filter((one) => when(one.place))) spoil(part, place);
      if (asked.operation === CLOSE && answered.status === 202) afterClosing = true;
      return answered;
    };
  });
}

/** Each keyword of a component, violated in each situation; the ways to violate it alternate. */
function keywordFaults(contract: Contract, part: Part, situations: readonly Situation[]): Fault[] {
  const { component, schema } = part;
  const keywords = keywordsOf(contract.doc, schema, component).filter(
    ({ path, name }) => (path !== '' || name === 'additionalProperties') && !path.includes('['),
  );
  return keywords.flatMap((keyword, turn) => {
    const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
    const broken = breaking(contract, schema, keyword);
    // An optional member is only violated where it is present.
    const isThere = (found: Json) =>
      keyword.name === 'required' || keyword.path === '' || keyword.path in found || part.role === 'problem';
    return situations.map((situation, index): Fault => {
      return {
        id: `when.${situation.id}.${requirement}`,
        statement: `${component} violates ${inWords(keyword)}, ${situation.title}.`,
        breaks: [requirement],
        // Checks that compare answers in this situation with others see a difference.
        mayBreak: consequencesOf(contract, part),
        intercept: inSituation(
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

/** Promises that compare problems with each other. */
const PROBLEMS_COMPARED = [
  'problem.title-constant',
  'problem.request-id-equals-header',
  'problem.instance-unique',
  'problem.type-one-status',
];

/** Promises about lists other than the first one, which show groups as well. */
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
