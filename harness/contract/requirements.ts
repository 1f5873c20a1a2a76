import { type Keyword, keywordsOf } from './keywords.ts';
import { ContractError, type DocumentReader, isObject, isTextList, type Node } from './nodes.ts';
import { operationRequirements } from './operation-requirements.ts';
import { isLevel, type Level, type Operation, type Reach } from './operations.ts';
import { kebab, right, slug } from './wording.ts';

/** Groups requirements in summaries and reports. */
export const AREAS = [
  'responses',
  'headers',
  'schema',
  'problems',
  'timestamps',
  'scopes',
  'signatures',
  'requests',
  'listing',
  'lifecycle',
  'idempotency',
  'webhooks',
  'tokens',
] as const;
export type Area = (typeof AREAS)[number];

/** One promise of the contract. */
export interface Requirement {
  /** Short, semantic, stable; frozen in `spec/requirements.lock.json`. */
  readonly id: string;
  readonly area: Area;
  readonly level: Level;
  /** The promise in one sentence. */
  readonly statement: string;
  /** Where the promise comes from. */
  readonly source: string;
  /** Where the contract makes it. */
  readonly pointer: string;
  /** Status codes and classes that keep it, where it is about a status. */
  readonly accepts?: readonly string[];
  /** Name of the operation that it belongs to; absent where it belongs to several. */
  readonly operation?: string;
  readonly reach: Reach;
  /** A change that the vendor's versioning policy calls compatible would violate it. */
  readonly additive?: boolean;
}

/** Every requirement of the document: those declared in it, then those derived from its keywords. */
export function readRequirements(
  doc: DocumentReader,
  operations: readonly Operation[],
  webhooks: readonly Operation[],
): Map<string, Requirement> {
  const all = [
    ...declared(doc, operations),
    ...operations.flatMap((operation) => operationRequirements(doc, operation)),
    ...schemaRequirements(doc, operations, webhooks),
  ];
  const byId = new Map<string, Requirement>();
  for (const requirement of all) {
    const twin = byId.get(requirement.id);
    if (twin === undefined) byId.set(requirement.id, requirement);
    else if (twin.pointer !== requirement.pointer)
      throw new ContractError('the document', [
        { pointer: requirement.pointer, message: `requirement ${requirement.id} stands at ${twin.pointer} already` },
      ]);
  }
  return byId;
}

function declared(doc: DocumentReader, operations: readonly Operation[]): Requirement[] {
  const found: Requirement[] = [];
  const visit = (pointer: string, value: unknown): void => {
    if (Array.isArray(value)) value.forEach((item, index) => void visit(`${pointer}/${index}`, item));
    if (!isObject(value)) return;
    for (const [key, child] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (key === 'x-requirements' && Array.isArray(child))
        child.forEach(
          (_, index) =>
            void found.push(readDeclared(doc, { pointer: `${at}/${index}`, value: child[index] }, operations)),
        );
      else visit(at, child);
    }
  };
  visit('#', doc.root);
  return found;
}

function readDeclared(doc: DocumentReader, node: Node, operations: readonly Operation[]): Requirement {
  const area = AREAS.find((name) => name === doc.text(node, 'area'));
  const level = doc.text(node, 'level');
  if (area === undefined || !isLevel(level))
    throw new ContractError('the document', [
      { pointer: node.pointer, message: `area must be one of ${AREAS.join(', ')}; level MUST or SHOULD` },
    ]);
  const owner = operations.find((operation) => node.pointer.startsWith(`${operation.pointer}/`));
  const accepted = isObject(node.value) && isTextList(node.value.accepts) ? node.value.accepts : undefined;
  return {
    id: doc.text(node, 'id'),
    area,
    level,
    statement: doc.text(node, 'statement'),
    source: doc.text(node, 'x-source'),
    pointer: node.pointer,
    reach: isObject(node.value) && node.value['x-reach'] === 'chance' ? 'chance' : 'outside',
    ...(accepted && { accepts: accepted }),
    ...(owner && { operation: owner.name }),
  };
}

/** One requirement for each keyword of each component schema that a target's messages are made of, and of each header. */
function schemaRequirements(
  doc: DocumentReader,
  operations: readonly Operation[],
  webhooks: readonly Operation[],
): Requirement[] {
  const responses = operations.flatMap((operation) => [...operation.responses.values()]);
  const events = webhooks.flatMap((webhook) => (webhook.requestBody ? [webhook.requestBody.schema] : []));
  const components = new Map<string, Reach>();
  for (const response of responses)
    if (response.body !== undefined) collectComponents(doc, response.body.schema, 'outside', components);
  for (const event of events) collectComponents(doc, event, 'chance', components);
  const found: Requirement[] = [];
  for (const [pointer, reach] of components) {
    const schema = doc.find(pointer);
    if (schema !== undefined)
      found.push(
        ...keywordsOf(doc, schema, pointer.split('/').at(-1) ?? '').map((keyword) => fromKeyword(doc, keyword, reach)),
      );
  }
  for (const [name, prerequisite] of doc.children(doc.find('#/x-prerequisites'))) {
    const answer = doc.child(prerequisite, 'answer');
    if (answer !== undefined)
      found.push(...keywordsOf(doc, answer, name).map((keyword) => fromKeyword(doc, keyword, 'chance')));
  }
  for (const header of responses.flatMap((response) => response.headers))
    for (const keyword of keywordsOf(doc, header.schema, header.name).filter((candidate) => candidate.name !== 'type'))
      found.push({
        id: `${header.name}.${keyword.name}`,
        area: 'headers',
        level: 'MUST',
        statement: `${header.name} is a ${String(keyword.value)}.`,
        source: doc.source(header.pointer) ?? 'curation',
        pointer: keyword.pointer,
        reach: 'outside',
      });
  return found;
}

/** The component schemas that a schema is made of; a list item or an optional member is there by chance. */
function collectComponents(doc: DocumentReader, schema: Node, reach: Reach, into: Map<string, Reach>): void {
  if (/^#\/components\/schemas\/[^/]+$/.test(schema.pointer)) {
    const known = into.get(schema.pointer);
    if (known === 'outside' || known === reach) return;
    into.set(schema.pointer, reach);
  }
  const required = isObject(schema.value) && isTextList(schema.value.required) ? schema.value.required : [];
  for (const [property, child] of doc.children(doc.child(schema, 'properties')))
    collectComponents(doc, child, required.includes(property) ? reach : 'chance', into);
  const items = doc.child(schema, 'items');
  if (items !== undefined) collectComponents(doc, items, 'chance', into);
}

const AREA_OF: Readonly<Record<string, Area>> = {
  Problem: 'problems',
  AccountGroupEvent: 'webhooks',
  EventDelivery: 'webhooks',
  webhook: 'webhooks',
  AccessToken: 'tokens',
};

function fromKeyword(doc: DocumentReader, keyword: Keyword, reach: Reach): Requirement {
  return {
    id: slug(kebab(keyword.component), '', keyword),
    area: AREA_OF[keyword.component] ?? 'schema',
    level: keyword.level,
    statement: right(keyword),
    source: doc.source(keyword.pointer) ?? 'curation',
    pointer: keyword.pointer,
    reach: keyword.optional ? 'chance' : reach,
    ...(['enum', 'additionalProperties'].includes(keyword.name) && { additive: true }),
  };
}
