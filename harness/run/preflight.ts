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

/** What a look at the target has shown before any case is run. */
export interface Preflight {
  /** Why nothing can be tested; `undefined`: something can. */
  readonly trouble: string | undefined;
  /** What much of the report will come from, a sentence each. */
  readonly notes: readonly string[];
}

/** How the target is reached, for hints at settings. */
export interface PreflightOptions {
  readonly contract: Contract;
  readonly client: Pick<Client, 'ask'>;
  /** The token endpoint is not the one below BASE_URL. */
  readonly hasTokenUrl: boolean;
  readonly signed: 'here' | 'by-proxy' | 'not';
  readonly writes: boolean;
}

/**
 * Finds out with a few requests whether a target can be tested at all: some scope is granted, and something serves its
 * holder. One cause that all cases would trip over is said here once, with its URL, the setting and a hint.
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

const LOOKING = 'that looks whether anybody is there';

/** The answer to whoever holds all scopes that can be had, and these scopes; or why no token can be had. */
async function firstAnswer(
  options: PreflightOptions,
  question: Omit<RequestSpec, 'caller'>,
): Promise<{ readonly answer: Exchange; readonly held: readonly string[] } | string> {
  const scopes = scopesInUse(options.contract.doc);
  const refusals = new Set<string>();
  for (const held of [scopes, ...scopes.map((scope) => [scope])]) {
    let token: Exchange | undefined;
    try {
      const answer = await options.client.ask(
        { ...question, caller: { title: LOOKING, credential: { kind: 'token', scopes: held } } },
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
      // Fewer scopes help only where these were refused.
      if (error instanceof Blocked) break;
    }
  }
  return [...refusals].join('; ');
}

const UNSIGNED =
  'it wants signed requests, and these are not. Set SIGNING_KEY_FILE and SIGNING_KEY_ID, or SIGNED_BY_PROXY=on where a proxy signs';
const BAD_SIGNATURE =
  'it does not accept the signature. Is SIGNING_KEY_ID known to it, SIGNING_KEY_FILE the key behind it, and the clock of both machines right?';

/** Why an answer of the token endpoint holds no token. */
function noToken({ hasTokenUrl, signed }: PreflightOptions, exchange: Exchange): string {
  const isRight = hasTokenUrl ? 'is TOKEN_URL right' : 'is BASE_URL right, or does TOKEN_URL have to be set';
  const asked = `the token endpoint answers ${answered(exchange)}`;
  const moved = redirection(exchange);
  if (moved !== undefined) return `${asked}${moved}`;
  const tls = speaksTls(exchange);
  if (tls !== undefined) return `${asked}: ${tls}`;
  if (speaksOfSignatures(exchange)) return `${asked}: ${signed === 'here' ? BAD_SIGNATURE : UNSIGNED}`;
  if (isPage(exchange)) return `${asked}: a web page, not a token; ${isRight}, and is no login page in the way?`;
  if (succeeded(exchange)) return `${asked}, without a token that can be used (access_token); ${isRight}?`;
  if (exchange.response.status >= 500) return `${asked}: it fails, whoever asks`;
  return `${asked}. Are CLIENT_ID and CLIENT_SECRET those of this target, and ${isRight}?`;
}

/** Why nothing serves a good token; `undefined` if something may. */
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
  // What one operation gets wrong is for the cases to find.
  const { retrieve, create, idParameter } = contract.resource;
  const caller = { title: LOOKING, credential: { kind: 'token' as const, scopes: held } };
  const other =
    retrieve && (await client.ask({ operation: retrieve.name, path: { [idParameter]: randomUUID() }, caller }));
  const both = (test: (exchange: Exchange) => boolean) => test(answer) && (other === undefined || test(other));

  if (signed !== 'here' && both(speaksOfSignatures)) return `${first}: ${UNSIGNED}`;
  if (signed === 'here' && both(speaksOfSignatures)) return `${first}: ${BAD_SIGNATURE}`;
  const { unauthenticated, insufficient } = readCallerRefusals(contract.doc);
  const isRefusal = ({ response }: Exchange) => accepts([...unauthenticated, ...insufficient], response.status);
  if (both(isRefusal))
    return `${first}, to a token that its token endpoint has just issued. Is TOKEN_URL that of the same target, and CLIENT_ID the client's there?${signed === 'not' ? ' It may also want signed requests: SIGNING_KEY_FILE and SIGNING_KEY_ID' : ''}`;
  const unknown = (retrieve && contract.requirements.get(promisedBy(retrieve, 'unknown-id')))?.accepts ?? [];
  const isNowhere = ({ response }: Exchange) => accepts(unknown, response.status);
  if (both(isNowhere) && !(await isThere()))
    return `${first}: nothing is there. Is a path prefix missing in BASE_URL, or one too many?`;
  if (both(isPage) && !both(isNowhere))
    return `${first}: a web page, not the API. Is BASE_URL right, and no login page or proxy in the way?`;
  return undefined;

  /** Where creations may be asked for, one that nobody may make tells whether there is anything at their path. */
  async function isThere(): Promise<boolean> {
    if (!writes || create === undefined) return false;
    const nobody = { title: LOOKING, credential: { kind: 'none' as const } };
    return !isNowhere(await client.ask({ operation: create.name, caller: nobody, body: {} }));
  }
}

