import { isObject, type Node } from './document.ts';
import { definitionOf, KEYWORDS } from './keywords/index.ts';
import type { Keyword } from './keywords/places.ts';
import { fromText } from './keywords/type.ts';
import type { Schemas } from './schemas.ts';

/**
 * Texts that a schema allows, the usual one first: its enum values, both booleans, the limits of a number and the values
 * next to the lower one, or the spellings of the usual text.
 *
 * @param usual a valid value, if the schema alone does not provide one
 */
export function spellings(schemas: Schemas, schema: Node, usual: string): string[] {
  const value = isObject(schema.value) ? schema.value : {};
  const found = KEYWORDS.flatMap(({ name, valid }) =>
    name in value ? (valid?.(value[name], usual === '' ? undefined : usual) ?? []) : [],
  )
    .map(String)
    .filter((text) => schemas.accepts(schema, fromText(value, text)));
  return found.length > 0 ? found : [usual];
}

/**
 * Texts of a parameter that violate this keyword and no other. Never empty, because an empty parameter may count as
 * omitted.
 */
export function invalidTexts(schemas: Schemas, schema: Node, keyword: Keyword, valid: unknown): string[] {
  const value = isObject(schema.value) ? schema.value : {};
  const definition = definitionOf(keyword.name);
  const invalid = definition?.invalidTexts ?? definition?.invalid?.(keyword.value, valid) ?? [];
  return invalid.map(String).filter((text) => {
    const { violations } = schemas.judge(schema, fromText(value, text));
    return text !== '' && violations.length > 0 && violations.every(({ pointer }) => pointer === keyword.pointer);
  });
}

/**
 * Accept headers that allow a media type, the usual one first (RFC 9110 §12.5.1). `undefined`: no header.
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
