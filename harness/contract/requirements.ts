import { type Keyword, keywordsOf } from './keywords.ts';
import { ContractError, type DocumentReader, isObject, isTextList, type Node } from './nodes.ts';
import { isLevel, type Level, type Operation, type Parameter, type Reach, readCallerRefusals } from './operations.ts';
import { callersOf } from './security.ts';
import { kebab, right, slug, wrong } from './wording.ts';

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
    ...operations.flatMap((operation) => derived(doc, operation)),
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

/** What an operation promises by its responses, its security and its parameters. */
function derived(doc: DocumentReader, operation: Operation): Requirement[] {
  const source = (pointer: string) => doc.source(pointer) ?? 'curation';
  const base = { operation: operation.name, level: 'MUST', reach: 'outside' } as const;
  const found: Requirement[] = [
    {
      ...base,
      id: `${operation.name}.status-documented`,
      area: 'responses',
      statement: `${operation.id} answers with a documented status, in every situation that the contract speaks of.`,
      source: source(operation.pointer),
      pointer: `${operation.pointer}/responses`,
    },
  ];
  for (const response of operation.responses.values()) {
    const prefix = `${operation.name}.${response.status}`;
    const here = { ...base, reach: response.reach, source: source(response.pointer) };
    if (response.body === undefined)
      found.push({
        ...here,
        id: `${prefix}.empty-body`,
        area: 'responses',
        statement: `${operation.id} answers ${response.status} with an empty body.`,
        pointer: response.pointer,
      });
    else
      found.push({
        ...here,
        id: `${prefix}.media-type`,
        area: 'responses',
        statement: `${operation.id} answers ${response.status} as ${response.body.mediaType}, in JSON that can be read.`,
        pointer: response.body.pointer,
      });
    for (const header of response.headers.filter((candidate) => candidate.required))
      found.push({
        ...here,
        id: `${prefix}.${header.name}`,
        area: 'headers',
        statement: `${operation.id} sends ${header.name} with ${response.status}.`,
        pointer: `${response.pointer}/headers/${header.name}`,
      });
  }
  const refusals = readCallerRefusals(doc);
  for (const caller of callersOf(doc, operation))
    found.push({
      ...base,
      id: `${operation.name}.caller.${caller.id}`,
      area: 'scopes',
      statement: caller.allowed
        ? `${operation.id} serves a caller ${caller.title}.`
        : `${operation.id} turns away a caller ${caller.title}.`,
      source: source('#/components/securitySchemes/oauth-client-credentials'),
      pointer: `${operation.pointer}/security`,
      accepts: caller.allowed
        ? [...operation.responses.keys()].filter((status) => status.startsWith('2'))
        : refusals[caller.refusal],
    });
  const documented = operation.responses.has('400') ? ['400'] : ['4XX'];
  for (const parameter of operation.parameters) found.push(...refusalsOf(doc, operation, parameter, documented));
  if (operation.requestBody !== undefined)
    for (const keyword of keywordsOf(doc, operation.requestBody.schema, 'body'))
      found.push({
        ...base,
        id: slug(operation.name, 'body', keyword),
        area: 'requests',
        statement: `${operation.id} refuses a body ${wrong(keyword)}.`,
        source: source(keyword.pointer),
        pointer: keyword.pointer,
        accepts: documented,
      });
  return found;
}

function refusalsOf(
  doc: DocumentReader,
  operation: Operation,
  parameter: Parameter,
  documented: readonly string[],
): Requirement[] {
  const prefix = `${operation.name}.${parameter.in}.${parameter.name}`;
  const here = {
    operation: operation.name,
    area: 'requests' as const,
    level: parameter.refusal?.level ?? 'MUST',
    reach: 'outside' as const,
    source: doc.source(parameter.pointer) ?? 'curation',
    accepts: parameter.refusal?.accepts ?? documented,
  };
  const found: Requirement[] = keywordsOf(doc, parameter.schema, parameter.name)
    .filter((keyword) => keyword.name !== 'type' || keyword.value !== 'string')
    .map((keyword) => ({
      ...here,
      id: `${prefix}.${keyword.name}`,
      statement: `${operation.id} refuses ${parameter.name} ${wrong(keyword)}.`,
      pointer: keyword.pointer,
    }));
  if (parameter.required && parameter.in === 'header')
    found.push({
      ...here,
      id: `${prefix}.required`,
      statement: `${operation.id} refuses a request without ${parameter.name}.`,
      pointer: `${parameter.pointer}/required`,
    });
  if (parameter.in === 'query' && isObject(parameter.schema.value) && 'default' in parameter.schema.value) {
    const { accepts: _, ...rest } = here;
    found.push({
      ...rest,
      area: 'listing',
      id: `${prefix}.default`,
      statement: `${operation.id} without ${parameter.name} answers as with ${parameter.name}=${String(parameter.schema.value.default)}.`,
      pointer: `${parameter.schema.pointer}/default`,
    });
  }
  return found;
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
};

function fromKeyword(doc: DocumentReader, keyword: Keyword, reach: Reach): Requirement {
  return {
    id: slug(kebab(keyword.component), '', keyword),
    area: AREA_OF[keyword.component] ?? 'schema',
    level: 'MUST',
    statement: right(keyword),
    source: doc.source(keyword.pointer) ?? 'curation',
    pointer: keyword.pointer,
    reach: keyword.optional ? 'chance' : reach,
    ...(['enum', 'additionalProperties'].includes(keyword.name) && { additive: true }),
  };
}
