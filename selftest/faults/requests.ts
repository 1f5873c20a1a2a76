import { type Asked, answer, type Fault, lying, problem, request } from './lie.ts';

/** Requests that should have been refused, and requests that break the server. */

const NOTHING_CREATED = 'create.refused-creates-nothing';
const isCreate = (asked: Asked) => asked.operation === 'create';
const contentType = (asked: Asked) => asked.headers.get('content-type');
const broken = () => problem(500, 'internal', 'Internal error');

/** Remembers a good body, and puts it in the place of bodies that a condition picks. */
function generous(when: (asked: Asked) => boolean): Fault['tell'] {
  return lying(() => {
    let good = '';
    return async (asked, forward) => {
      if (!isCreate(asked)) return forward();
      if (!when(asked)) {
        const answered = await forward();
        if (answered.status === 200) good = asked.text;
        return answered;
      }
      const headers = new Headers(asked.headers);
      headers.set('content-type', 'application/json');
      return forward({ ...asked, headers, text: good === '' ? asked.text : good });
    };
  });
}

const readable = (asked: Asked) => {
  try {
    JSON.parse(asked.text);
    return true;
  } catch {
    return false;
  }
};

export const requestFaults: Fault[] = [
  {
    id: 'broken-json-accepted',
    lie: 'A body that is no JSON is guessed at.',
    breaks: ['create.malformed-json', NOTHING_CREATED],
    tell: generous((asked) => contentType(asked) === 'application/json' && asked.text !== '' && !readable(asked)),
  },
  {
    id: 'broken-json-500',
    lie: 'A body that is no JSON breaks the server.',
    breaks: ['create.malformed-json'],
    tell: lying(
      () => async (asked, forward) =>
        isCreate(asked) && contentType(asked) === 'application/json' && asked.text !== '' && !readable(asked)
          ? broken()
          : forward(),
    ),
  },
  {
    id: 'broken-json-422',
    lie: 'A body that is no JSON is unprocessable.',
    breaks: ['create.malformed-json', 'create.status-documented'],
    tell: lying(
      () => async (asked, forward) =>
        isCreate(asked) && contentType(asked) === 'application/json' && asked.text !== '' && !readable(asked)
          ? problem(422, 'unprocessable_entity', 'Unprocessable entity')
          : forward(),
    ),
  },
  {
    id: 'empty-body-accepted',
    lie: 'A creation without a body creates what was created last.',
    breaks: ['create.empty-body', NOTHING_CREATED],
    tell: generous((asked) => asked.text === ''),
  },
  {
    id: 'empty-body-500',
    lie: 'A creation without a body breaks the server.',
    breaks: ['create.empty-body'],
    tell: lying(() => async (asked, forward) => (isCreate(asked) && asked.text === '' ? broken() : forward())),
  },
  {
    id: 'content-type-ignored',
    lie: 'The content type is not looked at.',
    breaks: ['create.wrong-content-type', 'create.wrong-content-type-status', NOTHING_CREATED],
    tell: request(
      (asked) => isCreate(asked) && contentType(asked) !== 'application/json',
      (asked) => asked.headers.set('content-type', 'application/json'),
    ),
  },
  {
    id: 'form-accepted',
    lie: 'A form is taken for JSON.',
    breaks: ['create.wrong-content-type', 'create.wrong-content-type-status', NOTHING_CREATED],
    tell: generous((asked) => contentType(asked) === 'application/x-www-form-urlencoded'),
  },
  {
    id: 'content-type-500',
    lie: 'XML breaks the server.',
    breaks: ['create.wrong-content-type', 'create.wrong-content-type-status'],
    tell: lying(
      () => async (asked, forward) =>
        isCreate(asked) && contentType(asked) === 'application/xml' ? broken() : forward(),
    ),
  },
  {
    id: 'content-type-404',
    lie: 'Plain text is answered with 404.',
    breaks: ['create.wrong-content-type-status'],
    tell: lying(
      () => async (asked, forward) =>
        isCreate(asked) && contentType(asked) === 'text/plain' ? problem(404, 'not_found', 'Not found') : forward(),
    ),
  },
  {
    id: 'list-body-accepted',
    lie: 'A list of bodies is taken for its first.',
    breaks: ['create.body.type', NOTHING_CREATED],
    tell: generous((asked) => contentType(asked) === 'application/json' && asked.text.startsWith('[')),
  },
  {
    id: 'null-body-500',
    lie: 'A body that is null breaks the server.',
    breaks: ['create.body.type'],
    tell: lying(() => async (asked, forward) => (isCreate(asked) && asked.text === 'null' ? broken() : forward())),
  },
  {
    id: 'null-type-accepted',
    lie: 'A type of null is taken for PERSONAL.',
    breaks: ['create.body.type.type', NOTHING_CREATED],
    tell: generous((asked) => asked.json.type === null && Object.keys(asked.json).length === 2),
  },
  {
    id: 'lower-case-type-accepted',
    lie: 'A type in lower case is accepted.',
    breaks: ['create.body.type.enum', NOTHING_CREATED],
    tell: generous((asked) => asked.json.type === 'personal'),
  },
  {
    id: 'empty-type-accepted',
    lie: 'An empty type is taken for PERSONAL.',
    breaks: ['create.body.type.enum', NOTHING_CREATED],
    tell: generous((asked) => asked.json.type === ''),
  },
  {
    id: 'short-user-accepted',
    lie: 'A user id that is cut off is completed.',
    breaks: ['create.body.user_id.format', NOTHING_CREATED],
    tell: generous((asked) => typeof asked.json.user_id === 'string' && asked.json.user_id.length === 35),
  },
  {
    id: 'missing-type-500',
    lie: 'A missing type breaks the server.',
    breaks: ['create.body.type.required'],
    tell: lying(
      () => async (asked, forward) =>
        isCreate(asked) &&
        'user_id' in asked.json &&
        !('type' in asked.json) &&
        Object.keys(asked.json).length === 1 &&
        typeof asked.json.user_id === 'string' &&
        /^[0-9a-f-]{36}$/.test(asked.json.user_id)
          ? broken()
          : forward(),
    ),
  },
  {
    id: 'refused-with-202',
    lie: 'A body that breaks the schema is accepted for later.',
    breaks: ['create.body.additionalProperties', 'create.status-documented'],
    tell: answer(
      (asked, { status }) => isCreate(asked) && status === 400 && 'undocumented_member' in asked.json,
      (answered) =>
        void Object.assign(answered, {
          status: 202,
          body: '',
          headers: new Headers({ 'upvest-request-id': crypto.randomUUID() }),
        }),
    ),
  },
  {
    id: 'key-optional',
    lie: 'A creation needs no idempotency key.',
    breaks: ['create.header.idempotency-key.required', NOTHING_CREATED],
    tell: request(
      (asked) => isCreate(asked) && !asked.headers.has('idempotency-key'),
      (asked) => asked.headers.set('idempotency-key', crypto.randomUUID()),
    ),
  },
  {
    id: 'key-any-text',
    lie: 'Any text is an idempotency key.',
    breaks: ['create.header.idempotency-key.pattern', NOTHING_CREATED],
    tell: request(
      (asked) =>
        isCreate(asked) &&
        asked.headers.has('idempotency-key') &&
        !/^[0-9a-f-]{36}$/.test(asked.headers.get('idempotency-key') ?? ''),
      (asked) => asked.headers.set('idempotency-key', crypto.randomUUID()),
    ),
  },
  {
    id: 'key-malformed-500',
    lie: 'A malformed idempotency key breaks the server.',
    breaks: ['create.header.idempotency-key.pattern'],
    tell: lying(
      () => async (asked, forward) =>
        isCreate(asked) &&
        asked.headers.has('idempotency-key') &&
        !/^[0-9a-f-]{36}$/.test(asked.headers.get('idempotency-key') ?? '')
          ? broken()
          : forward(),
    ),
  },
  {
    id: 'client-id-500',
    lie: 'A missing client id breaks the server.',
    breaks: ['list', 'create', 'retrieve', 'close'].map((verb) => `${verb}.header.upvest-client-id.required`),
    tell: lying(
      () => async (asked, forward) =>
        asked.operation !== 'other' && asked.operation !== 'token' && !asked.headers.has('upvest-client-id')
          ? broken()
          : forward(),
    ),
  },
  {
    id: 'limit-too-large-clamped',
    lie: 'A limit beyond 1000 counts as 1000.',
    breaks: ['list.query.limit.maximum'],
    tell: request(
      (asked) => asked.operation === 'list' && Number(asked.url.searchParams.get('limit')) > 1000,
      (asked) => asked.url.searchParams.set('limit', '1000'),
    ),
  },
  {
    id: 'offset-negative-clamped',
    lie: 'A negative offset counts as 0.',
    breaks: ['list.query.offset.minimum'],
    tell: request(
      (asked) => asked.operation === 'list' && /^-\d+$/.test(asked.url.searchParams.get('offset') ?? ''),
      (asked) => asked.url.searchParams.set('offset', '0'),
    ),
  },
  {
    id: 'limit-text-ignored',
    lie: 'A limit that is no number is ignored.',
    breaks: ['list.query.limit.type'],
    tell: request(
      (asked) => asked.operation === 'list' && /[^\d-]/.test(asked.url.searchParams.get('limit') ?? ''),
      (asked) => asked.url.searchParams.delete('limit'),
    ),
  },
  {
    id: 'order-lower-case',
    lie: 'An order in lower case is accepted.',
    breaks: ['list.query.order.enum'],
    tell: request(
      (asked) => asked.operation === 'list' && asked.url.searchParams.get('order') === 'asc',
      (asked) => asked.url.searchParams.set('order', 'ASC'),
    ),
  },
  {
    id: 'sort-by-anything',
    lie: 'The list can be sorted by fields that are not documented.',
    breaks: ['list.query.sort.enum'],
    tell: request(
      (asked) => asked.operation === 'list' && !['created_at', null].includes(asked.url.searchParams.get('sort')),
      (asked) => asked.url.searchParams.delete('sort'),
    ),
  },
  {
    id: 'sort-500',
    lie: 'An unknown sort breaks the server.',
    breaks: ['list.query.sort.enum', 'list.unusual-query'],
    tell: lying(
      () => async (asked, forward) =>
        asked.operation === 'list' && !['created_at', null].includes(asked.url.searchParams.get('sort'))
          ? broken()
          : forward(),
    ),
  },
];
