import { FORMATS } from './formats.ts';
import { JUDGED, STRUCTURE } from './keywords.ts';
import { type ContractProblem, type DocumentReader, isObject, join, type Node } from './nodes.ts';
import type { Operation } from './operations.ts';

/**
 * What this project demands of a contract document beyond OpenAPI: nothing that the suite could overlook,
 * and nothing that it could not judge. Returns every breach with its pointer.
 */
export function houseRules(doc: DocumentReader, operations: readonly Operation[]): ContractProblem[] {
  return [
    ...operations.flatMap((operation) => operationRules(operation)),
    ...uniqueNames(operations),
    ...schemaRules(doc),
    ...statusRules(doc),
  ];
}

function operationRules(operation: Operation): ContractProblem[] {
  const problems: ContractProblem[] = [];
  const refuse = (pointer: string, message: string) => void problems.push({ pointer, message });
  if (operation.security.length === 0) refuse(join(operation.pointer, 'security'), `${operation.id} names no security`);
  for (const response of operation.responses.values()) {
    if (!/^[1-5]\d\d$/.test(response.status))
      refuse(join(operation.pointer, 'responses', response.status), 'a response needs a status code of its own');
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
      message: `another operationId starts with ${operation.name}_ too`,
    }));
}

function schemaRules(doc: DocumentReader): ContractProblem[] {
  const problems: ContractProblem[] = [];
  const visit = (node: Node): void => {
    if (!isObject(node.value)) return;
    for (const keyword of Object.keys(node.value))
      if (!JUDGED.includes(keyword) && !STRUCTURE.includes(keyword) && !keyword.startsWith('x-'))
        problems.push({
          pointer: join(node.pointer, keyword),
          message: `the suite cannot judge the keyword ${keyword}`,
        });
    if (typeof node.value.format === 'string' && !FORMATS.includes(node.value.format))
      problems.push({
        pointer: join(node.pointer, 'format'),
        message: `the suite cannot judge the format ${node.value.format}`,
      });
    for (const [, child] of doc.children(doc.child(node, 'properties'))) visit(child);
    const items = doc.child(node, 'items');
    if (items !== undefined) visit(items);
  };
  for (const [, schema] of doc.children(doc.find('#/components/schemas'))) visit(schema);
  return problems;
}

/** The words of `x-transitions`, `x-initial`, `x-open` and `x-final` must be statuses, and every status must have its moves. */
function statusRules(doc: DocumentReader): ContractProblem[] {
  const status = doc.find('#/components/schemas/AccountGroup/properties/status');
  if (status === undefined || !isObject(status.value))
    return [{ pointer: '#/components/schemas/AccountGroup/properties/status', message: 'is missing' }];
  const words = doc.texts(status, 'enum');
  const moves = doc.child(status, 'x-transitions');
  if (moves === undefined) return [{ pointer: join(status.pointer, 'x-transitions'), message: 'is missing' }];
  const missing = words
    .filter((word) => doc.child(moves, word) === undefined)
    .map((word) => ({ pointer: join(moves.pointer, word), message: 'is missing' }));
  const used = [
    ...Object.keys(isObject(moves.value) ? moves.value : {}),
    ...doc.texts(status, 'x-initial'),
    ...doc.texts(status, 'x-open'),
    ...doc.texts(status, 'x-final'),
  ];
  return [
    ...missing,
    ...used
      .filter((word) => !words.includes(word))
      .map((word) => ({ pointer: status.pointer, message: `${word} is not a status` })),
  ];
}
