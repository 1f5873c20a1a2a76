import { type DocumentReader, isObject, isTextList, join, type Node } from './document.ts';
import type { Kind } from './kinds.ts';
import { assignRoles, type Unassigned } from './roles.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'header' | 'path' | 'query';
  readonly required: boolean;
  readonly pointer: string;
  readonly schema: Node;
  /** How a violation is refused; `undefined` if the rule of the operation applies. */
  readonly refusal: { readonly level: Level; readonly accepts: readonly string[] } | undefined;
  /** Level of the promise that every legal spelling is served. */
  readonly served: Level;
  /** Level of the promise that an omitted parameter has its default value. */
  readonly defaultLevel: Level;
}

export interface ResponseHeader {
  readonly name: string;
  readonly required: boolean;
  readonly pointer: string;
  readonly schema: Node;
}

export interface DocumentedResponse {
  /** A status code, a class such as `4XX`, or `default`, as in the document. */
  readonly status: string;
  readonly pointer: string;
  readonly provocable: boolean;
  readonly headers: readonly ResponseHeader[];
  /** `undefined`: the body is empty. */
  readonly body: { readonly mediaType: string; readonly pointer: string; readonly schema: Node } | undefined;
}

export interface Operation {
  /** `operationId` of the document. */
  readonly id: string;
  /** `x-name`, else its kind, else the beginning of the `operationId`; prefix of requirement ids. */
  readonly name: string;
  /** What it does to the resource; `undefined` if it does something else. */
  readonly kind: Kind | undefined;
  /** True for the only operation of its kind, or the one at the path of the collection or of its items. */
  readonly isPrimary: boolean;
  readonly method: string;
  readonly path: string;
  readonly pointer: string;
  /** True for operations that change state; issuing a token changes none that others can see. */
  readonly writes: boolean;
  /** True for the token endpoint of the security scheme, where callers send credentials in a form, and no token. */
  readonly issuesTokens: boolean;
  readonly parameters: readonly Parameter[];
  readonly requestBody:
    | {
        readonly mediaType: string;
        readonly pointer: string;
        readonly schema: Node;
        /** Statuses that refuse a body, from `x-refusal`; `undefined` if the rule of the operation applies. */
        readonly refusal: readonly string[] | undefined;
      }
    | undefined;
  readonly responses: ReadonlyMap<string, DocumentedResponse>;
  /** Alternatives, each a sufficient set of scopes. */
  readonly security: readonly (readonly string[])[];
}

export type Level = 'MUST' | 'SHOULD';

export function isLevel(value: unknown): value is Level {
  return value === 'MUST' || value === 'SHOULD';
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** The operations under `paths` (or under `webhooks`), in document order. */
export function readOperations(doc: DocumentReader, under: '#/paths' | '#/webhooks'): Operation[] {
  const found = doc.children(doc.find(under)).flatMap(([path, item]) =>
    doc
      .children(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, node]) => readOperation(doc, path, item, method, node)),
  );
  return assignRoles(doc, found);
}

function readOperation(doc: DocumentReader, path: string, item: Node, method: string, node: Node): Unassigned {
  const value = isObject(node.value) ? node.value : {};
  const id = typeof value.operationId === 'string' ? value.operationId : `${method}${path.replaceAll(/[^\w]+/g, '_')}`;
  const unprovocable = isTextList(value['x-unprovocable']) ? value['x-unprovocable'] : [];
  const issuesTokens = path === readTokenPath(doc);
  return {
    id,
    ownName: typeof value['x-name'] === 'string' ? value['x-name'] : undefined,
    declaredKind: value['x-kind'],
    method: method.toUpperCase(),
    path,
    pointer: node.pointer,
    writes: method !== 'get' && method !== 'head' && !issuesTokens,
    issuesTokens,
    parameters: [item, node]
      .flatMap((owner) => doc.children(doc.child(owner, 'parameters')))
      .flatMap(([, parameter]) => readParameter(doc, parameter)),
    requestBody: readRequestBody(doc, doc.child(node, 'requestBody')),
    responses: new Map(
      doc
        .children(doc.child(node, 'responses'))
        .map(([status, response]) => [status, readResponse(doc, status, response, unprovocable.includes(status))]),
    ),
    security: doc
      .children(doc.child(node, 'security') ?? doc.find('#/security'))
      .map(([, alternative]) => doc.children(alternative).flatMap(([scheme]) => doc.texts(alternative, scheme))),
  };
}

