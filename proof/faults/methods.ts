import { answer, answeredWith, type Fault, refused } from './fault.ts';
import { drops, typed } from './headers.ts';

/** Wrong answers to methods that the contract does not declare. */

export const methodFaults: Fault[] = [
  {
    id: 'method-405-without-allow',
    statement: 'A 405 has no allow header.',
    breaks: ['undeclared-method.allow'],
    intercept: answer(answeredWith(405), drops('allow')),
  },
  {
    id: 'method-405-allows-itself',
    statement: 'The allow header of a 405 contains the refused method.',
    breaks: ['undeclared-method.allow'],
    intercept: answer(answeredWith(405), ({ headers }, { method }) => headers.set('allow', `GET, ${method}`)),
  },
  {
    id: 'method-200',
    statement: 'Undeclared methods are answered with 200.',
    breaks: ['undeclared-method.refused', 'undeclared-method.status'],
    intercept: answer(answeredWith(405), (answered) => void Object.assign(answered, { status: 200, body: '' })),
  },
  {
    id: 'method-500',
    statement: 'PATCH is answered with 500.',
    breaks: ['undeclared-method.refused', 'undeclared-method.status', 'undeclared-method.media-type'],
    intercept: answer(
      ({ method }, { status }) => method === 'PATCH' && status === 405,
      (answered) => {
        Object.assign(answered, { status: 500, body: 'oops' });
        typed('text/plain')(answered);
      },
    ),
  },
  {
    id: 'method-409',
    statement: 'An undeclared method is answered with 409.',
    breaks: ['undeclared-method.status'],
    intercept: answer(answeredWith(405), refused(409)),
  },
  {
    id: 'method-plain',
    statement: 'A 405 is plain text.',
    breaks: ['undeclared-method.media-type'],
    intercept: answer(answeredWith(405), (answered) => {
      typed('text/plain')(answered);
      answered.body = 'Method Not Allowed';
    }),
  },
  {
    id: 'method-without-id',
    statement: 'A 405 has no request id.',
    breaks: ['undeclared-method.upvest-request-id'],
    intercept: answer(answeredWith(405), drops('upvest-request-id')),
  },
];
