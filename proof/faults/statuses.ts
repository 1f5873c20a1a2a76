import {
  type Asked,
  answer,
  becomes,
  CLOSE,
  CREATE,
  empty,
  type Fault,
  intercepting,
  is,
  isUuid,
  LIST,
  RETRIEVE,
  refused,
} from './fault.ts';
import type { Subject } from './subject.ts';

/** Answers with a wrong status. */

const HYPHENATED = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Gives a creation another status, but not its repetitions under the same key. */
function creationBecomes(status: number, when: (asked: Asked) => boolean = () => true): Fault['intercept'] {
  return intercepting(() => {
    const keys = new Set<string | null>();
    return async (asked, forward) => {
      const answered = await forward();
      const key = asked.headers.get('idempotency-key');
      if (is(CREATE, 200)(asked, answered) && when(asked) && !keys.has(key)) {
        keys.add(key);
        answered.status = status;
      }
      return answered;
    };
  });
}

const creationAnswered = (status: number): Fault => ({
  id: `create-${status}`,
  statement: `A creation is answered with ${status}.`,
  breaks: [
    'create.allowed',
    'create.own-rules',
    'create.status-documented',
    'create.caller.accounts-admin',
    'create.caller.all-scopes',
  ],
  intercept: creationBecomes(status),
});

/** What is violated if every id that names no group is answered wrongly. */
const unknownId = ({ resource }: Subject, verb: string) =>
  ['odd-id', 'unknown-id', `path.${resource.idParameter}.format`].map((promise) => `${verb}.${promise}`);

export const statusFaults = (about: Subject): Fault[] => [
  {
    id: 'list-201',
    statement: 'The list is answered with 201.',
    breaks: [
      'list.allowed',
      'list.status-documented',
      'list.caller.accounts-read',
      'list.caller.accounts-admin',
      'list.caller.all-scopes',
      'list.limit-zero',
      'list.unknown-query',
    ],
    mayBreak: ['list.unusual-query', 'list.query.sort.served'],
    intercept: answer(is(LIST, 200), becomes(201)),
  },
  creationAnswered(201),
  {
    id: 'create-201-legal-entity',
    statement: `The creation of a ${about.other} is answered with 201.`,
    breaks: ['create.allowed', 'create.own-rules', 'create.status-documented', 'create.caller.all-scopes'],
    intercept: creationBecomes(201, (asked) => asked.json[about.choice] === about.other),
  },
  creationAnswered(202),
  ...[200, 204].map(
    (status): Fault => ({
      id: `close-${status}`,
      statement: `A closing is answered with ${status}.`,
      breaks: ['close.allowed', 'close.status-documented', 'close.caller.accounts-admin', 'close.caller.all-scopes'],
      intercept: answer(is(CLOSE, 202), becomes(status)),
    }),
  ),
  {
    id: 'close-404-as-202',
    statement: 'Closing an unknown group is answered with 202.',
    breaks: unknownId(about, CLOSE),
    intercept: answer(is(CLOSE, 404), (answered) => void Object.assign(answered, empty(202))),
  },
  {
    id: 'close-unknown-409',
    statement: 'Closing an unknown group is answered with 409.',
    breaks: unknownId(about, CLOSE),
    intercept: answer(is(CLOSE, 404), refused(409)),
  },
  {
    id: 'retrieve-unknown-200',
    statement: 'An unknown id is answered with an empty object.',
    breaks: [
      'retrieve.unknown-id',
      'retrieve.odd-id',
      ...about.resource.members.filter(({ required }) => required).map(({ name }) => about.of(`${name}.required`)),
    ],
    intercept: answer(
      (asked, answered) => is(RETRIEVE, 404)(asked, answered) && HYPHENATED.test(asked.id),
      (answered) => {
        Object.assign(answered, { status: 200, body: {} });
        answered.headers.set('content-type', 'application/json');
      },
    ),
  },
  {
    id: 'retrieve-unknown-403',
    statement: 'An unknown id is answered with 403.',
    breaks: unknownId(about, RETRIEVE),
    intercept: answer(is(RETRIEVE, 404), refused(403)),
  },
  {
    id: 'retrieve-unknown-410',
    statement: 'An unknown id is answered with 410.',
    breaks: [...unknownId(about, RETRIEVE), 'retrieve.status-documented'],
    intercept: answer(is(RETRIEVE, 404), refused(410)),
  },
  {
    id: 'retrieve-malformed-500',
    statement: 'A malformed id is answered with 500.',
    breaks: ['retrieve.odd-id', 'retrieve.no-server-error', `retrieve.path.${about.resource.idParameter}.format`],
    intercept: answer((asked, answered) => is(RETRIEVE, 404)(asked, answered) && !isUuid(asked.id), refused(500)),
  },
  {
    id: 'create-unknown-user-500',
    statement: 'An unknown owner is answered with 500.',
    breaks: ['create.no-server-error', 'create.unknown-user'],
    intercept: answer(is(CREATE, 404), refused(500)),
  },
  {
    id: 'create-unknown-user-422',
    statement: 'An unknown owner is answered with 422.',
    breaks: ['create.unknown-user', 'create.status-documented'],
    intercept: answer(is(CREATE, 404), refused(422)),
  },
];
