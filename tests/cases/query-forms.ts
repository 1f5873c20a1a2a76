import type { Contract, Operation } from '../../harness/contract/index.ts';
import { spellings } from '../../harness/contract/spellings.ts';

/** Ways to ask for a page, for requests that are refused whatever the page. */

/** Queries in which every legal value of each parameter comes at least once; the first query is empty. */
export function queryForms({ schemas }: Contract, { parameters }: Operation): Array<Readonly<Record<string, string>>> {
  const axes = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) => ({ name, values: [undefined, ...spellings(schemas, schema, '')] }));
  const rows = Math.max(1, ...axes.map(({ values }) => values.length));
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(
      axes.flatMap(({ name, values }) => {
        const value = values[row % values.length];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  );
}

/** Some of these forms, other ones for each index. */
export const formFor = <F>(forms: readonly F[], index: number): F | undefined =>
  forms.slice(1)[index % Math.max(1, forms.length - 1)];
