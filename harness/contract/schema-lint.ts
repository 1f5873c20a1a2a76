import { type ContractProblem, type DocumentReader, isObject, join, type Node } from './document.ts';
import { assertedIn, definitionOf, KEYWORDS } from './keywords/index.ts';
import { branchesOf, PARTS, partsOf, UNIONS } from './keywords/parts.ts';
import type { Operation } from './operations.ts';

/** Keywords that contain subschemas, or do not constrain a value. */
const SILENT = [
  ...PARTS,
  ...['minContains', 'maxContains', 'then', 'else', '$ref', '$defs', '$comment', '$id', '$schema', '$anchor'],
  ...['title', 'description', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['discriminator', 'externalDocs', 'xml', 'contentEncoding', 'contentMediaType', 'contentSchema'],
];

/** Keywords with invalid values. */
export function schemaProblems(doc: DocumentReader, operations: readonly Operation[]): ContractProblem[] {
  return schemasOf(doc, operations).flatMap(({ pointer, value }) =>
    KEYWORDS.flatMap(({ name, problem }) => {
      const message = isObject(value) && name in value ? problem?.(value[name]) : undefined;
      return message === undefined ? [] : [{ pointer: join(pointer, name), message }];
    }),
  );
}

/** What schemas say and the suite does not test, with the consequence of each. */
export function schemaLimits(doc: DocumentReader, operations: readonly Operation[]): ContractProblem[] {
  return schemasOf(doc, operations).flatMap(({ pointer, value }) => {
    if (!isObject(value)) return [];
    const asserted = assertedIn(value);
    return Object.keys(value).flatMap((name) => {
      const message = limitOf(
        name,
        value[name],
        asserted.some((one) => one.name === name),
      );
      return message === undefined ? [] : [{ pointer: join(pointer, name), message }];
    });
  });
}

function limitOf(name: string, value: unknown, isAsserted: boolean): string | undefined {
  const definition = definitionOf(name);
  if (definition === undefined)
    return SILENT.includes(name) || name.startsWith('x-') ? undefined : `the keyword ${name} is unknown and not judged`;
  if (name === 'format' && !isAsserted) return `the format ${String(value)} is not judged`;
  return isAsserted && definition.invalid === undefined
    ? `${name} is judged wherever it occurs, but no request or fault is derived to violate it`
    : undefined;
}

/** Every schema that messages are judged by, with its subschemas. */
function schemasOf(doc: DocumentReader, operations: readonly Operation[]): Node[] {
  const found = new Map<string, Node>();
  const visit = (schema: Node | undefined): void => {
    if (schema === undefined || found.has(schema.pointer)) return;
    found.set(schema.pointer, schema);
    for (const part of partsOf(doc, schema)) visit(part.schema);
    for (const by of UNIONS) for (const branch of branchesOf(doc, schema, by)) visit(branch);
  };
  for (const [, schema] of doc.children(doc.find('#/components/schemas'))) visit(schema);
  for (const [, prerequisite] of doc.children(doc.find('#/x-prerequisites'))) visit(doc.child(prerequisite, 'answer'));
  for (const { parameters, requestBody, responses } of operations) {
    for (const { schema } of parameters) visit(schema);
    visit(requestBody?.schema);
    for (const { headers, body } of responses.values()) {
      for (const { schema } of headers) visit(schema);
      visit(body?.schema);
    }
  }
  return [...found.values()];
}
