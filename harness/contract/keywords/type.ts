import type { KeywordDefinition } from './definition.ts';
import { typeOf } from './values.ts';

/** Typical mistakes of a server or client, by type. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  string: [123456789, null, ['x'], true],
  integer: ['1', 1.5, null],
  number: ['1', null],
  boolean: ['true', 1, null],
  array: [{}, null],
  object: [[], 'text', null],
  null: ['text', 0],
};

const typesOf = (value: unknown) => (Array.isArray(value) ? value : [value]).map(String);

const isOf = (value: unknown, type: string) => (type === 'integer' ? Number.isInteger(value) : typeOf(value) === type);

export const type: KeywordDefinition = {
  name: 'type',
  statement: (value, { text }) => `${text} is of type ${typesOf(value).join(' or ')}`,
  violation: (value, { text }) => `${text} is not of type ${typesOf(value).join(' or ')}`,
  invalid: (value) => {
    const types = typesOf(value);
    const [main = 'null'] = types.filter((one) => one !== 'null');
    return (WRONG[main] ?? []).filter((one) => !types.some((candidate) => isOf(one, candidate)));
  },
  valid: (value) => (typesOf(value).includes('boolean') ? [true, false] : []),
  invalidTexts: ['abc', '1.5', '1e2x'],
  problem: (value) =>
    typesOf(value).every((one) => one in WRONG) ? undefined : `${JSON.stringify(value)} is not a JSON Schema type`,
};

/** The JSON value of a text in a URL or header, by the type in its schema; the text itself if it does not fit. */
export function fromText(schema: Readonly<Record<string, unknown>>, text: string): unknown {
  const types = typesOf(schema.type);
  if (types.includes('string')) return text;
  if (types.includes('integer') && /^-?\d+$/.test(text)) return Number(text);
  if (types.includes('number') && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}
