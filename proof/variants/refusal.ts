import { type Answered, type Asked, answer, intercepting, isJson, OWNER, problem } from '../faults/fault.ts';
import type { Variant } from './index.ts';

const isHead = ({ method }: Asked) => method === 'HEAD';
const isRefusal = (_: unknown, { status }: Answered) => status >= 400;

/** The answer of a router or a gateway: plain text, without a request id. */
const plainly = (status: number, text: string) => (answered: Answered) => {
  answered.status = status;
  answered.headers = new Headers({ 'content-type': 'text/plain; charset=utf-8' });
  answered.body = text;
};

/** Conforming differences in refusals: who refuses, with which status, and in which format. */
export const refusalVariants: readonly Variant[] = [
  {
    id: 'router-405',
    difference: 'A router refuses undeclared methods in plain text.',
    intercept: answer((_, { status }) => status === 405, plainly(405, 'Method Not Allowed')),
  },
  {
    id: 'router-404',
    difference: 'A router answers undeclared methods with 404 in plain text.',
    intercept: answer((_, { status }) => status === 405, plainly(404, '404 page not found')),
  },
  {
    id: 'router-json',
    difference: 'A router answers undeclared methods with 404 in its own JSON.',
    intercept: answer(
      (_, { status }) => status === 405,
      (answered) => {
        plainly(404, '')(answered);
        answered.headers.set('content-type', 'application/json');
        answered.body = { message: 'no Route matched with those values', status: 'error' };
      },
    ),
  },
  ...[404, 405, 501].map(
    (status): Variant => ({
      id: `head-${status}`,
      difference: `HEAD is answered with ${status}.`,
      intercept: answer(
        isHead,
        (answered) => void Object.assign(answered, { status, headers: new Headers(), body: '' }),
      ),
    }),
  ),
  {
    id: 'cookies-ignored',
    difference: 'Every answer sets cookies, which the target ignores.',
    intercept: intercepting(() => {
      let count = 0;
      return async (_, forward) => {
        const answered = await forward();
        answered.headers.append('set-cookie', `session=${count++}; Path=/; HttpOnly`);
        answered.headers.append('set-cookie', 'route=a; Path=/');
        return answered;
      };
    }),
  },
  {
    id: 'long-id-414',
    difference: 'A long id is answered with 414.',
    intercept: intercepting(
      () => async (asked, forward) =>
        asked.id.length > 255 ? problem(414, 'uri_too_long', 'URI too long') : forward(),
    ),
  },
  {
    id: 'odd-id-400',
    difference: 'A UUID of a version other than 4 is answered with 400.',
    intercept: intercepting(() => async (asked, forward) => {
      const answered = await forward();
      return answered.status === 404 && asked.id !== '' && !/^.{14}4.{3}-[89ab]/i.test(asked.id)
        ? problem(400, 'invalid_request', 'Invalid request')
        : answered;
    }),
  },
  {
    id: 'client-id-not-compared',
    difference: 'The client id is not compared with that of the token.',
    intercept: intercepting(() => {
      let own: string | undefined;
      return async (asked, forward) => {
        const named = asked.headers.get('upvest-client-id');
        if (asked.operation === OWNER) own ??= named ?? undefined;
        if (own !== undefined && named !== null && /^[0-9a-f-]{36}$/.test(named))
          asked.headers.set('upvest-client-id', own);
        return forward();
      };
    }),
  },
  {
    id: 'client-id-to-the-letter',
    difference: 'A client id in upper case is answered with 403.',
    intercept: intercepting(
      () => async (asked, forward) =>
        /[A-F]/.test(asked.headers.get('upvest-client-id') ?? '') ? problem(403) : forward(),
    ),
  },
  {
    id: 'every-refusal-differs',
    difference: 'Each refusal differs in rate limit, runtime, date, instance and detail.',
    intercept: intercepting((clock) => {
      let left = 10_000;
      return async (asked, forward) => {
        const answered = await forward();
        if (!isRefusal(asked, answered) || !isJson(answered.body)) return answered;
        answered.headers.set('x-ratelimit-remaining', String(left--));
        answered.headers.set('x-runtime', `0.0${left % 7}`);
        answered.headers.set('last-modified', new Date(clock.now()).toUTCString());
        answered.body.instance = `urn:uuid:${crypto.randomUUID()}`;
        answered.body.detail = `Refused: ${asked.id}, as number ${left}`;
        return answered;
      };
    }),
  },
  {
    id: 'id-in-detail',
    difference: 'The detail of a refusal contains the id.',
    intercept: answer(isRefusal, ({ body }, asked) => void (isJson(body) && (body.detail = `Refused for ${asked.id}`))),
  },
  {
    id: 'instance-is-request-id',
    difference: 'The instance of a problem contains its request id.',
    intercept: answer(
      isRefusal,
      ({ body, headers }) =>
        void (isJson(body) && (body.instance = `urn:uuid:${headers.get('upvest-request-id')?.toLowerCase()}`)),
    ),
  },
  {
    id: 'one-type-for-all',
    difference: 'All problems have the same type.',
    intercept: answer(isRefusal, ({ body }) => void (isJson(body) && (body.type = 'https://docs.example.com/errors'))),
  },
  {
    id: 'version-426',
    difference: 'An unsupported version is answered with 426.',
    intercept: intercepting(() => async (asked, forward) => {
      const answered = await forward();
      const version = asked.headers.get('upvest-api-version') ?? '1';
      return answered.status === 400 && version !== '1'
        ? problem(426, 'upgrade_required', 'Upgrade required')
        : answered;
    }),
  },
];
