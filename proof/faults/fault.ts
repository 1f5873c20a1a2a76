import { randomUUID } from 'node:crypto';
import type { Clock } from '../../harness/client/wire.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { LIST } from '../../harness/contract/kinds.ts';
import type { RefusalCode } from '../../reference/signature.ts';
import type { EventIntercepts } from '../delivering.ts';
import type { Fetch } from '../memory.ts';
import {
  type Answered,
  type Asked,
  IssuedTokens,
  isJson,
  type Json,
  readRequest,
  respond,
  send,
} from './intercepted.ts';
import { routesOf, TOKEN } from './routes.ts';

export { CLOSE, CREATE, LIST, RETRIEVE } from '../../harness/contract/kinds.ts';
export { type Answered, type Asked, isJson, type Json, readJson } from './intercepted.ts';
export { OTHER, OWNER, TOKEN } from './routes.ts';

/** What a lie knows of the target beside the messages. */
export interface FaultContext extends Pick<Clock, 'now'> {
  /** The contract that the target keeps. */
  readonly contract: Contract;
}

/** One lie told between the client and a correct target. */
export interface Fault extends EventIntercepts {
  /** Short and stable; `npm run reference -- --fault <id>` serves it. */
  readonly id: string;
  /** The lie in one sentence. */
  readonly statement: string;
  /** Ids of the requirements that it must break, and no others. */
  readonly breaks: readonly string[];
  /** Where it breaks one of these at least, and may break all of them. */
  readonly breaksOneOf?: readonly string[];
  /** Ids of requirements that it breaks as well where the suite happens to compare what it differs in. */
  readonly mayBreak?: readonly string[];
  /** Ids of requirements that nobody can judge any more where it is told. */
  readonly blocks?: readonly string[];
  /** Refusals of a bad signature that are not made. */
  readonly ignores?: readonly RefusalCode[];
  /** Told where signatures have not been looked at yet, by a target that wants them. */
  readonly outside?: Fault['intercept'];
  /** Puts the lie before an honest target. Made anew for each run, so that it may remember. */
  intercept(honest: Fetch, context: FaultContext): Fetch;
}

/** Sends a request to the honest target. */
export type Forward = (asked?: Asked) => Promise<Answered>;

export type Intercept = (asked: Asked, forward: Forward) => Promise<Answered>;
type Condition = (asked: Asked, answered: Answered) => boolean;
type Change = (answered: Answered, asked: Asked) => void;

/** Methods that a `Request` cannot be written again with, according to the Fetch standard; none of them is in a contract. */
const UNWRITABLE: readonly string[] = ['CONNECT', 'TRACE', 'TRACK'];

/** A lie as a function from what is asked to what is answered; `forward` is the truth. Made anew for each run by `make`. */
export function intercepting(make: (context: FaultContext) => Intercept): Fault['intercept'] {
  return (honest, context) => {
    const tokens = new IssuedTokens(context);
    const lie = make(context);
    let index = 0;
    return async (request) => {
      if (UNWRITABLE.includes(request.method)) return honest(request);
      const asked = await readRequest(request, context.contract, tokens, index++);
      const forward: Forward = async (changed = asked) => {
        const answered = await send(honest, changed);
        if (asked.operation === TOKEN) tokens.note(answered);
        return answered;
      };
      return respond(await lie(asked, forward));
    };
  };
}

/** Changes every answer that a condition picks. */
export function answer(when: Condition, change: Change): Fault['intercept'] {
  return intercepting(() => async (asked, forward) => {
    const answered = await forward();
    if (when(asked, answered)) change(answered, asked);
    return answered;
  });
}

/** Changes one in so many of the answers that a condition picks. */
export function oneIn(count: number, when: Condition, change: Change): Fault['intercept'] {
  return intercepting(() => {
    let picked = 0;
    return async (asked, forward) => {
      const answered = await forward();
      if (when(asked, answered) && ++picked % count === 0) change(answered, asked);
      return answered;
    };
  });
}

/** Changes every group in every answer, the same way wherever it stands. */
export function group(
  change: (group: Json, asked: Asked) => void,
  when: (asked: Asked) => boolean = () => true,
): Fault['intercept'] {
  return answer(
    (asked) => when(asked),
    (answered, asked) => groups(answered).forEach((one) => void change(one, asked)),
  );
}

