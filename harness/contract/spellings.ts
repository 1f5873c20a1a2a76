import { isObject, isTextList, type Node } from './nodes.ts';

/**
 * Texts that a schema allows, the usual one first: the values that it lists, both booleans, the bounds of a number and what lies next to the lower one, and for a UUID, or
 * a pattern that takes UUIDs, the ways to write the same one (RFC 9562 §4).
 *
 * @param usual a valid value, where the schema alone does not name one
 */
export function spellings(schema: Node, usual: string): string[] {
  const value = isObject(schema.value) ? schema.value : {};
  if (isTextList(value.enum)) return value.enum.slice();
  if (value.type === 'boolean') return ['true', 'false'];
  if (value.type === 'integer')
    return [value.minimum, Number(value.minimum) + 1, Number(value.minimum) + 2, value.maximum]
      .filter((bound) => Number.isInteger(bound))
      .map(String);
  if (value.format === 'uuid') return [usual, usual.toUpperCase(), inMixedCase(usual)];
  if (typeof value.pattern === 'string') {
    const pattern = new RegExp(value.pattern, 'u');
    const bare = usual.replaceAll('-', '');
    return [usual, usual.toUpperCase(), bare, bare.toUpperCase()].filter((text) => pattern.test(text));
  }
  return [usual];
}

function inMixedCase(text: string): string {
  return [...text].map((letter, index) => (index % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase())).join('');
}

/**
 * Accept headers that admit a media type, the usual one first, then none (RFC 9110 §12.5.1). `undefined`: no header.
 */
export function admitting(mediaType: string): ReadonlyArray<string | undefined> {
  const [type = '*'] = mediaType.split('/');
  return [
    mediaType,
    undefined,
    '*/*',
    `${type}/*`,
    `${mediaType};q=0.5, */*;q=0.1`,
    `application/problem+json, ${mediaType}`,
    `text/html;q=0.9, ${mediaType.toUpperCase()}`,
  ];
}