/** Empty for a cookie, which the client does not send. */
function readParameter(doc: DocumentReader, node: Node): Parameter[] {
  const place = doc.text(node, 'in');
  if (place !== 'header' && place !== 'path' && place !== 'query') return [];
  const refusal = doc.child(node, 'x-refusal');
  const level = refusal === undefined ? undefined : doc.text(refusal, 'level');
  const served = isObject(node.value) ? node.value['x-served'] : undefined;
  const defaultLevel = isObject(node.value) ? node.value['x-default-level'] : undefined;
  return [
    {
      name: doc.text(node, 'name'),
      in: place,
      required: isObject(node.value) && node.value.required === true,
      pointer: node.pointer,
      schema: doc.child(node, 'schema') ?? { pointer: join(node.pointer, 'schema'), value: {} },
      refusal:
        refusal === undefined
          ? undefined
          : { level: isLevel(level) ? level : 'MUST', accepts: doc.texts(refusal, 'accepts') },
      served: isLevel(served) ? served : 'MUST',
      defaultLevel: isLevel(defaultLevel) ? defaultLevel : 'MUST',
    },
  ];
}

function readResponse(doc: DocumentReader, status: string, node: Node, unprovocable: boolean): DocumentedResponse {
  return {
    status,
    pointer: node.pointer,
    provocable: !unprovocable && !(isObject(node.value) && node.value['x-provocable'] === false),
    headers: doc.children(doc.child(node, 'headers')).map(([name, header]) => ({
      name,
      required: isObject(header.value) && header.value.required === true,
      pointer: header.pointer,
      schema: doc.child(header, 'schema') ?? { pointer: join(header.pointer, 'schema'), value: {} },
    })),
    body: readContent(doc, node),
  };
}

function readRequestBody(doc: DocumentReader, owner: Node | undefined): Operation['requestBody'] {
  const content = readContent(doc, owner);
  if (owner === undefined || content === undefined) return undefined;
  const refusal = doc.child(owner, 'x-refusal');
  return { ...content, refusal: refusal && doc.texts(refusal, 'accepts') };
}

function readContent(doc: DocumentReader, owner: Node | undefined): DocumentedResponse['body'] {
  if (owner === undefined) return undefined;
  const all = doc.children(doc.child(owner, 'content'));
  const chosen = all.find(([mediaType]) => isJson(mediaType)) ?? all[0];
  if (chosen === undefined) return undefined;
  const [mediaType, content] = chosen;
  const schema = isJson(mediaType) || isForm(mediaType) ? doc.child(content, 'schema') : undefined;
  return {
    mediaType,
    pointer: content.pointer,
    schema: schema ?? { pointer: join(content.pointer, 'schema'), value: {} },
  };
}

/** True for a list or an object, which has many serialisations in a URL or header. */
export function hasSeveralValues({ value }: Node): boolean {
  return isObject(value) && (value.type === 'array' || value.type === 'object');
}

/** True for a media type whose bodies are JSON. */
export const isJson = (mediaType: string): boolean => /[/+]json\b/.test(mediaType);

const isForm = (mediaType: string) => mediaType === 'application/x-www-form-urlencoded';

/** The documented response for a status: its own, that of its class, or the default. */
export function responseTo(
  { responses }: Pick<Operation, 'responses'>,
  status: number,
): DocumentedResponse | undefined {
  return responses.get(String(status)) ?? responses.get(`${String(status)[0]}XX`) ?? responses.get('default');
}

/** True if a status code is accepted, by itself or by its class (`4XX`). */
export function accepts(accepted: readonly string[], status: number): boolean {
  return accepted.some((word) => (word.endsWith('XX') ? word[0] === String(status)[0] : word === String(status)));
}

/** The security scheme of the vendor's documents. */
export const SCHEME = '#/components/securitySchemes/oauth-client-credentials';
const FLOW = `${SCHEME}/flows/clientCredentials`;

/** True for a document with the vendor's security scheme: scopes of client credentials tokens. */
export const hasVendorSecurity = (doc: DocumentReader): boolean => doc.find(SCHEME) !== undefined;

/** The path of the token endpoint; `undefined` if the security scheme does not name it. */
export function readTokenPath(doc: DocumentReader): string | undefined {
  const value = doc.find(`${FLOW}/tokenUrl`)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** The declared scopes, in document order. */
export function readScopes(doc: DocumentReader): readonly string[] {
  const flows = doc.find(`${FLOW}/scopes`);
  return flows !== undefined && isObject(flows.value) ? Object.keys(flows.value) : [];
}

/** The statuses that refuse a caller, by reason. */
export function readCallerRefusals(
  doc: DocumentReader,
): Readonly<Record<'unauthenticated' | 'malformed' | 'insufficient', readonly string[]>> {
  const value = doc.find(`${SCHEME}/x-caller-refusals`)?.value;
  const list = (key: string) => (isObject(value) && isTextList(value[key]) ? value[key] : []);
  return { unauthenticated: list('unauthenticated'), malformed: list('malformed'), insufficient: list('insufficient') };
}
