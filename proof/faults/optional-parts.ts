import { idOfParameter, promisedBy } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { optionalMembers } from '../../harness/contract/operation-requirements.ts';
import { CLOSE, CREATE, type Fault, is, refuse, request } from './fault.ts';
import { isPage, query } from './listing.ts';

/** Optional parts of requests that are refused; later versions of the contract add such parts. */
export function optionalPartFaults({ doc, operations, requirements, resource }: Contract): Fault[] {
  const [usual = '', ...others] = sortsOf(resource.list);
  return [
    ...operations
      .filter((operation) => operation.kind === CLOSE || operation.kind === CREATE)
      .flatMap(({ name, id, parameters, requestBody }) => [
        ...parameters
          .filter((parameter) => parameter.in === 'query')
          .map(
            (parameter): Fault => ({
              id: `refused.${name}.query.${parameter.name}`,
              statement: `${id} refuses every ${parameter.name}.`,
              breaks: [idOfParameter({ name }, parameter, 'served')],
              intercept: refuse((asked) => is(name)(asked) && query(asked, parameter.name) !== null, 400),
            }),
          ),
        ...(requestBody === undefined ? [] : optionalMembers(doc, requestBody.schema)).map(
          (member): Fault => ({
            id: `refused.${name}.body.${member.name}`,
            statement: `${id} refuses every body with ${member.name}.`,
            breaks: [promisedBy({ name }, 'body', member.name, 'served')],
            intercept: refuse((asked) => is(name)(asked) && asked.json[member.name] !== undefined, 400),
          }),
        ),
      ]),
    ...others.map(
      (sort): Fault => ({
        id: `sort-${sort}-ignored`,
        statement: `The list is sorted by ${usual} if ${sort} is requested.`,
        breaks: [`list.order-by-${sort.replaceAll('_', '-')}`],
        mayBreak: ['list.echo-sort'],
        intercept: request(
          (asked) => isPage(asked) && query(asked, 'sort') === sort,
          (asked) => asked.url.searchParams.set('sort', usual),
        ),
      }),
    ),
  ].filter(({ breaks }) => breaks.every((id) => requirements.has(id)));
}

/** The sort criteria of a list. */
function sortsOf(list: Operation | undefined): readonly string[] {
  const schema = list?.parameters.find(({ name }) => name === 'sort')?.schema.value;
  const words = typeof schema === 'object' && schema !== null && 'enum' in schema ? schema.enum : [];
  return Array.isArray(words) ? words.map(String) : [];
}
