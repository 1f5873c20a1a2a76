import { answersOf, componentsOf } from '../../harness/contract/components.ts';
import type { Node } from '../../harness/contract/document.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { isProvocable } from '../../harness/contract/keywords/index.ts';
import { keywordsOf } from '../../harness/contract/keywords/places.ts';
import { breaking, changeParts, inWords } from './broken-parts.ts';
import { type Answered, type Asked, answer, type Fault } from './fault.ts';

/** For each keyword of each component of answers, the smallest change that violates it wherever the component appears. */
export function derivedAnswerFaults(contract: Contract): Fault[] {
  // Without tokens there would be no other answers: derived-tokens.ts violates each keyword of a token once.
  const operations = contract.operations.filter(({ issuesTokens }) => !issuesTokens);
  return componentsOf(contract.doc, operations.flatMap(answersOf)).flatMap(({ name, schema }) =>
    keywordsOf(contract.doc, schema, name)
      .filter(isProvocable)
      .map((keyword) => {
        const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
        const broken = breaking(contract, schema, keyword);
        // A value of another type has none of the forms that a union allows.
        const directly = keyword.path === '' && keyword.name === 'type';
        return {
          id: `answer.${requirement}`,
          statement: `Every ${name} violates ${inWords(keyword)}.`,
          breaks: [requirement, ...(requirement === 'problem.instance.format' ? ['problem.instance-unique'] : [])],
          intercept: answer(
            (asked, answered) => bodySchema(contract, asked, answered) !== undefined,
            (answered, asked) => {
              const whole = bodySchema(contract, asked, answered);
              if (whole !== undefined)
                answered.body = changeParts(contract, whole, answered.body, schema, (part) => broken(part), directly);
            },
          ),
        };
      }),
  );
}

/** The schema of the body of an answer; undocumented refusals have that of a problem. */
function bodySchema({ operations, problem }: Contract, { operation }: Asked, { status }: Answered): Node | undefined {
  const documented = operations.find(({ name }) => name === operation)?.responses.get(String(status));
  return documented?.body?.schema ?? (status >= 400 ? problem : undefined);
}
