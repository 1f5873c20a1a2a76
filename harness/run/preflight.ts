import { randomUUID } from 'node:crypto';
import { Blocked } from '../case.ts';
import type { Client } from '../client/client.ts';
import type { RequestSpec } from '../client/request-spec.ts';
import { ScopeRefused } from '../client/tokens.ts';
import { TransportError } from '../client/wire.ts';
import { isObject } from '../contract/document.ts';
import { promisedBy } from '../contract/ids.ts';
import type { Contract } from '../contract/index.ts';
import { accepts, readCallerRefusals } from '../contract/operations.ts';
import { scopesInUse } from '../contract/security.ts';
import { type Exchange, headerValue, mediaType, succeeded } from '../exchange.ts';

/** What a few requests have shown about the target before any case is run. */
export interface Preflight {
  /** Why the target cannot be tested; `undefined`: it can. */
  readonly trouble: string | undefined;
  /** Single causes that will account for many violations. */
  readonly notes: readonly Note[];
}

/** One sentence about something that a target does not check. */
export interface Note {
  readonly about: 'callers' | 'signatures';
  readonly says: string;
}

/** How the target is reached; decides which settings the hints name. */
export interface PreflightOptions {
  readonly contract: Contract;
  readonly client: Pick<Client, 'ask'>;
  /** True if TOKEN_URL is set, so that the token endpoint is not the one under BASE_URL. */
  readonly hasTokenUrl: boolean;
  readonly signed: 'here' | 'by-proxy' | 'not';
  readonly writes: boolean;
}

/**
 * Finds out with a few requests whether a target can be tested at all: it grants some scope, and an operation serves a
 * caller with it. A cause that would make all cases fail is reported once, with the URL, the setting and a hint.
 */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  const { contract } = options;
  const { list } = contract.resource;
  if (list === undefined) return { trouble: undefined, notes: [] };
  try {
    const first = await firstAnswer(options, { operation: list.name, query: { limit: '1' } });
    if (typeof first === 'string') return { trouble: first, notes: [] };
    const { answer, held } = first;
    return succeeded(answer) && !isPage(answer)
      ? { trouble: undefined, notes: await unchecked(options, answer, held) }
      : { trouble: await refused(options, answer, held), notes: [] };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const from = options.hasTokenUrl ? 'TOKEN_URL or BASE_URL' : 'BASE_URL';
    return { trouble: `${error.message}. The URL comes from ${from}`, notes: [] };
  }
}

const CALLER_TITLE = 'that checks whether the target can be tested';

/** The answer to a caller with as many scopes as are granted, and these scopes; or why no token is issued. */
async function firstAnswer(
  options: PreflightOptions,
  spec: Omit<RequestSpec, 'caller'>,
): Promise<{ readonly answer: Exchange; readonly held: readonly string[] } | string> {
  const scopes = scopesInUse(options.contract.doc);
  const refusals = new Set<string>();
  for (const held of [scopes, ...scopes.map((scope) => [scope])]) {
    let token: Exchange | undefined;
    try {
      const answer = await options.client.ask(
        { ...spec, caller: { title: CALLER_TITLE, credential: { kind: 'token', scopes: held } } },
        {
          heard: (exchange, about) => {
            if (about === 'token') token = exchange;
          },
        },
      );
      return { answer, held };
    } catch (error) {
      if (!(error instanceof ScopeRefused) && !(error instanceof Blocked)) throw error;
      refusals.add(token === undefined ? error.message : noToken(options, token));
      // Fewer scopes can only help if these scopes were refused.
      if (error instanceof Blocked) break;
    }
  }
  return [...refusals].join('; ');
}

const UNSIGNED =
  'it requires signed requests, and these are unsigned. Set SIGNING_KEY_FILE and SIGNING_KEY_ID, or SIGNED_BY_PROXY=on if a proxy signs them';
const BAD_SIGNATURE =
  'it does not accept the signature. Check that it knows SIGNING_KEY_ID, that SIGNING_KEY_FILE is the key with that id, and that the clocks of both machines are right';

/** Why an answer of the token endpoint has no usable token. */
function noToken({ hasTokenUrl, signed }: PreflightOptions, exchange: Exchange): string {
  const check = hasTokenUrl ? 'check TOKEN_URL' : 'check BASE_URL, or set TOKEN_URL';
  const asked = `the token endpoint answers ${answered(exchange)}`;
  const moved = redirection(exchange);
  if (moved !== undefined) return `${asked}${moved}`;
  const tls = speaksTls(exchange);
  if (tls !== undefined) return `${asked}: ${tls}`;
  if (speaksOfSignatures(exchange)) return `${asked}: ${signed === 'here' ? BAD_SIGNATURE : UNSIGNED}`;
  if (isPage(exchange)) return `${asked}: a web page, not a token; ${check}, and look for a login page in between`;
  if (succeeded(exchange)) return `${asked}, without a usable access_token; ${check}`;
  if (exchange.response.status >= 500) return `${asked}: the token endpoint itself fails`;
  return `${asked}. Check that CLIENT_ID and CLIENT_SECRET belong to this target; ${check}`;
}

