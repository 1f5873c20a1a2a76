import { answersOf, componentsOf } from '../../harness/contract/components.ts';
import { idOfKeyword } from '../../harness/contract/ids.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { isProvocable } from '../../harness/contract/keywords/index.ts';
import { keywordsOf } from '../../harness/contract/keywords/places.ts';
import { breakable } from '../../harness/contract/operation-requirements.ts';
import { breaking, inWords, violatesOnly } from './broken-parts.ts';
import { type Answered, type Asked, answer, type Fault, intercepting } from './fault.ts';
import { formOf, grant, isGranted, READING } from './tokens.ts';

/** For each rule of the token form, a token endpoint that does not check it. */
export function derivedTokenFaults(contract: Contract): Fault[] {
  const endpoint = contract.operations.find(({ issuesTokens }) => issuesTokens);
  const body = endpoint?.requestBody;
  if (endpoint === undefined || body === undefined) return [];
  return breakable(contract.doc, body).map((keyword) => {
    const requirement = idOfKeyword(endpoint.name, 'body', keyword);
    const broken = (asked: Asked) => {
      const fields = Object.fromEntries([...formOf(asked)].filter(([, value]) => value !== ''));
      return violatesOnly(contract, body.schema, fields, keyword.pointer);
    };
    return {
      id: `token-unchecked.${requirement}`,
      statement: `The token endpoint does not check ${inWords(keyword)}.`,
      breaks: [requirement],
      intercept: grant(
        (asked) => asked.headers.get('content-type') === 'application/x-www-form-urlencoded' && broken(asked),
      ),
    };
  });
}

/** A change of this member makes a token unusable, so only the first token is changed: the next one must work. */
const TOKEN_ITSELF = 'access_token';

/** For each keyword of a token response, a violation for all callers, and another one only for callers that read. */
export function derivedGrantFaults(contract: Contract): Fault[] {
  const endpoint = contract.operations.find(({ issuesTokens }) => issuesTokens);
  if (endpoint === undefined) return [];
  const granted = answersOf(endpoint).filter(({ schema }) => schema.pointer !== contract.problem?.pointer);
  return componentsOf(contract.doc, granted).flatMap(({ name, schema }) =>
    keywordsOf(contract.doc, schema, name)
      .filter(isProvocable)
      // A value that is too long would be no valid token, or another scope.
      .filter((keyword) => keyword.name !== 'maxLength')
      .flatMap((keyword) => {
        const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
        const broken = breaking(contract, schema, keyword);
        const spoil = (turn: number) => (answered: Answered) => void (answered.body = broken(answered.body, turn));
        const fault = {
          id: `granted.${requirement}`,
          statement: `A token violates ${inWords(keyword)}.`,
          breaks: [requirement],
        };
        if ([TOKEN_ITSELF, ''].includes(keyword.path) && keyword.name !== 'additionalProperties')
          return [{ ...fault, intercept: firstAnswers(spoil(0)) }];
        return [
          { ...fault, intercept: answer(isGranted, spoil(0)) },
          {
            ...fault,
            id: `${fault.id}-reading`,
            statement: `A token for ${READING} violates ${inWords(keyword)}.`,
            intercept: answer(
              (asked, answered) => isGranted(asked, answered) && formOf(asked).get('scope') === READING,
              spoil(1),
            ),
          },
        ];
      }),
  );
}

/** Changes the first token for each set of scopes. */
function firstAnswers(spoil: (answered: Answered) => void): Fault['intercept'] {
  return intercepting(() => {
    const seen = new Set<string | null>();
    return async (asked, forward) => {
      const answered = await forward();
      const scope = formOf(asked).get('scope');
      if (isGranted(asked, answered) && !seen.has(scope)) {
        seen.add(scope);
        spoil(answered);
      }
      return answered;
    };
  });
}
