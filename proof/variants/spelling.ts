import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Answered, answer, type Fault, groups, is, isJson, RETRIEVE } from '../faults/fault.ts';
import type { Variant } from './index.ts';

const anything = () => true;
/** Routers in front of the API answer with something else. */
const isProblem = (_: unknown, { headers }: Answered) =>
  headers.get('content-type')?.startsWith('application/problem+json') === true;
/** Writes the timestamps of groups in another way. */
export const stamps = (change: (stamp: string) => string) =>
  answer(anything, (answered) => {
    for (const one of groups(answered))
      for (const member of ['created_at', 'updated_at']) one[member] = change(String(one[member]));
  });
const problemMember = (change: (body: Record<string, unknown>) => void) =>
  answer(isProblem, ({ body }) => {
    if (isJson(body)) change(body);
  });

/** Reverses the order of the members of every object. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  return isJson(value)
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, one]) => [key, reversed(one)]),
      )
    : value;
}

/** Packs the bodies of all answers. */
const coded =
  (coding: string, pack: (bytes: Uint8Array) => Uint8Array): Fault['intercept'] =>
  (honest) =>
  async (request) => {
    const answered = await honest(request);
    const bytes = new Uint8Array(await answered.clone().arrayBuffer());
    if (bytes.length === 0) return answered;
    const headers = new Headers(answered.headers);
    headers.set('content-encoding', coding);
    headers.delete('content-length');
    return new Response(Buffer.from(pack(bytes)), { status: answered.status, headers });
  };

/** Conforming differences in how answers are written. */
export const spellingVariants: readonly Variant[] = [
  {
    id: 'key-order',
    difference: 'Members of objects are in reverse order.',
    intercept: answer(anything, (answered) => void (answered.body = reversed(answered.body))),
  },
  {
    id: 'charset-on-problems',
    difference: 'The media type of problems has a charset.',
    intercept: answer(isProblem, ({ headers }) =>
      headers.set('content-type', 'application/problem+json; charset=utf-8'),
    ),
  },
  {
    id: 'charset-on-json',
    difference: 'The media type of JSON has a charset, in upper case.',
    intercept: answer(
      (_, { headers }) => headers.get('content-type') === 'application/json',
      ({ headers }) => headers.set('content-type', 'Application/JSON;charset=UTF-8'),
    ),
  },
  {
    id: 'charset-quoted',
    difference: 'The media type of JSON has a quoted charset and a trailing semicolon.',
    intercept: answer(
      (_, { headers }) => headers.get('content-type') === 'application/json',
      ({ headers }) => headers.set('content-type', 'application/json ; charset="utf-8";'),
    ),
  },
  ...(
    [
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
    ] as const
  ).map(([coding, pack]) => ({
    id: `coded-${coding}`,
    aspect: 'coding',
    outermost: true as const,
    difference: `Bodies have the content-encoding ${coding}, which the contract does not exclude.`,
    intercept: coded(coding, pack),
  })),
  {
    id: 'id-as-asked',
    aspect: 'id',
    difference: 'A retrieved group has its id in the spelling of the request.',
    intercept: answer(is(RETRIEVE, 200), (answered, asked) =>
      groups(answered).forEach((one) => void (one.id = asked.id)),
    ),
  },
  {
    id: 'profile-parameter',
    difference: 'The media type of problems has an additional parameter.',
    intercept: answer(isProblem, ({ headers }) =>
      headers.set('content-type', 'application/problem+json; profile="https://example.com/a;b"; charset=UTF-8'),
    ),
  },
  {
    id: 'absolute-types',
    aspect: 'problem types',
    difference: 'Problem types are absolute URLs.',
    intercept: problemMember((body) => void (body.type = `https://docs.example.com/errors/${String(body.type)}`)),
  },
  {
    id: 'blank-types',
    aspect: 'problem types',
    difference: 'Every problem has the type about:blank and a title with the status.',
    intercept: answer(
      isProblem,
      ({ body, status }) =>
        void (isJson(body) && Object.assign(body, { type: 'about:blank', title: `Status ${status}` })),
    ),
  },
  {
    id: 'no-titles',
    difference: 'Problems have no title.',
    intercept: problemMember((body) => void delete body.title),
  },
  {
    id: 'bare-problems',
    difference: 'Problems have only type and status.',
    intercept: answer(
      isProblem,
      (answered) =>
        void (isJson(answered.body) && (answered.body = { type: answered.body.type, status: answered.status })),
    ),
  },
  {
    id: 'details',
    difference: 'Problems have details instead of detail.',
    intercept: problemMember((body) => {
      body.details = body.detail;
      delete body.detail;
    }),
  },
  {
    id: 'more-headers',
    difference: 'Answers have additional headers.',
    intercept: answer(anything, ({ headers }) => {
      headers.set('cf-ray', '8c1d2e3f');
      headers.set('server', 'cloudflare');
      headers.set('x-frame-options', 'DENY');
    }),
  },
  {
    id: 'seconds',
    aspect: 'fraction',
    difference: 'Timestamps have no fractional digits.',
    intercept: stamps((stamp) => stamp.replace(/\.\d+Z$/, 'Z')),
  },
  {
    id: 'tenths',
    aspect: 'fraction',
    difference: 'Timestamps have one fractional digit.',
    intercept: stamps((stamp) => stamp.replace(/(\.\d)\d+Z$/, '$1Z')),
  },
  {
    id: 'nanoseconds',
    aspect: 'fraction',
    difference: 'Timestamps have nine fractional digits.',
    intercept: stamps((stamp) => stamp.replace('Z', '123456Z')),
  },
  {
    id: 'zero-offset',
    difference: 'Timestamps have the offset +00:00.',
    intercept: stamps((stamp) => stamp.replace('Z', '+00:00')),
  },
  {
    id: 'lower-case-time',
    difference: 'Timestamps have a lower-case t and z.',
    intercept: stamps((stamp) => stamp.toLowerCase()),
  },
  {
    id: 'upper-case-request-id',
    difference: 'Request ids are in upper case.',
    intercept: answer(anything, (answered) => {
      const { headers, body } = answered;
      const id = headers.get('upvest-request-id');
      if (id === null) return;
      headers.set('upvest-request-id', id.toUpperCase());
      if (isJson(body) && 'request_id' in body) body.request_id = headers.get('upvest-request-id');
    }),
  },
];
