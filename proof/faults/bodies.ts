import {
  type Asked,
  answer,
  answeredWith,
  CLOSE,
  CREATE,
  type Fault,
  is,
  LIST,
  oneIn,
  RETRIEVE,
  refused,
  request,
  TOKEN,
} from './fault.ts';
import { drops, typed } from './headers.ts';
import type { Subject } from './subject.ts';

/** Media types that are not acceptable or do not match the body, and bodies that must be empty. */

const acceptAll = ({ headers }: Asked) => headers.set('accept', '*/*');
const VERBS = [
  [LIST, 'The list'],
  [RETRIEVE, 'Retrieving'],
  [CREATE, 'Creating'],
  [CLOSE, 'Closing'],
] as const;

export const bodyFaults = (about: Subject): Fault[] => [
  {
    id: 'close-with-group',
    statement: 'A closing is answered with a group in the body.',
    breaks: ['close.202.empty-body'],
    intercept: answer(is(CLOSE, 202), (answered) => void (answered.body = { status: 'closing' })),
  },
  {
    id: 'close-with-blank',
    statement: 'A closing is answered with a single line break.',
    breaks: ['close.202.empty-body'],
    intercept: answer(is(CLOSE, 202), (answered) => void (answered.body = '\n')),
  },
  ...VERBS.map(
    ([verb, who]): Fault => ({
      id: `${verb}-406-ignored`,
      statement: `${who} ignores Accept.`,
      breaks: [`${verb}.not-acceptable`],
      intercept: request(is(verb), acceptAll),
    }),
  ),
  {
    id: 'html-not-refused',
    statement: 'Requests that accept only text/html are served as JSON.',
    breaks: ['list.not-acceptable', 'retrieve.not-acceptable'],
    intercept: request((asked) => asked.method === 'GET' && asked.headers.get('accept') === 'text/html', acceptAll),
  },
  {
    id: 'not-acceptable-415',
    statement: 'An unacceptable Accept is answered with 415.',
    breaks: [
      'token.not-acceptable',
      'token.status-documented',
      ...about.verbs.flatMap((verb) => [`${verb}.not-acceptable`, `${verb}.status-documented`]),
      ...[LIST, RETRIEVE].flatMap((verb) => [`${verb}.caller.unrelated-scope`, `${verb}.caller.no-token`]),
    ],
    intercept: answer(answeredWith(406), refused(415)),
  },
  {
    id: 'list-as-html',
    statement: 'The list has the media type text/html.',
    breaks: ['list.200.media-type'],
    intercept: answer(is(LIST, 200), typed('text/html; charset=utf-8')),
  },
  {
    id: 'retrieve-without-type',
    statement: 'A retrieved group has no content-type.',
    breaks: ['retrieve.200.media-type'],
    intercept: answer(is(RETRIEVE, 200), drops('content-type')),
  },
  {
    id: 'not-found-as-json',
    statement: 'A 404 has the media type application/json.',
    breaks: about.contract.operations
      .filter(({ responses }) => responses.has('404'))
      .map(({ name }) => `${name}.404.media-type`),
    intercept: answer(answeredWith(404), typed('application/json')),
  },
  {
    id: 'not-acceptable-as-html',
    statement: 'A 406 is an HTML page.',
    breaks: [...about.verbs, TOKEN].map((verb) => `${verb}.406.media-type`),
    intercept: answer(answeredWith(406), (answered) => {
      typed('text/html')(answered);
      answered.body = '<html><body>406</body></html>';
    }),
  },
  {
    id: 'truncated-group',
    statement: 'One retrieved group in three is truncated.',
    breaks: ['retrieve.200.media-type'],
    intercept: oneIn(
      3,
      is(RETRIEVE, 200),
      (answered) => void (answered.body = JSON.stringify(answered.body).slice(0, 40)),
    ),
  },
];
