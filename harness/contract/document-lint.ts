import { type ContractProblem, type DocumentReader, isTextList, join } from './document.ts';
import { CREATION } from './events.ts';
import { isKindWord, KIND_WORDS } from './kinds.ts';
import { hasVendorSecurity, type Operation, readCallerRefusals, readScopes, SCHEME } from './operations.ts';
import type { Resource } from './resource.ts';
import { schemaProblems } from './schema-lint.ts';

/**
 * The requirements of this project on a contract document beyond OpenAPI. Returns every problem with its pointer.
 */
export function houseRules(
  doc: DocumentReader,
  operations: readonly Operation[],
  resource: Resource,
): ContractProblem[] {
  return [
    ...(hasVendorSecurity(doc) ? vendorRules(doc, operations) : []),
    ...uniqueNames(operations),
    ...schemaProblems(doc, operations),
    ...kindRules(doc, operations),
    ...statusRules(doc, resource),
    ...announcementRules(doc, resource),
  ];
}

/**
 * Each event type announces one step, unless `x-without-step` lists it, and each step is the creation of an item or one
 * of its statuses.
 */
function announcementRules(doc: DocumentReader, { events, life }: Resource): ContractProblem[] {
  const { type, types } = events;
  if (type === undefined) return [];
  const announced = doc.children(doc.child(type, 'x-announces'));
  const steps = [CREATION, ...life.statuses];
  const silent = doc.child(type, 'x-without-step') === undefined ? [] : doc.texts(type, 'x-without-step');
  const unannounced = types.filter(
    (word) => !silent.includes(word) && !announced.some(([, { value }]) => value === word),
  );
  return [
    ...unannounced.map((word) => ({
      pointer: join(type.pointer, 'x-announces'),
      message: `${word} announces no step`,
    })),
    ...announced.flatMap(([step, { pointer, value }]) => [
      ...(steps.includes(step) ? [] : [{ pointer, message: `${step} is not a status` }]),
      ...(types.includes(String(value)) ? [] : [{ pointer, message: `${value} is not an event type` }]),
    ]),
  ];
}

function kindRules(doc: DocumentReader, operations: readonly Operation[]): ContractProblem[] {
  return operations.flatMap(({ pointer }) => {
    const declared = doc.find(join(pointer, 'x-kind'));
    return declared === undefined || isKindWord(declared.value)
      ? []
      : [{ pointer: declared.pointer, message: `must be one of ${KIND_WORDS.join(', ')}` }];
  });
}

/** Rules for the vendor's documents. For others, their violation is one of the limits. */
const vendorRules = (doc: DocumentReader, operations: readonly Operation[]) => [
  ...operations.flatMap((operation) => operationRules(operation, readScopes(doc))),
  ...refusalRules(doc),
];

function operationRules(operation: Operation, scopes: readonly string[]): ContractProblem[] {
  const problems: ContractProblem[] = [];
  const refuse = (pointer: string, message: string) => void problems.push({ pointer, message });
  const isOpen = operation.security.length === 0 && !operation.issuesTokens;
  if (isOpen || operation.security.some((alternative) => alternative.length === 0))
    refuse(join(operation.pointer, 'security'), `${operation.id} has no security`);
  for (const scope of operation.security.flat().filter((name) => !scopes.includes(name)))
    refuse(join(operation.pointer, 'security'), `the scope ${scope} is not declared`);
  for (const response of operation.responses.values()) {
    if (!/^[1-5]\d\d$/.test(response.status))
      refuse(join(operation.pointer, 'responses', response.status), 'must be a single status code');
    if (!response.headers.some((header) => header.name === 'upvest-request-id' && header.required))
      refuse(
        join(operation.pointer, 'responses', response.status),
        'the response lacks a required upvest-request-id header',
      );
    const isError = response.status >= '400';
    if (isError && response.body?.mediaType !== 'application/problem+json')
      refuse(
        join(operation.pointer, 'responses', response.status),
        'an error response must be application/problem+json',
      );
    if (isError && response.body !== undefined && !response.body.schema.pointer.endsWith('/Problem'))
      refuse(join(operation.pointer, 'responses', response.status), 'an error response must use the Problem schema');
  }
  if (![...operation.responses.keys()].some((status) => status.startsWith('2')))
    refuse(join(operation.pointer, 'responses'), `${operation.id} has no success response`);
  return problems;
}

function uniqueNames(operations: readonly Operation[]): ContractProblem[] {
  return operations
    .filter((operation, index) => operations.findIndex((other) => other.name === operation.name) !== index)
    .map((operation) => ({
      pointer: join(operation.pointer, 'operationId'),
      message: `another operation is named ${operation.name} too; rename one with x-name`,
    }));
}

/** If operations require scopes, the document has to say how callers are refused. */
function refusalRules(doc: DocumentReader): ContractProblem[] {
  return Object.entries(readCallerRefusals(doc))
    .filter(([, accepted]) => accepted.length === 0)
    .map(([kind]) => ({
      pointer: `${SCHEME}/x-caller-refusals/${kind}`,
      message: 'is missing',
    }));
}

/**
 * The words of `x-transitions`, `x-initial`, `x-open` and `x-final` must be statuses, and every status must have its
 * moves.
 */
function statusRules(doc: DocumentReader, resource: Resource): ContractProblem[] {
  const status = resource.status?.schema;
  if (status === undefined) return [];
  const { statuses, initial, open, final } = resource.life;
  const transitions = doc.child(status, 'x-transitions');
  if (transitions === undefined) return [{ pointer: join(status.pointer, 'x-transitions'), message: 'is missing' }];
  const moves = doc.children(transitions);
  const from = moves.map(([word]) => word);
  const missing = statuses
    .filter((word) => !from.includes(word))
    .map((word) => ({ pointer: join(status.pointer, 'x-transitions', word), message: 'is missing' }));
  const to = moves.flatMap(([, { value }]) => (isTextList(value) ? value : []));
  return [
    ...missing,
    ...[...to, ...from, ...initial, ...open, ...final]
      .filter((word) => !statuses.includes(word))
      .map((word) => ({ pointer: status.pointer, message: `${word} is not a status` })),
  ];
}
