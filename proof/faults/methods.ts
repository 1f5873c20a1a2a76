import { answer, answeredWith, type Fault, refused } from './fault.ts';
import { drops, typed } from './headers.ts';

/** Methods that the contract does not declare, answered otherwise than with a plain 405. */

export const methodFaults: Fault[] = [
  {
    id: 'method-405-without-allow',
    statement: 'A 405 does not name the allowed methods.',
    breaks: ['undeclared-method.allow'],
    intercept: answer(answeredWith(405), drops('allow')),
  },
  {
    id: 'method-405-allows-itself',
    statement: 'A 405 names the method that it refuses among those that are allowed.',
    breaks: ['undeclared-method.allow'],
    intercept: answer(answeredWith(405), ({ headers }, { method }) => headers.set('allow', `GET, ${method}`)),
  },
  {
    id: 'method-200',
    statement: 'PATCH and PUT do nothing and say 200.',
    breaks: ['undeclared-method.refused', 'undeclared-method.status'],
    intercept: answer(answeredWith(405), (answered) => void Object.assign(answered, { status: 200, body: '' })),
  },
  {
    id: 'method-500',
    statement: 'PATCH breaks the server.',
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
    statement: 'An undeclared method is a conflict.',
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
    statement: 'A 405 carries no request id.',
    breaks: ['undeclared-method.upvest-request-id'],
    intercept: answer(answeredWith(405), drops('upvest-request-id')),
  },
];
