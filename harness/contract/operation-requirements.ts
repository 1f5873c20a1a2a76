import { type DocumentReader, isObject, isTextList, type Node } from './document.ts';
import { formsOf } from './forms.ts';
import { idOfAnswer, idOfCaller, idOfKeyword, idOfParameter, promisedBy } from './ids.ts';
import { isProvocable } from './keywords/index.ts';
import { type Keyword, keywordsOf } from './keywords/places.ts';
import { hasSeveralValues, isJson, type Operation, type Parameter, readCallerRefusals, SCHEME } from './operations.ts';
import type { Requirement } from './requirements.ts';
import { callersOf } from './security.ts';
import { violationOf } from './wording.ts';

/** 503 and 504 are temporary conditions rather than failures (RFC 9110 §15.6.4, §15.6.5). */
const NO_SERVER_ERROR = ['1XX', '2XX', '3XX', '4XX', '503', '504'];

/** The promises of an operation: its responses, security, parameters and request body. */
export function operationRequirements(doc: DocumentReader, operation: Operation): Requirement[] {
  const source = (pointer: string) => doc.source(pointer) ?? 'curation';
  const base = { operation: operation.name, level: 'MUST', provocable: true } as const;
  const found: Requirement[] = [
    {
      ...base,
      id: promisedBy(operation, 'status-documented'),
      area: 'responses',
      statement: `${operation.id} answers with a documented status, in every situation that the contract speaks of.`,
      source: source(operation.pointer),
      pointer: `${operation.pointer}/responses`,
    },
    {
      ...base,
      id: promisedBy(operation, 'no-server-error'),
      area: 'responses',
      statement: `${operation.id} never fails on a request of ours, whether it is to be served or refused.`,
      source: 'RFC 9110 §15.6',
      pointer: `${operation.pointer}/responses`,
      accepts: NO_SERVER_ERROR,
    },
  ];
  for (const response of operation.responses.values()) {
    const { status } = response;
    const here = { ...base, provocable: response.provocable, source: source(response.pointer) };
    if (response.body === undefined)
      found.push({
        ...here,
        id: idOfAnswer(operation, status, 'empty-body'),
        area: 'responses',
        statement: `${operation.id} answers ${status} with an empty body.`,
        pointer: response.pointer,
      });
    else
      found.push({
        ...here,
        id: idOfAnswer(operation, status, 'media-type'),
        area: 'responses',
        statement: `${operation.id} answers ${status} as ${response.body.mediaType}${isJson(response.body.mediaType) ? ', in JSON that can be read' : ''}.`,
        pointer: response.body.pointer,
      });
    for (const header of response.headers.filter((candidate) => candidate.required))
      found.push({
        ...here,
        id: idOfAnswer(operation, status, header.name),
        area: 'headers',
        statement: `${operation.id} sends ${header.name} with ${status}.`,
        pointer: `${response.pointer}/headers/${header.name}`,
      });
  }
  const refusals = readCallerRefusals(doc);
  for (const caller of callersOf(doc, operation))
    found.push({
      ...base,
      id: idOfCaller(operation, caller),
      area: 'scopes',
      statement: caller.allowed
        ? `${operation.id} serves a caller ${caller.title}.`
        : `${operation.id} turns away a caller ${caller.title}.`,
      // The vendor names the scopes that give access; that no other scope does is our reading.
      source: caller.id === 'unrelated-scope' ? 'curation' : source(SCHEME),
      pointer: `${operation.pointer}/security`,
      accepts: caller.allowed
        ? [...operation.responses.keys()].filter((status) => status.startsWith('2'))
        : refusals[caller.refusal],
    });
  found.push(...servedBy(doc, operation));
  const documented = operation.responses.has('400') ? ['400'] : ['4XX'];
  for (const parameter of operation.parameters) found.push(...refusalsOf(doc, operation, parameter, documented));
  if (operation.requestBody !== undefined)
    for (const keyword of breakable(doc, operation.requestBody))
      found.push({
        ...base,
        level: keyword.level,
        id: idOfKeyword(operation.name, 'body', keyword),
        area: 'requests',
        statement: `${operation.id} refuses a body ${violationOf(keyword)}.`,
        source: source(keyword.pointer),
        pointer: keyword.pointer,
        accepts: operation.requestBody.refusal ?? documented,
        provocable: canBeProvoked(keyword),
      });
  return found;
}

/** False for a keyword that no request can be derived to violate. */
const canBeProvoked = (keyword: Keyword) => isProvocable(keyword) && !isTypeOfBranch(keyword);

/** True for the type of a branch of a union: a value of another type violates the union, not the branch. */
const isTypeOfBranch = ({ name, path, label }: Keyword) => name === 'type' && path === '' && label !== '';

