import { type Answered, type Asked, answer, type Fault, group, problem, request } from './lie.ts';

/** Wrong statuses, media types, headers and bodies. */

const is = (operation: string, status: number) => (asked: Asked, answered: Answered) =>
  asked.operation === operation && answered.status === status;
const becomes = (status: number) => (answered: Answered) => void (answered.status = status);
const refusesAs =
  (status: number, type = 'other', title = 'Other') =>
  (answered: Answered) =>
    void Object.assign(answered, problem(status, type, title));

export const responseFaults: Fault[] = [
  {
    id: 'list-201',
    lie: 'The list is answered with 201.',
    breaks: [
      'list.allowed',
      'list.status-documented',
      'list.caller.accounts-read',
      'list.caller.accounts-admin',
      'list.caller.all-scopes',
      'list.limit-zero',
      'list.unknown-query',
    ],
    tell: answer(is('list', 200), becomes(201)),
  },
  {
    id: 'create-201',
    lie: 'A creation is answered with 201.',
    breaks: ['create.allowed', 'create.status-documented', 'create.caller.accounts-admin', 'create.caller.all-scopes'],
    tell: answer((asked, answered) => is('create', 200)(asked, answered) && !repeats(asked), becomes(201)),
  },
  {
    id: 'create-201-legal-entity',
    lie: 'Only the creation of a LEGAL_ENTITY is answered with 201.',
    breaks: ['create.allowed', 'create.status-documented', 'create.caller.all-scopes'],
    tell: answer(
      (asked, answered) => is('create', 200)(asked, answered) && asked.json.type === 'LEGAL_ENTITY' && !repeats(asked),
      becomes(201),
    ),
  },
  {
    id: 'create-202',
    lie: 'A creation is merely accepted.',
    breaks: ['create.allowed', 'create.status-documented', 'create.caller.accounts-admin', 'create.caller.all-scopes'],
    tell: answer((asked, answered) => is('create', 200)(asked, answered) && !repeats(asked), becomes(202)),
  },
  {
    id: 'close-200',
    lie: 'A closing is answered with 200.',
    breaks: ['close.allowed', 'close.status-documented', 'close.caller.accounts-admin', 'close.caller.all-scopes'],
    tell: answer(is('close', 202), becomes(200)),
  },
  {
    id: 'close-204',
    lie: 'A closing is answered with 204.',
    breaks: ['close.allowed', 'close.status-documented', 'close.caller.accounts-admin', 'close.caller.all-scopes'],
    tell: answer(is('close', 202), becomes(204)),
  },
  {
    id: 'close-with-group',
    lie: 'A closing is answered with a group in the body.',
    breaks: ['close.202.empty-body'],
    tell: answer(is('close', 202), (answered) => void (answered.body = { status: 'CLOSING' })),
  },
  {
    id: 'close-with-blank',
    lie: 'A closing is answered with a single line break.',
    breaks: ['close.202.empty-body'],
    tell: answer(is('close', 202), (answered) => void (answered.body = '\n')),
  },
  {
    id: 'close-404-as-202',
    lie: 'Closing an unknown group is accepted.',
    breaks: ['close.unknown-id', 'close.path.account_group_id.format'],
    tell: answer(is('close', 404), (answered) => void Object.assign(answered, { status: 202, body: '' })),
  },
  {
    id: 'close-unknown-409',
    lie: 'Closing an unknown group is a conflict.',
    breaks: ['close.unknown-id', 'close.path.account_group_id.format'],
    tell: answer(is('close', 404), refusesAs(409, 'conflict', 'Conflict')),
  },
  {
    id: 'retrieve-unknown-200',
    lie: 'An unknown id is answered with an empty object.',
    breaks: emptyGroup(),
    tell: answer(
      (asked, answered) => is('retrieve', 404)(asked, answered) && isUuid(asked.id),
      (answered) => void Object.assign(answered, { status: 200, body: {}, headers: json(answered) }),
    ),
  },
  {
    id: 'retrieve-unknown-403',
    lie: 'An unknown id is forbidden.',
    breaks: ['retrieve.unknown-id', 'retrieve.path.account_group_id.format'],
    tell: answer(is('retrieve', 404), refusesAs(403, 'forbidden', 'Forbidden')),
  },
  {
    id: 'retrieve-unknown-410',
    lie: 'An unknown id is gone.',
    breaks: ['retrieve.unknown-id', 'retrieve.path.account_group_id.format', 'retrieve.status-documented'],
    tell: answer(is('retrieve', 404), refusesAs(410)),
  },
  {
    id: 'retrieve-malformed-500',
    lie: 'A malformed id breaks the server.',
    breaks: ['retrieve.path.account_group_id.format'],
    tell: answer(
      (asked, answered) => is('retrieve', 404)(asked, answered) && !isUuid(asked.id),
      refusesAs(500, 'internal', 'Internal error'),
    ),
  },
  {
    id: 'retrieve-other-group',
    lie: 'A retrieved group has another id than the one asked for.',
    breaks: [
      'retrieve.the-asked-group',
      'create.equals-retrieved',
      'list.equals-retrieved',
      'account-group.number-unique',
    ],
    tell: group(
      (one) => void (one.id = String(one.id).replace(/^./, (first) => (first === '0' ? '1' : '0'))),
      (asked) => asked.operation === 'retrieve',
    ),
  },
  {
    id: 'list-406-ignored',
    lie: 'The list ignores Accept.',
    breaks: ['list.not-acceptable'],
    tell: request((asked) => asked.operation === 'list', acceptAll),
  },
  {
    id: 'retrieve-406-ignored',
    lie: 'Retrieving ignores Accept.',
    breaks: ['retrieve.not-acceptable'],
    tell: request((asked) => asked.operation === 'retrieve', acceptAll),
  },
  {
    id: 'create-406-ignored',
    lie: 'Creating ignores Accept.',
    breaks: ['create.not-acceptable', 'create.refused-creates-nothing'],
    tell: request((asked) => asked.operation === 'create', acceptAll),
  },
  {
    id: 'close-406-ignored',
    lie: 'Closing ignores Accept.',
    breaks: ['close.not-acceptable', 'close.refused-closes-nothing'],
    tell: request((asked) => asked.operation === 'close', acceptAll),
  },
  {
    id: 'html-not-refused',
    lie: 'Only text/html is served although it was not offered.',
    breaks: ['list.not-acceptable', 'retrieve.not-acceptable'],
    tell: request((asked) => asked.method === 'GET' && asked.headers.get('accept') === 'text/html', acceptAll),
  },
  {
    id: 'not-acceptable-415',
    lie: 'An unacceptable Accept is answered with 415.',
    breaks: [
      'list.not-acceptable',
      'retrieve.not-acceptable',
      'create.not-acceptable',
      'close.not-acceptable',
      'list.status-documented',
      'retrieve.status-documented',
      'create.status-documented',
      'close.status-documented',
    ],
    tell: answer((_, { status }) => status === 406, refusesAs(415)),
  },
  {
    id: 'create-unknown-user-500',
    lie: 'An unknown user breaks the server.',
    breaks: ['create.unknown-user'],
    tell: answer(is('create', 404), refusesAs(500, 'internal', 'Internal error')),
  },
  {
    id: 'create-unknown-user-422',
    lie: 'An unknown user is unprocessable.',
    breaks: ['create.unknown-user', 'create.status-documented'],
    tell: answer(is('create', 404), refusesAs(422)),
  },
  {
    id: 'list-as-html',
    lie: 'The list calls itself HTML.',
    breaks: ['list.200.media-type'],
    tell: answer(is('list', 200), ({ headers }) => headers.set('content-type', 'text/html; charset=utf-8')),
  },
  {
    id: 'retrieve-without-type',
    lie: 'A group has no content-type.',
    breaks: ['retrieve.200.media-type'],
    tell: answer(is('retrieve', 200), ({ headers }) => headers.delete('content-type')),
  },
  {
    id: 'not-found-as-json',
    lie: 'A 404 is plain JSON.',
    breaks: ['retrieve.404.media-type', 'create.404.media-type', 'close.404.media-type'],
    tell: answer(
      (_, { status }) => status === 404,
      ({ headers }) => headers.set('content-type', 'application/json'),
    ),
  },
  {
    id: 'not-acceptable-as-html',
    lie: 'Only a 406 is an HTML page.',
    breaks: ['list.406.media-type', 'retrieve.406.media-type', 'create.406.media-type', 'close.406.media-type'],
    tell: answer((_, { status }) => status === 406, html),
  },
  {
    id: 'truncated-group',
    lie: 'One retrieved group in three is cut off.',
    breaks: ['retrieve.200.media-type'],
    tell: cutOff(),
  },
  {
    id: 'method-405-without-allow',
    lie: 'A 405 does not name the allowed methods.',
    breaks: ['undeclared-method.allow'],
    tell: answer(
      (_, { status }) => status === 405,
      ({ headers }) => headers.delete('allow'),
    ),
  },
  {
    id: 'method-200',
    lie: 'PATCH and PUT do nothing and say 200.',
    breaks: ['undeclared-method.refused', 'undeclared-method.status'],
    tell: answer(
      (_, { status }) => status === 405,
      (answered) => void Object.assign(answered, { status: 200, body: '' }),
    ),
  },
  {
    id: 'method-500',
    lie: 'PATCH breaks the server.',
    breaks: ['undeclared-method.refused', 'undeclared-method.status', 'undocumented-refusal.media-type'],
    tell: answer(
      ({ method }, { status }) => method === 'PATCH' && status === 405,
      (answered) =>
        void Object.assign(answered, {
          status: 500,
          headers: new Headers({ 'content-type': 'text/plain', 'upvest-request-id': crypto.randomUUID() }),
          body: 'oops',
        }),
    ),
  },
  {
    id: 'method-409',
    lie: 'An undeclared method is a conflict.',
    breaks: ['undeclared-method.status'],
    tell: answer((_, { status }) => status === 405, refusesAs(409, 'conflict', 'Conflict')),
  },
  {
    id: 'method-plain',
    lie: 'A 405 is plain text.',
    breaks: ['undocumented-refusal.media-type'],
    tell: answer(
      (_, { status }) => status === 405,
      (answered) => {
        answered.headers.set('content-type', 'text/plain');
        answered.body = 'Method Not Allowed';
      },
    ),
  },
  {
    id: 'method-without-id',
    lie: 'A 405 carries no request id.',
    breaks: ['undocumented-refusal.upvest-request-id'],
    tell: answer(
      (_, { status }) => status === 405,
      ({ headers }) => headers.delete('upvest-request-id'),
    ),
  },
  {
    id: 'unauthorized-without-challenge',
    lie: 'A 401 does not say what it wants.',
    breaks: ['unauthorized.www-authenticate'],
    tell: answer(
      (_, { status }) => status === 401,
      ({ headers }) => headers.delete('www-authenticate'),
    ),
  },
  {
    id: 'request-id-on-success-only',
    lie: 'Refusals carry no request id.',
    breaks: ['list', 'create', 'retrieve', 'close']
      .flatMap((verb) =>
        ['400', '401', '403', '404', '406', '409']
          .filter((status) => documents(verb, status))
          .map((status) => `${verb}.${status}.upvest-request-id`),
      )
      .concat('undocumented-refusal.upvest-request-id'),
    tell: answer(
      (asked, { status }) => status >= 400 && asked.operation !== 'token',
      ({ headers }) => headers.delete('upvest-request-id'),
    ),
  },
  {
    id: 'request-id-not-on-202',
    lie: 'Only an accepted closing carries no request id.',
    breaks: ['close.202.upvest-request-id'],
    tell: answer(is('close', 202), ({ headers }) => headers.delete('upvest-request-id')),
  },
  {
    id: 'request-id-number',
    lie: 'Request ids are numbers.',
    breaks: ['upvest-request-id.format'],
    tell: answer(
      (asked) => asked.operation !== 'token',
      renumber((index) => String(1000 + index)),
    ),
  },
  {
    id: 'request-id-short-on-404',
    lie: 'Only a 404 has a request id without hyphens.',
    breaks: ['upvest-request-id.format'],
    tell: answer(
      (_, { status }) => status === 404,
      renumber(() => crypto.randomUUID().replaceAll('-', '')),
    ),
  },
  {
    id: 'request-id-constant',
    lie: 'Every answer carries the same request id.',
    breaks: ['request-id.unique'],
    tell: answer(
      () => true,
      renumber(() => '169ae4c7-ebd7-4041-94da-25369653eba7'),
    ),
  },
  {
    id: 'request-id-reused-once',
    lie: 'A single request id is used twice.',
    breaks: ['request-id.unique'],
    tell: answer(
      (asked) => asked.index === 60 || asked.index === 61,
      renumber(() => '169ae4c7-ebd7-4041-94da-25369653eba7'),
    ),
  },
];

