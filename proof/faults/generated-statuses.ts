import type { Contract } from '../../harness/contract/index.ts';
import { dependentOn } from '../consequences.ts';
import { type Answered, becomes, type Fault, groups, refused } from './fault.ts';
import { inSituation } from './generated.ts';
import { always, type Situation, within } from './situations.ts';

/** Answers with a wrong status, in each situation in which a permitted request is served. */
export function generatedStatusFaults(contract: Contract, situations: readonly Situation[]): Fault[] {
  return contract.operations.flatMap((operation) => {
    const good = [...operation.responses.keys()].find((status) => status.startsWith('2'));
    // A wrong status also means that a request was refused, but executed.
    const own = [...contract.requirements.values()]
      .filter(
        ({ id, operation: name, accepts, area }) =>
          name === operation.name && (accepts !== undefined || area === 'responses' || id.includes('.refused-')),
      )
      .map(({ id }) => id);
    const dependent = dependentOn(contract, operation.name);
    return [always, ...situations]
      .map((situation) => within(situation, operation))
      .filter((situation) => situation !== undefined)
      .flatMap((situation) =>
        Object.entries(STATUSES).map(
          ([id, change]): Fault => ({
            id: `when.${situation.id}.status-${id}`,
            statement: `${operation.id} answers ${id} instead of ${good}, ${situation.title}.`,
            breaks: [],
            // The requests in this situation may be made for other promises.
            breaksOneOf: [...own, ...dependent],
            blocks: dependent,
            // The situation may apply to the answer, or to any of the groups in it. Only the first change counts.
            intercept: inSituation(
              situation,
              (answered) =>
                answered.status === Number(good)
                  ? [{ part: {} }, ...groups(answered).map((group) => ({ part: {}, group }))]
                  : [],
              (_, { answered }) => void (answered.status === Number(good) && change(answered)),
            ),
          }),
        ),
      );
  });
}

const STATUSES: Readonly<Record<string, (answered: Answered) => void>> = {
  '206': becomes(206),
  '403': refused(403),
  '500': refused(500),
};
