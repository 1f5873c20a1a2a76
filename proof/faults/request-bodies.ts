import { violatesOnly } from './broken-parts.ts';
import { type Asked, answer, CREATE, empty, type Fault, intercepting, is, readJson, refuse, request } from './fault.ts';
import type { Subject } from './subject.ts';

/** Bodies that should be refused, or that cause an error of the server. */

const contentType = (asked: Asked) => asked.headers.get('content-type');
const isUnreadable = (asked: Asked) =>
  is(CREATE)(asked) &&
  contentType(asked) === 'application/json' &&
  asked.text !== '' &&
  readJson(asked.text) === undefined;

/** Remembers a valid body, and replaces the bodies that a condition selects by it. */
function generous(when: (asked: Asked) => boolean): Fault['intercept'] {
  return intercepting(() => {
    let good: string | undefined;
    return async (asked, forward) => {
      if (!is(CREATE)(asked)) return forward();
      if (!when(asked)) {
        const answered = await forward();
        if (answered.status === 200) good = asked.text;
        return answered;
      }
      const headers = new Headers(asked.headers);
      headers.set('content-type', 'application/json');
      return forward({ ...asked, headers, text: good ?? asked.text });
    };
  });
}

/** Whether a body violates one promise of its schema, and no other. */
function breaksOnly({ contract, operation, json }: Asked, promise: string): boolean {
  const schema = contract.resource.create?.requestBody?.schema;
  const expected = contract.requirements.get(`${operation}.body.${promise}`)?.pointer;
  return schema !== undefined && violatesOnly(contract, schema, json, expected);
}

export const requestBodyFaults = (about: Subject): Fault[] => [
  {
    id: 'broken-json-accepted',
    statement: 'A body that is not JSON creates a group.',
    breaks: ['create.malformed-json'],
    intercept: generous(isUnreadable),
  },
  {
    id: 'broken-json-500',
    statement: 'A body that is not JSON is answered with 500.',
    breaks: ['create.no-server-error', 'create.malformed-json'],
    intercept: refuse(isUnreadable, 500),
  },
  {
    id: 'broken-json-422',
    statement: 'A body that is not JSON is answered with 422.',
    breaks: ['create.malformed-json', 'create.status-documented'],
    intercept: refuse(isUnreadable, 422),
  },
  {
    id: 'empty-body-accepted',
    statement: 'A creation without a body creates a group like the last one.',
    breaks: ['create.empty-body'],
    intercept: generous((asked) => asked.text === ''),
  },
  {
    id: 'empty-body-500',
    statement: 'A creation without a body is answered with 500.',
    breaks: ['create.no-server-error', 'create.empty-body'],
    intercept: refuse((asked) => is(CREATE)(asked) && asked.text === '', 500),
  },
  {
    id: 'content-type-ignored',
    statement: 'The content type is ignored.',
    breaks: ['create.wrong-content-type', 'create.wrong-content-type-status'],
    intercept: request(
      (asked) => is(CREATE)(asked) && contentType(asked) !== 'application/json',
      (asked) => asked.headers.set('content-type', 'application/json'),
    ),
  },
  {
    id: 'form-accepted',
    statement: 'A form is accepted instead of JSON.',
    breaks: ['create.wrong-content-type', 'create.wrong-content-type-status'],
    intercept: generous((asked) => contentType(asked) === 'application/x-www-form-urlencoded'),
  },
  {
    id: 'content-type-500',
    statement: 'XML is answered with 500.',
    breaks: ['create.no-server-error', 'create.wrong-content-type', 'create.wrong-content-type-status'],
    intercept: refuse((asked) => is(CREATE)(asked) && contentType(asked) === 'application/xml', 500),
  },
  {
    id: 'content-type-404',
    statement: 'Plain text is answered with 404.',
    breaks: ['create.wrong-content-type-status'],
    intercept: refuse((asked) => is(CREATE)(asked) && contentType(asked) === 'text/plain', 404),
  },
  {
    id: 'list-body-accepted',
    statement: 'A JSON array is accepted as a body.',
    breaks: ['create.body.type'],
    intercept: generous((asked) => contentType(asked) === 'application/json' && asked.text.startsWith('[')),
  },
  {
    id: 'null-body-500',
    statement: 'The body null is answered with 500.',
    breaks: ['create.no-server-error', 'create.body.type'],
    intercept: refuse((asked) => is(CREATE)(asked) && asked.text === 'null', 500),
  },
  {
    id: 'null-type-accepted',
    statement: `The type null is accepted as ${about.usual}.`,
    breaks: [`create.body.${about.choice}.type`],
    intercept: generous(
      (asked) =>
        asked.json[about.choice] === null && about.owner in asked.json && !('undocumented_member' in asked.json),
    ),
  },
  {
    id: 'lower-case-type-accepted',
    statement: 'A type in lower case is accepted.',
    breaks: [`create.body.${about.choice}.enum`],
    intercept: generous((asked) => asked.json[about.choice] === about.usual.toLowerCase()),
  },
  {
    id: 'empty-type-accepted',
    statement: `An empty type is accepted as ${about.usual}.`,
    breaks: [`create.body.${about.choice}.enum`],
    intercept: generous((asked) => asked.json[about.choice] === ''),
  },
  {
    id: 'short-user-accepted',
    statement: 'A truncated owner id is accepted.',
    breaks: [`create.body.${about.owner}.format`],
    intercept: generous((asked) => String(asked.json[about.owner]).length === 35),
  },
  {
    id: 'missing-type-500',
    statement: 'A missing type is answered with 500.',
    breaks: ['create.no-server-error', `create.body.${about.choice}.required`],
    intercept: refuse((asked) => is(CREATE)(asked) && breaksOnly(asked, `${about.choice}.required`), 500),
  },
  {
    id: 'refused-with-202',
    statement: 'A body with an undocumented member is answered with 202.',
    breaks: ['create.body.additionalProperties', 'create.status-documented'],
    intercept: answer(
      (asked, answered) => is(CREATE, 400)(asked, answered) && 'undocumented_member' in asked.json,
      (answered) => void Object.assign(answered, empty(202)),
    ),
  },
];
