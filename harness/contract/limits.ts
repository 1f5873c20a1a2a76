import { type ContractProblem, type DocumentReader, isObject, isTextList, join, type Node } from './document.ts';
import { hasSeveralValues, hasVendorSecurity, isJson, type Operation, type Parameter } from './operations.ts';
import { schemaLimits } from './schema-lint.ts';

/** What a document says and the suite does not test, with the consequence of each. */
export function limitsOf(doc: DocumentReader, operations: readonly Operation[]): ContractProblem[] {
  return [
    ...(hasVendorSecurity(doc)
      ? []
      : [
          {
            pointer: '#/components/securitySchemes',
            message:
              'there is no scheme oauth-client-credentials: no tokens are requested, and all callers are treated alike',
          },
        ]),
    ...operations.flatMap((operation) => operationLimits(doc, operation)),
    ...schemaLimits(doc, operations),
  ];
}

/** Limits as lines of text; the same limit at several places is one line. */
export function limitsInWords(limits: readonly ContractProblem[]): string[] {
  const places = new Map<string, string[]>();
  for (const { message, pointer } of limits) places.set(message, [...(places.get(message) ?? []), pointer]);
  return [...places].map(([message, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} other ${others.length === 1 ? 'place' : 'places'}`;
    return `contract: ${message} (${first}${more})`;
  });
}

function operationLimits(doc: DocumentReader, operation: Operation): ContractProblem[] {
  const { pointer, parameters, responses, requestBody } = operation;
  const statuses = [...responses.keys()];
  return [
    ...doc
      .children(doc.find(join(pointer, 'parameters')))
      .filter(([, { value }]) => isObject(value) && value.in === 'cookie')
      .map(([, parameter]) => ({ pointer: parameter.pointer, message: 'cookies are not sent' })),
    ...parameters.flatMap(parameterLimits),
    ...(statuses.includes('default')
      ? [{ pointer: join(pointer, 'responses', 'default'), message: 'every status counts as documented' }]
      : []),
    ...(statuses.some((status) => status.startsWith('2'))
      ? []
      : [{ pointer: join(pointer, 'responses'), message: 'no answer counts as a success' }]),
    ...[...responses.values()].flatMap(({ pointer: at, body }) => contentLimits(doc, at, body?.mediaType)),
    ...contentLimits(doc, join(pointer, 'requestBody'), requestBody?.mediaType),
    ...(requestBody === undefined ? [] : readOnlyLimits(doc, requestBody.schema)),
  ];
}

function parameterLimits({ name, schema }: Parameter): ContractProblem[] {
  return hasSeveralValues(schema)
    ? [{ pointer: schema.pointer, message: `${name} has several values: no request is derived to violate it` }]
    : [];
}

/** Only one media type of a body is judged. */
function contentLimits(doc: DocumentReader, owner: string, chosen: string | undefined): ContractProblem[] {
  return doc
    .children(doc.find(join(owner, 'content')))
    .filter(
      ([mediaType]) => mediaType !== chosen || !(isJson(mediaType) || mediaType.startsWith('application/x-www-form')),
    )
    .map(([mediaType, { pointer }]) => ({ pointer, message: `the content of ${mediaType} bodies is not judged` }));
}

/** A read-only member is only required in answers, but validators cannot tell requests from answers. */
function readOnlyLimits(doc: DocumentReader, schema: Node): ContractProblem[] {
  const required = isObject(schema.value) && isTextList(schema.value.required) ? schema.value.required : [];
  return doc
    .children(doc.child(schema, 'properties'))
    .filter(([name, { value }]) => required.includes(name) && isObject(value) && value.readOnly === true)
    .map(([, { pointer }]) => ({
      pointer,
      message: 'is required and read-only: request bodies without it count as invalid',
    }));
}