/** Changes every request that a condition picks, before the target sees it. */
export function request(when: (asked: Asked) => boolean, change: (asked: Asked) => void): Fault['intercept'] {
  return intercepting(() => async (asked, forward) => {
    if (when(asked)) change(asked);
    return forward();
  });
}

/** Refuses every request that a condition picks; the target never sees it. */
export function refuse(when: (asked: Asked) => boolean, status: number): Fault['intercept'] {
  return intercepting(() => async (asked, forward) => (when(asked) ? problem(status) : forward()));
}

/** Picks an operation, and where an answer is at hand its status as well. */
export const is = (operation: string, status?: number) => (asked: Asked, answered?: Answered) =>
  asked.operation === operation && (status === undefined || answered?.status === status);

/** Picks the answers of one status, whatever was asked. */
export const answeredWith = (status: number) => (_: unknown, answered: Answered) => answered.status === status;

/** Turns an answer into a problem. */
export const refused = (status: number) => (answered: Answered) => void Object.assign(answered, problem(status));

/** Type and title of problems, as the reference has them. */
const PROBLEMS: Readonly<Record<number, readonly [type: string, title: string]>> = {
  401: ['unauthorised', 'Unauthorised'],
  403: ['forbidden', 'Forbidden'],
  404: ['not_found', 'Not found'],
  409: ['conflict', 'Conflict'],
  422: ['unprocessable_entity', 'Unprocessable entity'],
  500: ['internal', 'Internal error'],
};

/** A problem in the reference's manner. */
export function problem(
  status: number,
  type = PROBLEMS[status]?.[0] ?? 'other',
  title = PROBLEMS[status]?.[1] ?? 'Other',
): Answered {
  const requestId = randomUUID();
  const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : undefined;
  return {
    status,
    headers: new Headers({ 'content-type': 'application/problem+json', 'upvest-request-id': requestId, ...challenge }),
    body: { type, title, status, request_id: requestId },
  };
}

/** An answer without a body. */
export function empty(status: number): Answered {
  return { status, headers: new Headers({ 'upvest-request-id': randomUUID() }), body: '' };
}

/** The groups in an answer. */
export function groups({ status, body, shows }: Answered): Json[] {
  if (status !== 200 || !isJson(body) || shows === undefined) return [];
  const items = shows === 'item' ? [body] : body[shows.page];
  return Array.isArray(items) ? items.filter(isJson) : [];
}

/** The `meta` of a page; an empty object where the answer is no page. */
export function meta({ status, body }: Answered): Json {
  return status === 200 && isJson(body) && isJson(body.meta) ? body.meta : {};
}

/** The groups of a page, to be changed in place; an empty list where the answer is no page. */
export function data({ status, body }: Answered): Json[] {
  return status === 200 && isJson(body) && Array.isArray(body.data) ? body.data : [];
}

/** Leaves only some groups on a page, and counts them. */
export function keep(answered: Answered, kept: (group: Json, index: number) => boolean): void {
  const page = data(answered);
  page.splice(0, page.length, ...page.filter(kept));
  if ('count' in meta(answered)) meta(answered).count = page.length;
}

/** Query parameters that the contract knows. */
const PARAMETERS = ['sort', 'order', 'offset', 'limit'];

/** A list that is asked for with a parameter of which the contract says nothing. */
export const hasUnknownParameter = (asked: Asked) =>
  asked.operation === LIST && [...asked.url.searchParams.keys()].some((name) => !PARAMETERS.includes(name));

export const isUuid = (text: string) => /^[0-9a-f-]{36}$/i.test(text);

/** The same creation under a key of its own, or under another one. */
export function underKey(asked: Asked, key: string = randomUUID()): Asked {
  const headers = new Headers(asked.headers);
  headers.set('idempotency-key', key);
  return { ...asked, headers };
}

/** The URL of the list of all items, without parameters. */
export const collectionUrl = ({ contract, url }: Asked, search = '') =>
  new URL(`${routesOf(contract).collection}${search}`, url);