function acceptAll(asked: Asked): void {
  asked.headers.set('accept', '*/*');
}

function documents(verb: string, status: string): boolean {
  const lists: Record<string, string[]> = {
    list: ['400', '401', '403', '406'],
    create: ['400', '401', '403', '404', '406'],
    retrieve: ['401', '403', '404', '406'],
    close: ['401', '403', '404', '406', '409'],
  };
  return lists[verb]?.includes(status) ?? false;
}

function json(answered: Answered): Headers {
  const headers = new Headers(answered.headers);
  headers.set('content-type', 'application/json');
  return headers;
}

function html(answered: Answered): void {
  answered.headers.set('content-type', 'text/html');
  answered.body = '<html><body>406</body></html>';
}

/** An empty object breaks every member that a group must have. */
function emptyGroup(): string[] {
  return [
    'retrieve.unknown-id',
    ...['id', 'created_at', 'updated_at', 'users', 'status', 'type', 'securities_account_number'].map(
      (member) => `account-group.${member}.required`,
    ),
  ];
}

const isUuid = (text: string) => /^[0-9a-f-]{36}$/i.test(text);

/** Changes the request id of an answer, in the header and in the problem. */
function renumber(make: (index: number) => string): (answered: Answered) => void {
  let index = 0;
  return (answered) => {
    const id = make(index++);
    answered.headers.set('upvest-request-id', id);
    const { body } = answered;
    if (typeof body === 'object' && body !== null && 'request_id' in body) body.request_id = id;
  };
}

/** True where a create request repeats an idempotency key. */
function repeats(asked: Asked): boolean {
  const key = asked.headers.get('idempotency-key') ?? '';
  const known = seen.has(key);
  seen.add(key);
  return known;
}
const seen = new Set<string>();

function cutOff(): Fault['tell'] {
  let count = 0;
  return answer(
    (asked, { status }) => asked.operation === 'retrieve' && status === 200 && count++ % 3 === 2,
    (answered) => void (answered.body = JSON.stringify(answered.body).slice(0, 40)),
  );
}
