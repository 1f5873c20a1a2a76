import { queryParameter } from '../../harness/checks/page.ts';
import { isObject, isTextList } from '../../harness/contract/document.ts';
import type { Contract } from '../../harness/contract/index.ts';

/** What the contract says about a query of the list, whatever values its parameters have. */

/** Words that some readers of numbers take for one, or for no value at all. */
const SPECIAL = /^(null|nil|none|undefined|nan|inf(inity)?|true|false)$/i;
/** More than most readers of whole numbers hold; the contract says nothing of it. */
const LARGEST = 2 ** 31 - 1;

/** Values by parameter; a list repeats the parameter, of which the contract says nothing. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/**
 * The requirements that an answer to a query has to keep: that it is served, or refused for each parameter that breaks
 * the contract. Where the contract leaves open what a value means, either may happen.
 */
export function promisesFor(contract: Contract, query: Query): string[] {
  const found = Object.entries(query).map(([name, value]) => classOf(contract, name, value));
  if (found.includes('open')) return ['list.unusual-query'];
  const broken = found.filter((one) => one !== 'legal');
  if (broken.length > 0) return broken;
  return [Number(query.limit ?? 1) === 0 ? 'list.limit-zero' : 'list.allowed'];
}

/** The promise that a value breaks, or whether the contract allows it or leaves it open. */
function classOf(contract: Contract, name: string, value: string | readonly string[]): string {
  if (typeof value !== 'string') return 'open';
  const parameter = queryParameter(contract, name);
  const schema = isObject(parameter?.schema.value) ? parameter.schema.value : {};
  const rule = (keyword: string) => `list.query.${name}.${keyword}`;
  if (value === '') return 'open';
  if (isTextList(schema.enum)) return schema.enum.includes(value) ? 'legal' : rule('enum');
  if (!/^-?(0|[1-9]\d*)$/.test(value) || value === '-0')
    return /^[a-z]+$/i.test(value) && !SPECIAL.test(value) ? rule('type') : 'open';
  const number = Number(value);
  if (Math.abs(number) > LARGEST) return 'open';
  if (typeof schema.minimum === 'number' && number < schema.minimum) return rule('minimum');
  if (typeof schema.maximum === 'number' && number > schema.maximum) return rule('maximum');
  return 'legal';
}
