import { randomInt } from 'node:crypto';
import type { Api, CaseRequest } from '../../harness/case.ts';
import { isObject } from '../../harness/contract/document.ts';
import { formsOf } from '../../harness/contract/forms.ts';
import { promisedBy } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { optionalMembers } from '../../harness/contract/operation-requirements.ts';
import { admitting, spellings } from '../../harness/contract/spellings.ts';
import { type Exchange, headerValue, succeeded } from '../../harness/exchange.ts';
import { CLIENT_ID_HEADER } from '../fixtures/callers.ts';
import { wholeList } from '../fixtures/whole-list.ts';

/** Writes that are asked for in an unusual, legal way: each can be made once only, so that everything comes together. */

/** One thing about a request that is written otherwise. */
interface Twist {
  /** The promise that it is served. */
  readonly requirement: string;
  readonly title: string;
  readonly change: (ask: CaseRequest) => CaseRequest;
}

/** How much of a request is unusual: all that can be, or its Accept header, which is the widest wildcard. */
export type Manner = 'every-twist' | 'any-media-type';

/** What an unusual request has shown about a promise; the case that is made for it says so. */
export interface UnusualAnswer {
  readonly requirement: string;
  readonly exchanges: readonly Exchange[];
  readonly seen: string | false;
}

/** What the unusual requests of an operation have shown so far. */
export const findingsOf = (api: Api, operation: string): Promise<UnusualAnswer[]> =>
  api.once(`unusual ${operation}`, async () => []);

/**
 * Asks with the request written in an unusual way. Where that is refused, one thing after the other is
 * written as usual, until the request is served: that thing is to blame. Where only the usual request is served, several
 * are; where none is, nothing is found.
 *
 * @param isRefused tells refusals for the sake of the request from those for the sake of the group
 */
export async function servedUnusually(
  api: Api,
  ask: CaseRequest & { readonly operation: string },
  manner: Manner,
  isRefused: (exchange: Exchange) => boolean = (exchange) => !succeeded(exchange),
): Promise<Exchange> {
  const operation = api.contract.operations.find(({ name }) => name === ask.operation);
  // Where the list cannot be read, nothing is known of the usual spellings; the request itself needs no list.
  const twists = operation === undefined ? [] : await twistsOf(api, operation, manner).catch(() => []);
  const findings = await findingsOf(api, ask.operation);
  const twisted = (but?: Twist) =>
    twists.filter((twist) => twist !== but).reduce<CaseRequest>((made, { change }) => change(made), ask);
  const first = await api.ask(twisted());
  if (succeeded(first))
    findings.push(...twists.map(({ requirement }) => ({ requirement, exchanges: [first], seen: false as const })));
  if (!isRefused(first)) return first;
  for (const culprit of twists) {
    const exchange = await api.ask(twisted(culprit));
    // Without the only twist the request is the usual one.
    if (!succeeded(exchange) && twists.length === 1) return exchange;
    if (!succeeded(exchange)) continue;
    findings.push(
      ...twists.map((twist) => ({
        requirement: twist.requirement,
        exchanges: [first, exchange],
        seen: twist === culprit && `${first.response.status} with ${culprit.title}, and served without`,
      })),
    );
    return exchange;
  }
  const plain = await api.ask(ask);
  if (succeeded(plain))
    findings.push({
      requirement: promisedBy({ name: ask.operation }, 'allowed'),
      exchanges: [first, plain],
      seen: `${first.response.status} with ${twists.map(({ title }) => title).join(', ')}; served with none of these`,
    });
  return plain;
}

async function twistsOf(api: Api, operation: Operation, manner: Manner): Promise<Twist[]> {
  // Signers differ in how they sign lists and parameters.
  const isPlain = (text: string | undefined) => api.signed === 'not' || !/[,;]/.test(text ?? '');
  const [widest, ...wide] = admitting(mediaTypeOf(operation)).slice(2);
  const accept = (manner === 'any-media-type' ? undefined : wide.filter(isPlain).at(-1)) ?? widest ?? '';
  const twists: Twist[] = [
    {
      requirement: promisedBy(operation, 'accept.served'),
      title: `accept: ${accept}`,
      change: (ask) => ({ ...ask, headers: { ...ask.headers, accept } }),
    },
  ];
  if (manner === 'any-media-type') return twists;
  const whole = await wholeList(api);
  for (const { name, in: place, schema } of operation.parameters) {
    const requirement = promisedBy(operation, place, name, 'served');
    const unusual = (usual: string) => spellings(api.contract.schemas, schema, usual).at(-1) ?? usual;
    if (name === CLIENT_ID_HEADER && api.signed === 'by-proxy') continue;
    if (place === 'path')
      twists.push({
        requirement,
        title: `${name} in another case`,
        change: (ask) => ({ ...ask, path: { ...ask.path, [name]: unusual(ask.path?.[name] ?? '') } }),
      });
    else if (place === 'query') {
      const value = unusual('');
      twists.push({
        requirement,
        title: `${name}=${value}`,
        change: (ask) => ({ ...ask, query: { ...ask.query, [name]: value } }),
      });
    } else if (place === 'header') {
      const sent = headerValue(whole.request.headers, name) ?? '';
      twists.push({
        requirement,
        title: `${name} as ${unusual(sent) || 'another spelling'}`,
        change: (ask) => ({ ...ask, headers: { ...ask.headers, [name]: unusual(ask.headers?.[name] ?? sent) } }),
      });
    }
  }
  for (const { name, example } of operation.requestBody
    ? optionalMembers(api.contract.doc, operation.requestBody.schema)
    : [])
    twists.push({
      requirement: promisedBy(operation, 'body', name, 'served'),
      title: `${name} in the body`,
      change: (ask) => ({ ...ask, body: { ...(isObject(ask.body) ? ask.body : {}), [name]: likeNoOther(example) } }),
    });
  if (operation.requestBody !== undefined)
    twists.push({
      requirement: promisedBy(operation, 'body.served'),
      title: 'a body in another spelling',
      change: (ask) => ({ ...ask, rawBody: rewritten(api.contract, operation, ask.body) }),
    });
  return twists;
}

/** A text with the shape of an example, and digits of its own. */
const likeNoOther = (example: string) => example.replaceAll(/\d/g, () => String(randomInt(1, 10)));

const mediaTypeOf = ({ responses }: Operation): string =>
  [...responses.values()].find(({ status }) => status.startsWith('2'))?.body?.mediaType ?? 'application/json';

/** The same JSON: members in reverse, blanks between them, names and texts with escapes, UUIDs in capitals. */
function rewritten(contract: Contract, { requestBody }: Operation, body: unknown): string {
  if (requestBody === undefined || !isObject(body)) return JSON.stringify(body);
  const [form] = formsOf(contract.doc, requestBody.schema);
  const members = Object.entries(body).reverse();
  const lines = members.map(([name, value]) => {
    const schema = form && contract.doc.child(form, 'properties', name);
    const text = typeof value === 'string' && schema !== undefined ? spelled(schema.value, value) : value;
    return ` ${escaped(JSON.stringify(name))}\t:\r\n${escaped(JSON.stringify(text))}`;
  });
  return `\n{${lines.join(' ,\n')} }\n`;
}

const spelled = (schema: unknown, value: string) =>
  isObject(schema) && schema.format === 'uuid' ? value.toUpperCase() : value;

/** A text of JSON with an escape for its first letter (RFC 8259 §7). */
const escaped = (text: string) =>
  text.replace(/^"(\w)/, (_, letter: string) => `"\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
