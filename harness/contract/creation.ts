import { type DocumentReader, isObject, isTextList, type JsonObject } from './document.ts';
import { formsOf } from './forms.ts';
import type { Operation } from './operations.ts';

/** A member of a request, or a parameter, whose value is the id of a prerequisite. */
export interface Given {
  readonly member: string;
  /** Its entry under `x-prerequisites`. */
  readonly prerequisite: string;
}

/** How to build a request for a new item, from the schema of its body and `x-prerequisite`. */
export interface Creation {
  /** The first one is the owner of the item. */
  readonly given: readonly Given[];
  /** The required member that selects the type of item, and its values. */
  readonly choice: { readonly member: string; readonly words: readonly string[] } | undefined;
  /** Default values of the other members that are required or have examples. */
  readonly rest: JsonObject;
}

/** Reads how to build a creation; empty without such an operation, or without a schema of its body. */
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

/** The values that suffice to create an item: all of the enum, except those that `x-incomplete` lists. */
function completeOf(schema: JsonObject): readonly string[] {
  const incomplete = isTextList(schema['x-incomplete']) ? schema['x-incomplete'] : [];
  return (isTextList(schema.enum) ? schema.enum : []).filter((word) => !incomplete.includes(word));
}

/** The path parameters of an operation whose value is the id of a prerequisite. */
export function givenInPath(doc: DocumentReader, { parameters }: Operation): Given[] {
  return parameters
    .filter((parameter) => parameter.in === 'path')
    .flatMap(({ name, pointer }) => {
      const value = doc.find(pointer)?.value;
      const prerequisite = isObject(value) ? value['x-prerequisite'] : undefined;
      return typeof prerequisite === 'string' ? [{ member: name, prerequisite }] : [];
    });
}

/** A value from a schema: its default, its constant, an example, or its first enum value. */
function exampleOf(schema: JsonObject): unknown {
  const [example] = Array.isArray(schema.examples) ? schema.examples : [];
  const [word] = Array.isArray(schema.enum) ? schema.enum : [];
  return schema.default ?? schema.const ?? schema.example ?? example ?? word;
}