/** Why no operation serves a caller with a valid token; `undefined` if one may. */
async function refused(
  options: PreflightOptions,
  answer: Exchange,
  held: readonly string[],
): Promise<string | undefined> {
  const { contract, client, signed, writes } = options;
  const first = answered(answer);
  const moved = redirection(answer);
  if (moved !== undefined) return `${first}${moved}`;
  const tls = speaksTls(answer);
  if (tls !== undefined) return `${first}: ${tls}`;
  // An error of a single operation is for the cases to find, so a second one has to answer alike.
  const { retrieve, create, idParameter } = contract.resource;
  const caller = { title: CALLER_TITLE, credential: { kind: 'token' as const, scopes: held } };
  const other =
    retrieve && (await client.ask({ operation: retrieve.name, path: { [idParameter]: randomUUID() }, caller }));
  const both = (test: (exchange: Exchange) => boolean) => test(answer) && (other === undefined || test(other));

  if (signed !== 'here' && both(speaksOfSignatures)) return `${first}: ${UNSIGNED}`;
  if (signed === 'here' && both(speaksOfSignatures)) return `${first}: ${BAD_SIGNATURE}`;
  const { unauthenticated, insufficient } = readCallerRefusals(contract.doc);
  const isRefusal = ({ response }: Exchange) => accepts([...unauthenticated, ...insufficient], response.status);
  if (both(isRefusal))
    return `${first}, to a token that the token endpoint has just issued. Check that TOKEN_URL and CLIENT_ID belong to the same target.${signed === 'not' ? ' It may also require signed requests: SIGNING_KEY_FILE and SIGNING_KEY_ID' : ''}`;
  const unknown = (retrieve && contract.requirements.get(promisedBy(retrieve, 'unknown-id')))?.accepts ?? [];
  const isNowhere = ({ response }: Exchange) => accepts(unknown, response.status);
  if (both(isNowhere) && !(await isThere()))
    return `${first}: the API is not at this URL. Check the path prefix in BASE_URL`;
  if (both(isPage) && !both(isNowhere))
    return `${first}: a web page, not the API. Check BASE_URL, and look for a login page or proxy in between`;
  return undefined;

  /** With writes on, an unauthenticated creation shows whether that path exists. */
  async function isThere(): Promise<boolean> {
    if (!writes || create === undefined) return false;
    const anonymous = { title: CALLER_TITLE, credential: { kind: 'none' as const } };
    return !isNowhere(await client.ask({ operation: create.name, caller: anonymous, body: {} }));
  }
}

/** Notes on a target that serves requests without a token or without a signature, which many cases rely on. */
async function unchecked(
  { client, signed }: PreflightOptions,
  served: Exchange,
  held: readonly string[],
): Promise<Note[]> {
  const spec = { operation: served.operation ?? '', query: served.request.query };
  const caller = (credential: RequestSpec['caller']['credential']) => ({ caller: { title: CALLER_TITLE, credential } });
  const anonymous = await client.ask({ ...spec, ...caller({ kind: 'none' }) });
  const says = (exchange: Exchange, without: string, promises: string) =>
    `${answered(exchange)}, without ${without}: all promises about ${promises} fail for this one reason`;
  const notes: Note[] = succeeded(anonymous)
    ? [{ about: 'callers', says: says(anonymous, 'any token', 'callers and scopes') }]
    : [];
  if (signed !== 'here') return notes;
  const unsigned = await client.ask({
    ...spec,
    ...caller({ kind: 'token', scopes: held }),
    signature: 'unsigned',
  });
  return succeeded(unsigned)
    ? [...notes, { about: 'signatures', says: says(unsigned, 'a signature', 'signatures') }]
    : notes;
}

/** A request and its answer in short, such as `GET https://host/path -> 401, text/html, "Sign in"`. */
function answered(exchange: Exchange): string {
  const { request, response } = exchange;
  const [url = ''] = request.url.split('?');
  const words = ownWords(exchange);
  const type = mediaType(exchange);
  return [`${request.method} ${url} -> ${response.status}`, ...(type && !words ? [type] : []), words]
    .filter((part) => part !== '')
    .join(', ');
}

const LONGEST_QUOTE = 160;

/** The message in an answer: members of a problem or an OAuth error, or the title of a page. */
function ownWords({ response }: Exchange): string {
  const json = response.json?.value;
  const members = isObject(json) ? ['error', 'error_description', 'title', 'detail', 'message'] : [];
  const said = isObject(json) ? members.map((name) => json[name]).filter((text) => typeof text === 'string') : [];
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(response.body)?.[1];
  const text = (said.length > 0 ? [...new Set(said)].join(': ') : (title ?? '')).replaceAll(/\s+/g, ' ').trim();
  // Not redacted yet: the dots let the redactor recognise a secret that was cut.
  return text === '' ? '' : JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text);
}

const isPage = (exchange: Exchange) =>
  exchange.response.json === undefined &&
  (/html/.test(mediaType(exchange)) || /^\s*<(!doctype|html)/i.test(exchange.response.body));

/** Where a redirect points. It is not followed, because tokens and signatures are for one host. */
function redirection({ response }: Exchange): string | undefined {
  const to = headerValue(response.headers, 'location');
  if (response.status < 300 || response.status >= 400 || to === undefined) return undefined;
  return `, and redirects to ${to.slice(0, LONGEST_QUOTE)}. Redirects are not followed: set BASE_URL or TOKEN_URL to the final URL`;
}

/** Recognises the answer of common servers to plain HTTP on a TLS port. */
function speaksTls({ request, response }: Exchange): string | undefined {
  const isPlain = request.url.startsWith('http://') && response.status >= 400;
  return isPlain && /HTTP request (was )?(sent )?to (an )?HTTPS/i.test(response.body)
    ? 'this port speaks TLS; the URL has to begin with https://'
    : undefined;
}

const speaksOfSignatures = ({ response }: Exchange) =>
  response.status >= 400 &&
  response.status < 500 &&
  (/signature/i.test(response.body) || response.headers.some(([name]) => name === 'accept-signature'));