/** What a target serves although something is missing that all cases about callers, or signatures, rely on. */
async function unchecked(
  { client, signed }: PreflightOptions,
  served: Exchange,
  held: readonly string[],
): Promise<string[]> {
  const question = { operation: served.operation ?? '', query: served.request.query };
  const caller = (credential: RequestSpec['caller']['credential']) => ({ caller: { title: LOOKING, credential } });
  const nobody = await client.ask({ ...question, ...caller({ kind: 'none' }) });
  const notes = succeeded(nobody)
    ? [`${answered(nobody)}, without any token: what is promised about callers and scopes fails for this one reason`]
    : [];
  if (signed !== 'here') return notes;
  const unsigned = await client.ask({
    ...question,
    ...caller({ kind: 'token', scopes: held }),
    signature: 'unsigned',
  });
  return succeeded(unsigned)
    ? [
        ...notes,
        `${answered(unsigned)}, without a signature: what is promised about signatures fails for this one reason`,
      ]
    : notes;
}

/** `GET https://host/path -> 401, text/html, "Sign in"`: where, how, and in whose words. */
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

/** What an answer says for itself: members of a problem or an OAuth error, or the title of a page. */
export function ownWords({ response }: Exchange): string {
  const json = response.json?.value;
  const members = isObject(json) ? ['error', 'error_description', 'title', 'detail', 'message'] : [];
  const said = isObject(json) ? members.map((name) => json[name]).filter((text) => typeof text === 'string') : [];
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(response.body)?.[1];
  const text = (said.length > 0 ? [...new Set(said)].join(': ') : (title ?? '')).replaceAll(/\s+/g, ' ').trim();
  // Nothing is redacted yet; what is cut has to say so.
  return text === '' ? '' : JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text);
}

const isPage = (exchange: Exchange) =>
  exchange.response.json === undefined &&
  (/html/.test(mediaType(exchange)) || /^\s*<(!doctype|html)/i.test(exchange.response.body));

/** Where a redirection leads; nothing follows it, as tokens and signatures are made for one host. */
function redirection({ response }: Exchange): string | undefined {
  const to = headerValue(response.headers, 'location');
  if (response.status < 300 || response.status >= 400 || to === undefined) return undefined;
  return `, and leads to ${to.slice(0, LONGEST_QUOTE)}. Redirections are not followed: set BASE_URL, or TOKEN_URL, to where it leads`;
}

/** How servers of several kinds answer plain HTTP on a port for TLS. */
function speaksTls({ request, response }: Exchange): string | undefined {
  const isPlain = request.url.startsWith('http://') && response.status >= 400;
  return isPlain && /HTTP request (was )?(sent )?to (an )?HTTPS/i.test(response.body)
    ? 'this port speaks TLS, so that the URL has to begin with https://'
    : undefined;
}

const speaksOfSignatures = ({ response }: Exchange) =>
  response.status >= 400 &&
  response.status < 500 &&
  (/signature/i.test(response.body) || response.headers.some(([name]) => name === 'accept-signature'));
