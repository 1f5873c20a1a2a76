import { answersOf, componentsOf } from './components.ts';
import { ContractError, type DocumentReader, isObject, isTextList, type Node } from './document.ts';
import { idOfKeyword, promisedBy, promiseOf } from './ids.ts';
import { definitionOf } from './keywords/index.ts';
import { type Keyword, keywordsOf } from './keywords/places.ts';
import { kebab } from './keywords/values.ts';
import { operationRequirements } from './operation-requirements.ts';
import { isLevel, type Level, type Operation } from './operations.ts';
import type { Member, Resource } from './resource.ts';
import { statementAbout, statementOf } from './wording.ts';

/** Groups of requirements in summaries and reports. */
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
  /** Short, meaningful and stable; locked in `spec/requirements.lock.json`. */
  readonly id: string;
  readonly area: Area;
  readonly level: Level;
  /** The promise in one sentence. */
  readonly statement: string;
  /** The document that the promise is based on. */
  readonly source: string;
  /** Pointer into the contract. */
  readonly pointer: string;
  /** Status codes and classes that keep it, if it is about a status. */
  readonly accepts?: readonly string[];
  /** Name of the operation that it belongs to; absent if it belongs to several. */
  readonly operation?: string;
  /** False if no request reliably provokes it; it is judged whenever it occurs. */
  readonly provocable: boolean;
  /** True if a change that the vendor's versioning policy calls compatible would violate it. */
  readonly additive?: boolean;
}

