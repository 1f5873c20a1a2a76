import type { Contract } from '../../harness/contract/index.ts';
import { type Keyword, keywordsOf } from '../../harness/contract/keywords.ts';
import { violating } from '../../harness/contract/violate.ts';
import { answer, type Fault, type Json } from './lie.ts';
import { partsOf } from './parts.ts';

/** From a valid answer, the smallest change that violates one keyword at one place, wherever the component appears. */
export function derivedAnswerFaults(contract: Contract): Fault[] {
  return partsOf(contract).flatMap(({ component, schema, select, listed }) => {
    return keywordsOf(contract.doc, schema, component).map((keyword) => {
      const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
      return {
        id: `answer.${requirement}`,
        lie: `Every ${component} breaks ${keyword.name}${keyword.path === '' ? '' : ` of ${keyword.path}`}.`,
        breaks: [requirement, ...(requirement === 'problem.instance.format' ? ['problem.instance-unique'] : [])],
        tell:
          keyword.path === '' && keyword.name === 'type'
            ? answer(() => true, listed)
            : answer(
                () => true,
                (answered) => select(answered).forEach((part) => void spoil(part, keyword)),
              ),
      };
    });
  });
}

/** Makes one value break one keyword. */
export function spoil(part: Json, keyword: Keyword): void {
  if (keyword.path === '') {
    part.undocumented_member = 'x';
    return;
  }
  const [value] = violating(keyword, part[keyword.path] ?? '');
  if (value === undefined) delete part[keyword.path];
  else part[keyword.path] = value;
}
