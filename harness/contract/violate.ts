import type { Keyword } from './keywords.ts';
import { isObject } from './nodes.ts';

/**
 * Values that violate exactly one keyword, made from a valid value by the smallest change.
 * `undefined` stands for "leave it out". Values that other keywords might refuse first are not made.
 */
export function violating(keyword: Keyword, valid: unknown): unknown[] {
  switch (keyword.name) {
    case 'required':
      return [undefined];
    case 'additionalProperties':
      return isObject(valid) ? [{ ...valid, undocumented_member: 'x' }] : [];
    case 'type':
      return WRONG_TYPES[String(keyword.value)] ?? [];
    case 'enum':
      return typeof valid === 'string'
        ? ['UNDOCUMENTED', valid.toLowerCase(), valid.toUpperCase(), ''].filter((word) => !listed(keyword.value, word))
        : [];
    case 'format':
      return WRONG_FORMATS[String(keyword.value)]?.(String(valid)) ?? [];
    case 'pattern':
      return typeof valid === 'string'
        ? [valid.slice(0, -1), `${valid}0`, `${valid.slice(0, -1)}x`, `x${valid.slice(1)}`, ''].filter(
            (text) => !new RegExp(String(keyword.value), 'u').test(text),
          )
        : [];
    case 'minimum':
      return [Number(keyword.value) - 1];
    case 'maximum':
      return [Number(keyword.value) + 1, Number.MAX_SAFE_INTEGER];
    case 'minLength':
      return ['x'.repeat(Number(keyword.value) - 1)];
    case 'maxLength':
      return [String(valid).padEnd(Number(keyword.value) + 1, 'x')];
    case 'minItems':
      return [[]];
    default:
      return [];
  }
}

const listed = (words: unknown, word: string) => Array.isArray(words) && words.includes(word);

const WRONG_TYPES: Readonly<Record<string, unknown[]>> = {
  string: [123456789, null, ['x'], true],
  integer: ['1', 1.5, null],
  boolean: ['true', 1, null],
  array: [{}, null],
  object: [[], 'text', null],
};

const WRONG_FORMATS: Readonly<Record<string, (valid: string) => unknown[]>> = {
  uuid: (valid) => ['not-a-uuid', valid.slice(0, -1), valid.replaceAll('-', '_'), ''],
  'date-time': (valid) => [
    valid.replace(/[Tt]/, ' '),
    valid.slice(0, 10),
    valid.replace(/[Zz]$/, ''),
    valid.replace(/-\d\d-\d\d/, '-02-30'),
  ],
  'uri-reference': () => ['not a uri', '<html>'],
};
