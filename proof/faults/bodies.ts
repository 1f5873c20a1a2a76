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

/** Media types that were not asked for or are not what the body is, and bodies that should not be there. */

const acceptAll = ({ headers }: Asked) => headers.set('accept', '*/*');

export const bodyFaults = (about: Subject): Fault[] => [
  {
    id: 'close-with-group',
    lie: 'A closing is answered with a group in the body.',
    breaks: ['close.202.empty-body'],
    tell: answer(is(CLOSE, 202), (answered) => void (answered.body = { status: 'closing' })),
  },
  {
    id: 'close-with-blank',
    lie: 'A closing is answered with a single line break.',
    breaks: ['close.202.empty-body'],
    tell: answer(is(CLOSE, 202), (answered) => void (answered.body = '\n')),
  },
  {
    id: 'list-406-ignored',
    lie: 'The list ignores Accept.',
    breaks: ['list.not-acceptable'],
    tell: request(is(LIST), acceptAll),
  },
  {
    id: 'retrieve-406-ignored',
    lie: 'Retrieving ignores Accept.',
    breaks: ['retrieve.not-acceptable'],
    tell: request(is(RETRIEVE), acceptAll),
  },
  {
    id: 'create-406-ignored',
    lie: 'Creating ignores Accept.',
    breaks: ['create.not-acceptable'],
    tell: request(is(CREATE), acceptAll),
  },
  {
    id: 'close-406-ignored',
    lie: 'Closing ignores Accept.',
    breaks: ['close.not-acceptable'],
    tell: request(is(CLOSE), acceptAll),
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
      'token.not-acceptable',
      'token.status-documented',
      ...about.verbs.flatMap((verb) => [`${verb}.not-acceptable`, `${verb}.status-documented`]),
      ...[LIST, RETRIEVE].flatMap((verb) => [`${verb}.caller.unrelated-scope`, `${verb}.caller.no-token`]),
    ],
    tell: answer(answeredWith(406), refused(415)),
  },
  {
    id: 'list-as-html',
    lie: 'The list calls itself HTML.',
    breaks: ['list.200.media-type'],
    tell: answer(is(LIST, 200), typed('text/html; charset=utf-8')),
  },
  {
    id: 'retrieve-without-type',
    lie: 'A group has no content-type.',
    breaks: ['retrieve.200.media-type'],
    tell: answer(is(RETRIEVE, 200), drops('content-type')),
  },
  {
    id: 'not-found-as-json',
    lie: 'A 404 is plain JSON.',
    breaks: about.contract.operations
      .filter(({ responses }) => responses.has('404'))
      .map(({ name }) => `${name}.404.media-type`),
    tell: answer(answeredWith(404), typed('application/json')),
  },
  {
    id: 'not-acceptable-as-html',
    lie: 'Only a 406 is an HTML page.',
    breaks: [...about.verbs, TOKEN].map((verb) => `${verb}.406.media-type`),
    tell: answer(answeredWith(406), (answered) => {
      typed('text/html')(answered);
      answered.body = '<html><body>406</body></html>';
    }),
  },
  {
    id: 'truncated-group',
    lie: 'One retrieved group in three is cut off.',
    breaks: ['retrieve.200.media-type'],
    tell: oneIn(3, is(RETRIEVE, 200), (answered) => void (answered.body = JSON.stringify(answered.body).slice(0, 40))),
  },
];
