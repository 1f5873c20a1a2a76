import { type Answered, type Asked, answer, answeredWith, CLOSE, type Fault, is, isJson, TOKEN } from './fault.ts';
import { isReached } from './reached.ts';
import type { Subject } from './subject.ts';

/** Missing and wrong headers. */

/** Removes a header. */
export const drops =
  (name: string) =>
  ({ headers }: Answered) =>
    headers.delete(name);

/** Changes the media type of a body. */
export const typed =
  (mediaType: string) =>
  ({ headers }: Answered) =>
    headers.set('content-type', mediaType);

/** Changes the request id of an answer, in the header and in the problem. */
const renumber = (make: (asked: Asked) => string) => (answered: Answered, asked: Asked) => {
  const id = make(asked);
  answered.headers.set('upvest-request-id', id);
  if (isJson(answered.body) && 'request_id' in answered.body) answered.body.request_id = id;
};

const OLD_ID = '169ae4c7-ebd7-4041-94da-25369653eba7';

/** The documented refusals that the suite can provoke, as `operation.status`. */
const refusalsOf = ({ contract }: Subject) =>
  contract.operations.flatMap(({ name, responses }) =>
    [...responses.values()]
      .filter(({ status }) => status >= '400' && isReached(name, status))
      .map(({ status }) => `${name}.${status}`),
  );

export const headerFaults = (about: Subject): Fault[] => [
  {
    id: 'unauthorized-without-challenge',
    statement: 'A 401 has no www-authenticate.',
    breaks: ['unauthorized.www-authenticate'],
    intercept: answer(answeredWith(401), drops('www-authenticate')),
  },
  {
    id: 'request-id-on-success-only',
    statement: 'Refusals have no request id.',
    breaks: [
      ...refusalsOf(about).map((refusal) => `${refusal}.upvest-request-id`),
      'undeclared-method.upvest-request-id',
      'undocumented-refusal.upvest-request-id',
      'webhook.upvest-request-id',
    ],
    intercept: answer((_, { status }) => status >= 400, drops('upvest-request-id')),
  },
  {
    id: 'request-id-not-on-202',
    statement: 'An accepted closing has no request id.',
    breaks: ['close.202.upvest-request-id'],
    intercept: answer(is(CLOSE, 202), drops('upvest-request-id')),
  },
  {
    id: 'request-id-number',
    statement: 'Request ids are numbers.',
    breaks: ['upvest-request-id.format'],
    intercept: answer(
      (asked) => asked.operation !== TOKEN,
      renumber(({ index }) => String(1000 + index)),
    ),
  },
  {
    id: 'request-id-short-on-404',
    statement: 'A 404 has a request id without hyphens.',
    breaks: ['upvest-request-id.format'],
    intercept: answer(
      answeredWith(404),
      renumber(() => crypto.randomUUID().replaceAll('-', '')),
    ),
  },
  {
    id: 'request-id-constant',
    statement: 'All answers have the same request id.',
    breaks: ['request-id.unique'],
    intercept: answer(
      () => true,
      renumber(() => OLD_ID),
    ),
  },
  {
    id: 'request-id-reused-once',
    statement: 'A single request id is used twice.',
    breaks: ['request-id.unique'],
    intercept: answer(
      (asked) => asked.index === 60 || asked.index === 61,
      renumber(() => OLD_ID),
    ),
  },
];
