import type { Contract } from '../../harness/contract/index.ts';
import { type Keyword, keywordsOf } from '../../harness/contract/keywords.ts';
import { violating } from '../../harness/contract/violate.ts';
import { ASKS_THE_LIST, COMPARED } from '../consequences.ts';
import { generatedHeaderFaults } from './generated-headers.ts';
import { generatedPageFaults } from './generated-pages.ts';
import { generatedStatusFaults } from './generated-statuses.ts';
import { generatedValueFaults } from './generated-values.ts';
import { type Answered, type Asked, CLOSE, type Fault, groups, isJson, type Json, lying, meta } from './lie.ts';
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
  const showing = ['list', 'retrieve', 'create'];
  const group = [...about, ...common, ...perOperation([always, ...about, ...common], showing)];
  const page = common.filter(({ operations }) => operations === undefined || operations.includes('list'));
  const refusing = contract.operations.map(({ name }) => name);
  const statuses = [...new Set(contract.operations.flatMap(({ responses }) => [...responses.values()]))]
    .filter(({ status, reach }) => status.startsWith('4') && reach === 'outside')
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
    ...keywordFaults(contract, 'AccountGroup', group, groupsOf),
    ...keywordFaults(contract, 'AccountGroupUser', group, usersOf),
    ...keywordFaults(contract, 'AccountGroupList', page, pagesOf),
    ...keywordFaults(contract, 'ListMeta', page, metasOf),
    ...keywordFaults(contract, 'Problem', problem, problemsOf),
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

/** A status through which no group passes in a run: what is told of it everywhere is told without contradiction. */
const isLasting = ({ resource: { life } }: Contract, { id }: Situation) =>
  id.startsWith('status-') &&
  ![...life.initial, ...life.open, ...life.final].some((word) => id === `status-${word.toLowerCase()}`);

/** Generated faults have ids of their own kind. */
export const isGenerated = ({ id }: { readonly id: string }) => id.startsWith('when.');

type Part = { readonly part: Json; readonly group?: Json };

const groupsOf = (answered: Answered): Part[] => groups(answered).map((group) => ({ part: group, group }));
const usersOf = (answered: Answered): Part[] =>
  groups(answered).flatMap((group) =>
    (Array.isArray(group.users) ? group.users.filter(isJson) : []).map((part) => ({ part, group })),
  );
const metasOf = (answered: Answered): Part[] =>
  Object.keys(meta(answered)).length > 0 ? [{ part: meta(answered) }] : [];
const pagesOf = (answered: Answered): Part[] =>
  metasOf(answered).length > 0 && isJson(answered.body) ? [{ part: answered.body }] : [];
const problemsOf = ({ status, body }: Answered): Part[] => (status >= 400 && isJson(body) ? [{ part: body }] : []);

/** Tells a lie about parts of answers in a situation. */
export function telling(
  situation: Situation,
  partsOf: (answered: Answered, asked: Asked) => Part[],
  spoil: (part: Json, place: Place) => void,
): Fault['tell'] {
  return lying(() => {
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
function keywordFaults(
  contract: Contract,
  component: string,
  situations: readonly Situation[],
  partsOf: (answered: Answered) => Part[],
): Fault[] {
  const schema = contract.doc.find(`#/components/schemas/${component}`);
  if (schema === undefined) return [];
  const keywords = keywordsOf(contract.doc, schema, component).filter(
    ({ path, name }) => (path !== '' || name === 'additionalProperties') && !path.includes('['),
  );
  return keywords.flatMap((keyword, turn) =>
    situations.map((situation, index): Fault => {
      const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
      return {
        id: `when.${situation.id}.${requirement}`,
        lie: `${component} breaks ${keyword.name}${keyword.path === '' ? '' : ` of ${keyword.path}`}, ${situation.title}.`,
        breaks: [requirement],
        // Whoever compares what is told in this situation with what is told in another one sees a difference.
        mayBreak: consequencesOf(component),
        tell: telling(situation, partsOf, (part) => spoilInTurn(part, keyword, turn + index)),
      };
    }),
  );
}

/** What compares one problem with others. */
const PROBLEMS_COMPARED = [
  'problem.title-constant',
  'problem.request-id-equals-header',
  'problem.instance-unique',
  'problem.type-one-status',
];

function consequencesOf(component: string): readonly string[] {
  if (component === 'Problem') return PROBLEMS_COMPARED;
  if (component === 'AccountGroup') return [...COMPARED, ...ASKS_THE_LIST];
  return component.startsWith('AccountGroup') ? [...COMPARED, 'list.beyond-the-end'] : [];
}

function spoilInTurn(part: Json, keyword: Keyword, turn: number): void {
  if (keyword.path === '') {
    part.undocumented_member = 'x';
    return;
  }
  // A member that may be absent is violated where it is there.
  if (keyword.name !== 'required' && !(keyword.path in part) && keyword.component !== 'Problem') return;
  const values = violating(keyword, part[keyword.path]);
  const value = values[turn % values.length];
  if (value === undefined) delete part[keyword.path];
  else part[keyword.path] = value;
}