/** The keywords that a request body can violate; in a form, every value is text. */
export function breakable(doc: DocumentReader, body: NonNullable<Operation['requestBody']>): Keyword[] {
  return keywordsOf(doc, body.schema, 'body', { deep: true }).filter(
    ({ name }) => isJson(body.mediaType) || name !== 'type',
  );
}

/** The optional members of the usual form of a body that have an example. */
export function optionalMembers(
  doc: DocumentReader,
  body: Node,
): ReadonlyArray<{ readonly name: string; readonly schema: Node; readonly example: string }> {
  const [form] = formsOf(doc, body);
  const required =
    form !== undefined && isObject(form.value) && isTextList(form.value.required) ? form.value.required : [];
  return doc.children(form && doc.child(form, 'properties')).flatMap(([name, schema]) => {
    const example = isObject(schema.value) ? schema.value.example : undefined;
    return required.includes(name) || typeof example !== 'string' ? [] : [{ name, schema, example }];
  });
}

/** Every legal request is served: one promise for each part that has more than one spelling. */
function servedBy(doc: DocumentReader, operation: Operation): Requirement[] {
  const here = {
    operation: operation.name,
    area: 'requests',
    provocable: true,
    accepts: [...operation.responses.keys()].filter((status) => status.startsWith('2')),
  } as const;
  const { requestBody } = operation;
  return [
    {
      ...here,
      id: promisedBy(operation, 'accept.served'),
      level: 'MUST',
      statement: `${operation.id} serves a request whose Accept header admits JSON, or that has none.`,
      source: 'RFC 9110 §12.5.1',
      pointer: `${operation.pointer}/responses`,
    },
    ...operation.parameters.map((parameter) => ({
      ...here,
      id: idOfParameter(operation, parameter, 'served'),
      level: parameter.served,
      statement: `${operation.id} serves every legal spelling of ${parameter.name}.`,
      source: doc.source(parameter.pointer) ?? 'curation',
      pointer: parameter.pointer,
    })),
    ...(requestBody === undefined
      ? []
      : [
          {
            ...here,
            id: promisedBy(operation, 'body.served'),
            level: 'MUST' as const,
            ...(isJson(requestBody.mediaType)
              ? {
                  statement: `${operation.id} serves a legal body however it is written in JSON.`,
                  source: 'RFC 8259',
                }
              : {
                  statement: `${operation.id} serves a legal form, whatever the order of the scopes in it.`,
                  source: 'RFC 6749 §3.3',
                }),
            pointer: requestBody.pointer,
          },
          ...optionalMembers(doc, requestBody.schema).map(({ name, schema }) => ({
            ...here,
            id: promisedBy(operation, 'body', name, 'served'),
            level: 'MUST' as const,
            statement: `${operation.id} serves a body with \`${name}\`.`,
            source: doc.source(schema.pointer) ?? 'curation',
            pointer: schema.pointer,
          })),
        ]),
  ];
}

function refusalsOf(
  doc: DocumentReader,
  operation: Operation,
  parameter: Parameter,
  documented: readonly string[],
): Requirement[] {
  const here = {
    operation: operation.name,
    area: 'requests' as const,
    level: parameter.refusal?.level ?? 'MUST',
    provocable: true,
    source: doc.source(parameter.pointer) ?? 'curation',
    accepts: parameter.refusal?.accepts ?? documented,
  };
  const found: Requirement[] = keywordsOf(doc, parameter.schema, parameter.name)
    .filter(({ path, name, value }) => path === '' && (name !== 'type' || value !== 'string'))
    .filter(() => !hasSeveralValues(parameter.schema))
    .map((keyword) => ({
      ...here,
      provocable: canBeProvoked(keyword),
      level: keyword.level === 'SHOULD' ? keyword.level : here.level,
      source: doc.source(keyword.pointer) ?? here.source,
      id: idOfParameter(operation, parameter, keyword.name),
      statement: `${operation.id} refuses ${parameter.name} ${violationOf(keyword)}.`,
      pointer: keyword.pointer,
    }));
  if (parameter.required && parameter.in === 'header')
    found.push({
      ...here,
      id: idOfParameter(operation, parameter, 'required'),
      statement: `${operation.id} refuses a request without ${parameter.name}.`,
      pointer: `${parameter.pointer}/required`,
    });
  if (parameter.in === 'query' && isObject(parameter.schema.value) && 'default' in parameter.schema.value) {
    const { accepts: _, ...rest } = here;
    found.push({
      ...rest,
      area: 'listing',
      level: parameter.defaultLevel,
      id: idOfParameter(operation, parameter, 'default'),
      statement: `${operation.id} without ${parameter.name} answers as with ${parameter.name}=${String(parameter.schema.value.default)}.`,
      pointer: `${parameter.schema.pointer}/default`,
    });
  }
  return found;
}
