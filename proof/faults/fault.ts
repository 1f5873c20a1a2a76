import { randomUUID } from 'node:crypto';
import type { Clock } from '../../harness/client/wire.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { fromText } from '../../harness/contract/keywords/type.ts';
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

/** What a fault knows about the target apart from its messages. */
export interface FaultContext extends Pick<Clock, 'now'> {
  /** The contract that the target keeps. */
  readonly contract: Contract;
}

/** One defect, injected between the client and a correct target. */
export interface Fault extends EventIntercepts {
  /** Short and stable; `npm run reference -- --fault <id>` serves it. */
  readonly id: string;
  /** The defect in one sentence. */
  readonly statement: string;
  /** Ids of all requirements that it must break. */
  readonly breaks: readonly string[];
  /** Ids of requirements of which it must break at least one. */
  readonly breaksOneOf?: readonly string[];
  /** Ids of requirements that it also breaks if the suite happens to compare what it changes. */
  readonly mayBreak?: readonly string[];
  /** Ids of requirements that can no longer be judged. */
  readonly blocks?: readonly string[];
  /** Reasons for refusing a signature that the target ignores. */
  readonly ignores?: readonly RefusalCode[];
  /** Intercepts requests before their signature is verified; the target then requires signatures. */
  readonly outside?: Fault['intercept'];
  /** Puts the fault in front of an honest target. Called once for each run, so that the fault can have state. */
  intercept(honest: Fetch, context: FaultContext): Fetch;
}

/** Sends a request to the honest target. */
export type Forward = (asked?: Asked) => Promise<Answered>;

export type Intercept = (asked: Asked, forward: Forward) => Promise<Answered>;
type Condition = (asked: Asked, answered: Answered) => boolean;
type Change = (answered: Answered, asked: Asked) => void;

/** Methods with which no `Request` can be constructed, according to the Fetch standard; contracts do not use them. */
const UNWRITABLE: readonly string[] = ['CONNECT', 'TRACE', 'TRACK'];

/** A fault as a function from request to answer; `forward` gets the honest answer. `make` is called once for each run. */
export function intercepting(make: (context: FaultContext) => Intercept): Fault['intercept'] {
  return (honest, context) => {
    const tokens = new IssuedTokens(context);
    const intercept = make(context);
    let index = 0;
    return async (request) => {
      if (UNWRITABLE.includes(request.method)) return honest(request);
      const asked = await readRequest(request, context.contract, tokens, index++);
      const forward: Forward = async (changed = asked) => {
        const answered = await send(honest, changed);
        if (asked.operation === TOKEN) tokens.note(answered);
        return answered;
      };
      return respond(await intercept(asked, forward));
    };
  };
}

/** Changes every answer that a condition selects. */
export function answer(when: Condition, change: Change): Fault['intercept'] {
  return intercepting(() => async (asked, forward) => {
    const answered = await forward();
    if (when(asked, answered)) change(answered, asked);
    return answered;
  });
}

/** Changes one in `count` of the answers that a condition selects. */
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

/** Changes every group in every answer, in the same way wherever it appears. */
export function group(
  change: (group: Json, asked: Asked) => void,
  when: (asked: Asked) => boolean = () => true,
): Fault['intercept'] {
  return answer(
    (asked) => when(asked),
    (answered, asked) => groups(answered).forEach((one) => void change(one, asked)),
  );
}

/** Changes every request that a condition selects, before it reaches the target. */
export function request(when: (asked: Asked) => boolean, change: (asked: Asked) => void): Fault['intercept'] {
  return intercepting(() => async (asked, forward) => {
    if (when(asked)) change(asked);
    return forward();
  });
}

/** Refuses every request that a condition selects; it does not reach the target. */
export function refuse(when: (asked: Asked) => boolean, status: number): Fault['intercept'] {
  return intercepting(() => async (asked, forward) => (when(asked) ? problem(status) : forward()));
}

/** Selects an operation and, if given, the status of its answer. */
export const is = (operation: string, status?: number) => (asked: Asked, answered?: Answered) =>
  asked.operation === operation && (status === undefined || answered?.status === status);

/** Selects the answers with a status. */
export const answeredWith = (status: number) => (_: unknown, answered: Answered) => answered.status === status;

/** Turns an answer into a problem. */
export const refused = (status: number) => (answered: Answered) => void Object.assign(answered, problem(status));

/** Gives an answer another status, and leaves the rest of it. */
export const becomes = (status: number) => (answered: Answered) => void (answered.status = status);

/** Type and title of problems, as the reference has them. */
const PROBLEMS: Readonly<Record<number, readonly [type: string, title: string]>> = {
  401: ['unauthorised', 'Unauthorised'],
  403: ['forbidden', 'Forbidden'],
  404: ['not_found', 'Not found'],
  409: ['conflict', 'Conflict'],
  422: ['unprocessable_entity', 'Unprocessable entity'],
  500: ['internal', 'Internal error'],
};

/** A problem in the format of the reference. */
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

/** The `meta` of a page; an empty object if the answer is not a page. */
export function meta({ status, body }: Answered): Json {
  return status === 200 && isJson(body) && isJson(body.meta) ? body.meta : {};
}

/** The groups of a page, which can be changed in place; an empty list if the answer is not a page. */
export function data({ status, body }: Answered): Json[] {
  return status === 200 && isJson(body) && Array.isArray(body.data) ? body.data : [];
}

/** Keeps only some groups on a page, and corrects its count. */
export function keep(answered: Answered, kept: (group: Json, index: number) => boolean): void {
  const page = data(answered);
  page.splice(0, page.length, ...page.filter(kept));
  if ('count' in meta(answered)) meta(answered).count = page.length;
}

/** Query parameters of lists in the contract. */
const PARAMETERS = ['sort', 'order', 'offset', 'limit'];

/** Whether a list request has a parameter that the contract does not declare. */
export const hasUnknownParameter = (asked: Asked) =>
  asked.operation === LIST && [...asked.url.searchParams.keys()].some((name) => !PARAMETERS.includes(name));

/** Whether the token of a request permits creating and closing. */
export const mayWrite = ({ alive, scopes }: Asked) => alive && scopes?.includes('accounts:admin') === true;

/** Whether a request has only query parameters that the contract declares, with valid values. */
export function isQueryValid({ contract, operation, url }: Asked): boolean {
  const { parameters = [] } = contract.operations.find(({ name }) => name === operation) ?? {};
  return [...url.searchParams].every(([name, text]) => {
    const schema = parameters.find((one) => one.in === 'query' && one.name === name)?.schema;
    return (
      schema !== undefined && contract.schemas.accepts(schema, fromText(isJson(schema.value) ? schema.value : {}, text))
    );
  });
}

export const isUuid = (text: string) => /^[0-9a-f-]{36}$/i.test(text);

/** The same creation with another idempotency key, by default a new one. */
export function underKey(asked: Asked, key: string = randomUUID()): Asked {
  const headers = new Headers(asked.headers);
  headers.set('idempotency-key', key);
  return { ...asked, headers };
}

/** The URL of the list of all items, without parameters. */
export const collectionUrl = ({ contract, url }: Asked, search = '') =>
  new URL(`${routesOf(contract).collection}${search}`, url);
