import { type DocumentReader, isObject, isTextList, type JsonObject } from './document.ts';
import { formsOf } from './forms.ts';
import type { Operation } from './operations.ts';

/** A member of a request, or a parameter, that takes the id of something that has to exist before. */
export interface Given {
  readonly member: string;
  /** Its entry under `x-prerequisites`. */
  readonly prerequisite: string;
}

/** What a request for a new item is made of, as the schema of its body and `x-prerequisite` say. */
export interface Creation {
  /** The first one is whom the item belongs to. */
  readonly given: readonly Given[];
  /** The required member that chooses between kinds of items. */
  readonly choice: { readonly member: string; readonly words: readonly string[] } | undefined;
  /** What the other members are usually set to: those that are required, and those with examples. */
  readonly rest: JsonObject;
}

/** Reads what a creation is made of; nothing if there is no such operation, or if its body is not described. */
export function readCreation(doc: DocumentReader, create: Operation | undefined): Creation {
  const [schema] = formsOf(doc, create?.requestBody?.schema);
  const members = doc.children(schema && doc.child(schema, 'properties'));
  const required = schema !== undefined && isObject(schema.value) ? schema.value.required : [];
  const given: Given[] = [];
  const rest: Record<string, unknown> = {};
  let choice: Creation['choice'];
  for (const [member, { value }] of members) {
    const schema = isObject(value) ? value : {};
    const isRequired = Array.isArray(required) && required.includes(member);
    if (typeof schema['x-prerequisite'] === 'string') given.push({ member, prerequisite: schema['x-prerequisite'] });
    else if (isRequired && choice === undefined && isTextList(schema.enum))
      choice = { member, words: completeOf(schema) };
    else if (isRequired || Array.isArray(schema.examples)) rest[member] = exampleOf(schema);
  }
  return { given, choice, rest };
}

/** The values that make an item by themselves: all that are listed, but for those that `x-incomplete` names. */
function completeOf(schema: JsonObject): readonly string[] {
  const incomplete = isTextList(schema['x-incomplete']) ? schema['x-incomplete'] : [];
  return (isTextList(schema.enum) ? schema.enum : []).filter((word) => !incomplete.includes(word));
}

/** The path parameters of an operation that take the id of something other than an item. */
export function givenInPath(doc: DocumentReader, { parameters }: Operation): Given[] {
  return parameters
    .filter((parameter) => parameter.in === 'path')
    .flatMap(({ name, pointer }) => {
      const value = doc.find(pointer)?.value;
      const prerequisite = isObject(value) ? value['x-prerequisite'] : undefined;
      return typeof prerequisite === 'string' ? [{ member: name, prerequisite }] : [];
    });
}

/** A value that a schema names: its default, an example, its only value or the first one. */
function exampleOf(schema: JsonObject): unknown {
  const [example] = Array.isArray(schema.examples) ? schema.examples : [];
  const [word] = Array.isArray(schema.enum) ? schema.enum : [];
  return schema.default ?? schema.const ?? schema.example ?? example ?? word;
}
