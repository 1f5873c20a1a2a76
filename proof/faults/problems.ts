import {
  type Answered,
  type Asked,
  answer,
  answeredWith,
  type Fault,
  groups,
  intercepting,
  is,
  isJson,
  LIST,
  oneIn,
  RETRIEVE,
  TOKEN,
} from './fault.ts';
import { subjectOf } from './subject.ts';

/** Problems that are inconsistent, or that disclose too much. */

const refusal = (asked: Asked, { status }: Answered) => status >= 400 && !is(TOKEN)(asked);
const member =
  (name: string, value: (answered: Answered, asked: Asked) => unknown) => (answered: Answered, asked: Asked) => {
    if (isJson(answered.body)) answered.body[name] = value(answered, asked);
  };

const DETAILS: ReadonlyArray<readonly [id: string, words: string, detail: string]> = [
  [
    'java-stack',
    'a Java stack trace',
    'java.lang.NullPointerException: user\n\tat com.bank.groups.GroupService.create(GroupService.java:42)',
  ],
  ['node-stack', 'a Node stack trace', 'TypeError: x is undefined\n    at createGroup (/srv/app/dist/groups.js:10:15)'],
  [
    'python-stack',
    'a Python traceback',
    'Traceback (most recent call last):\n  File "/app/groups.py", line 12, in create',
  ],
  ['go-panic', 'a Go panic', 'panic: runtime error: index out of range\ngoroutine 17 [running]:'],
  ['sql', 'a SQL statement', 'SELECT id, status FROM account_groups WHERE id = $1'],
  ['source-path', 'the path of a source file', 'validation failed in internal/groups/handler.go:118'],
  ['exception-class', 'the class of an exception', 'org.postgresql.util.PSQLException'],
];

export const problemFaults: Fault[] = [
  {
    id: 'problem-status-500',
    statement: 'Every problem has the status member 500.',
    breaks: ['problem.status-equals-http'],
    intercept: answer(
      refusal,
      member('status', () => 500),
    ),
  },
  {
    id: 'problem-status-on-403',
    statement: 'A 403 has the status member 401.',
    breaks: ['problem.status-equals-http'],
    intercept: answer(
      answeredWith(403),
      member('status', () => 401),
    ),
  },
  {
    id: 'problem-status-one-in-five',
    statement: 'One problem in five has the status member 200.',
    breaks: ['problem.status-equals-http'],
    intercept: oneIn(
      5,
      refusal,
      member('status', () => 200),
    ),
  },
  {
    id: 'problem-status-phrase',
    statement: 'The status member of a 404 is its reason phrase.',
    breaks: ['problem.status.type'],
    intercept: answer(
      answeredWith(404),
      member('status', () => 'Not Found'),
    ),
  },
  {
    id: 'problem-other-request-id',
    statement: 'request_id differs from the header.',
    breaks: ['problem.request-id-equals-header'],
    intercept: answer(
      refusal,
      member('request_id', () => crypto.randomUUID()),
    ),
  },
  {
    id: 'problem-old-request-id',
    statement: 'A 400 of the list has an old request_id.',
    breaks: ['problem.request-id-equals-header'],
    intercept: answer(
      (asked, { status }) => asked.operation === LIST && status === 400,
      member('request_id', () => '169ae4c7-ebd7-4041-94da-25369653eba7'),
    ),
  },
  {
    id: 'problem-changing-title',
    statement: 'The title depends on the request.',
    breaks: ['problem.title-constant'],
    intercept: answer(
      refusal,
      member('title', (_, asked) => `Refused: ${asked.method} number ${asked.index}`),
    ),
  },
  {
    id: 'problem-two-titles',
    statement: 'A 401 of retrieve has another title.',
    breaks: ['problem.title-constant'],
    intercept: answer(
      (asked, { status }) => asked.operation === RETRIEVE && status === 401,
      member('title', () => 'Who are you?'),
    ),
  },
  {
    id: 'problem-two-titles-400',
    statement: 'A 400 of retrieve has another title.',
    breaks: ['problem.title-constant'],
    intercept: answer(
      (asked, { status }) => asked.operation === RETRIEVE && status === 400,
      member('title', () => 'What?'),
    ),
  },
  {
    id: 'problem-in-oauth-shape',
    statement: 'A 401 has the shape of an OAuth error.',
    breaks: ['problem.type.required', 'problem.status.required', 'problem.additionalProperties'],
    intercept: answer(answeredWith(401), (answered) => void (answered.body = { error: 'invalid_token' })),
  },
  ...(['id', 'number'] as const).map(
    (what): Fault => ({
      id: `problem-with-another-${what}`,
      statement: `What is not found is answered with the ${what} of another group.`,
      breaks: ['problem.no-foreign-data'],
      intercept: intercepting(({ contract }) => {
        const member = what === 'id' ? 'id' : subjectOf(contract).number;
        let known: unknown;
        return async (_, forward) => {
          const answered = await forward();
          known ??= groups(answered).find((one) => String(one.created_at) < '2026')?.[member];
          if (answered.status === 404 && isJson(answered.body) && known !== undefined)
            answered.body.detail = `Did you mean ${known}?`;
          return answered;
        };
      }),
    }),
  ),
  ...DETAILS.map(([id, words, detail]) => ({
    id: `problem-with-${id}`,
    statement: `A problem contains ${words}.`,
    breaks: ['problem.no-internals'],
    intercept: answer(
      answeredWith(400),
      member('detail', () => detail),
    ),
  })),
  {
    id: 'problem-with-stack-in-details',
    statement: 'One refusal in five contains a stack trace in details.',
    breaks: ['problem.no-internals'],
    intercept: oneIn(
      5,
      refusal,
      member('details', () => 'Error\n    at handle (/usr/src/app/server.ts:7:1)'),
    ),
  },
];