/** Every requirement of the document: the declared ones, then those derived from its keywords. */
export function readRequirements(
  doc: DocumentReader,
  operations: readonly Operation[],
  resource: Resource,
): Map<string, Requirement> {
  const all = [
    ...withShared(doc, operations, declared(doc, operations)),
    ...operations.flatMap((operation) => operationRequirements(doc, operation)),
    ...schemaRequirements(doc, operations, resource),
    ...memberRequirements(doc, resource),
  ];
  const byId = new Map<string, Requirement>();
  for (const requirement of all) {
    const twin = byId.get(requirement.id);
    if (twin === undefined) byId.set(requirement.id, requirement);
    else if (twin.pointer !== requirement.pointer)
      throw new ContractError('the document', [
        { pointer: requirement.pointer, message: `requirement ${requirement.id} is already at ${twin.pointer}` },
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

/** The declared requirements, and those that `x-promises` copies to another operation of the same kind. */
function withShared(
  doc: DocumentReader,
  operations: readonly Operation[],
  all: readonly Requirement[],
): readonly Requirement[] {
  const shared = operations.flatMap((operation) => {
    const names = doc.find(`${operation.pointer}/x-promises`);
    const first = operations.find(({ kind, isPrimary }) => isPrimary && kind === operation.kind);
    return doc.children(names).map(([, { pointer, value }]): Requirement => {
      const promise = first && all.find(({ id }) => id === promisedBy(first, String(value)));
      if (promise === undefined)
        throw new ContractError('the document', [
          { pointer, message: `the first operation of its kind does not promise ${String(value)}` },
        ]);
      return { ...promise, id: promiseOf(operation, promise.id), operation: operation.name, pointer };
    });
  });
  return [...all, ...shared];
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
    provocable: !(isObject(node.value) && node.value['x-provocable'] === false),
    ...(accepted && { accepts: accepted }),
    ...(owner && { operation: owner.name }),
  };
}

/** One requirement for each keyword of each component schema in messages of the target, and of each header. */
function schemaRequirements(
  doc: DocumentReader,
  operations: readonly Operation[],
  { events }: Resource,
): Requirement[] {
  const responses = operations.flatMap((operation) => [...operation.responses.values()]);
  const roots = operations.flatMap(answersOf);
  const inAnswers = new Set(componentsOf(doc, roots).map(({ schema }) => schema.pointer));
  const envelope = events.envelope && { schema: events.envelope, name: 'event', provocable: false };
  const areaOf = areasOf(operations, (pointer) => !inAnswers.has(pointer));
  const found = componentsOf(doc, [...roots, ...(envelope === undefined ? [] : [envelope])]).flatMap(
    ({ name, schema, provocable }) =>
      keywordsOf(doc, schema, name).map((keyword) => fromKeyword(doc, keyword, provocable, areaOf(schema.pointer))),
  );
  for (const [name, prerequisite] of doc.children(doc.find('#/x-prerequisites'))) {
    const answer = doc.child(prerequisite, 'answer');
    if (answer !== undefined)
      found.push(...keywordsOf(doc, answer, name).map((keyword) => fromKeyword(doc, keyword, false, 'webhooks')));
  }
  for (const header of responses.flatMap((response) => response.headers))
    for (const keyword of keywordsOf(doc, header.schema, header.name).filter((candidate) => candidate.name !== 'type'))
      found.push({
        id: promisedBy(header, keyword.name),
        area: 'headers',
        level: 'MUST',
        statement: statementAbout(keyword, header.name),
        source: doc.source(header.pointer) ?? 'curation',
        pointer: keyword.pointer,
        provocable: true,
      });
  return found;
}

/** The promises of `x-unique`, `x-immutable` and `x-asked-as` about members of the resource. */
function memberRequirements(doc: DocumentReader, resource: Resource): Requirement[] {
  const { create, schema, many, members } = resource;
  if (schema === undefined) return [];
  // The vendor has no such keywords, so their source is the curation log.
  const here = { area: 'lifecycle', level: 'MUST', provocable: true, source: 'curation' } as const;
  const immutable = members.filter((member) => member.immutable).map(({ name }) => `\`${name}\``);
  return [
    ...(create === undefined ? [] : members.flatMap((member) => asAsked(doc, create, member))),
    ...members
      .filter(({ unique }) => unique)
      .map((member) => ({
        ...here,
        id: promiseOf(resource, `resource.${member.name}.unique`),
        statement: `No two ${many} share a \`${member.name}\`.`,
        pointer: `${member.schema.pointer}/x-unique`,
      })),
    ...(immutable.length === 0
      ? []
      : [
          {
            ...here,
            id: promiseOf(resource, 'resource.immutable'),
            statement: `The ${listed(immutable)} of an item never change.`,
            pointer: schema.pointer,
          },
        ]),
  ];
}

/** The promise of `x-asked-as`: a new item shows the requested value. */
function asAsked(doc: DocumentReader, create: Operation, { name, askedAs, schema }: Member): Requirement[] {
  if (askedAs === undefined) return [];
  return [
    {
      id: promiseOf(create, `create.${name}.as-asked`),
      area: 'lifecycle',
      level: 'MUST',
      provocable: true,
      statement: `What is created shows in \`${name}\` what was asked for as \`${askedAs}\`.`,
      source: doc.source(schema.pointer) ?? 'curation',
      pointer: `${schema.pointer}/x-asked-as`,
      operation: create.name,
    },
  ];
}

const listed = (words: readonly string[]) =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** The area of a component: error bodies, token responses, what only events contain, or other answers. */
function areasOf(
  operations: readonly Operation[],
  isInEventsOnly: (pointer: string) => boolean,
): (pointer: string) => Area {
  const pointers = (picked: (operation: Operation, status: string) => boolean) =>
    operations.flatMap((operation) =>
      [...operation.responses.values()].flatMap(({ status, body }) =>
        body !== undefined && picked(operation, status) ? [body.schema.pointer] : [],
      ),
    );
  const refusals = new Set(pointers((_, status) => status >= '400'));
  const granted = new Set(pointers(({ issuesTokens }, status) => issuesTokens && status < '400'));
  return (pointer) => {
    if (refusals.has(pointer)) return 'problems';
    if (granted.has(pointer)) return 'tokens';
    return isInEventsOnly(pointer) ? 'webhooks' : 'schema';
  };
}

function fromKeyword(doc: DocumentReader, keyword: Keyword, provocable: boolean, area: Area): Requirement {
  return {
    id: idOfKeyword(kebab(keyword.component), '', keyword),
    area,
    level: keyword.level,
    statement: statementOf(keyword),
    source: doc.source(keyword.pointer) ?? 'curation',
    pointer: keyword.pointer,
    provocable: !keyword.optional && provocable,
    ...(definitionOf(keyword.name)?.additive && { additive: true }),
  };
}
