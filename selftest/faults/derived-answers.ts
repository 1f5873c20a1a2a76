import type { Contract } from '../../harness/contract/index.ts';
import { type Keyword, keywordsOf } from '../../harness/contract/keywords.ts';
import { violating } from '../../harness/contract/violate.ts';
import { type Answered, answer, type Fault, groups, isJson, type Json, meta } from './lie.ts';

/** From a valid answer, the smallest change that violates one keyword at one place, wherever the component appears. */
export function derivedAnswerFaults(contract: Contract): Fault[] {
  const parts: Record<string, (answered: Answered) => Json[]> = {
    AccountGroup: groups,
    AccountGroupUser: (answered) =>
      groups(answered).flatMap((group) => (Array.isArray(group.users) ? group.users.filter(isJson) : [])),
    AccountGroupList: (answered) => (isPage(answered) && isJson(answered.body) ? [answered.body] : []),
    ListMeta: (answered) => (isPage(answered) ? [meta(answered)] : []),
    Problem: (answered) => (answered.status >= 400 && isJson(answered.body) ? [answered.body] : []),
  };
  return Object.entries(parts).flatMap(([component, select]) => {
    const schema = contract.doc.find(`#/components/schemas/${component}`);
    if (schema === undefined) return [];
    return keywordsOf(contract.doc, schema, component).map((keyword) => {
      const requirement = contract.byPointer.get(keyword.pointer) ?? keyword.pointer;
      return {
        id: `answer.${requirement}`,
        lie: `Every ${component} breaks ${keyword.name}${keyword.path === '' ? '' : ` of ${keyword.path}`}.`,
        breaks: [requirement, ...(requirement === 'problem.instance.format' ? ['problem.instance-unique'] : [])],
        tell:
          keyword.path === '' && keyword.name === 'type'
            ? wholeReplaced(component)
            : answer(
                () => true,
                (answered) => select(answered).forEach((part) => void spoil(part, keyword)),
              ),
      };
    });
  });
}

const isPage = (answered: Answered) => Object.keys(meta(answered)).length > 0;

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

/** The object itself gives way to a list. */
function wholeReplaced(component: string): Fault['tell'] {
  return answer(
    () => true,
    (answered) => {
      const { body } = answered;
      if (!isJson(body)) return;
      const list: unknown = body.data;
      if (component === 'AccountGroup' && answered.status === 200 && Array.isArray(list))
        body.data = list.map((group) => [group]);
      else if (component === 'AccountGroup' && groups(answered).length > 0) answered.body = [body];
      else if (component === 'AccountGroupUser') for (const group of groups(answered)) group.users = ['nobody'];
      else if (component === 'AccountGroupList' && Array.isArray(list)) answered.body = [body];
      else if (component === 'ListMeta' && Array.isArray(list)) body.meta = [body.meta];
      else if (component === 'Problem' && answered.status >= 400) answered.body = [body];
    },
  );
}
