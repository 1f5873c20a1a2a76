import { type Asked, answer, CREATE, empty, type Fault, is, lying, readJson, refuse, request } from './fault.ts';
import type { Subject } from './subject.ts';

/** Bodies that should have been refused, and bodies that break the server. */

const contentType = (asked: Asked) => asked.headers.get('content-type');
const isUnreadable = (asked: Asked) =>
  is(CREATE)(asked) &&
  contentType(asked) === 'application/json' &&
  asked.text !== '' &&
  readJson(asked.text) === undefined;

/** Remembers a good body, and puts it in the place of bodies that a condition picks. */
function generous(when: (asked: Asked) => boolean): Fault['tell'] {
  return lying(() => {
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

/** True for a body that breaks one promise of its schema, and no other one. */
function breaksOnly({ contract, operation, json }: Asked, promise: string): boolean {
  const schema = contract.resource.create?.requestBody?.schema;
  const broken = schema === undefined ? [] : contract.schemas.judge(schema, json).violations;
  const expected = contract.requirements.get(`${operation}.body.${promise}`)?.pointer;
  return broken.length > 0 && broken.every(({ pointer }) => pointer === expected);
}

export const requestBodyFaults = (about: Subject): Fault[] => [
  {
    id: 'broken-json-accepted',
    lie: 'A body that is no JSON is guessed at.',
    breaks: ['create.malformed-json'],
    tell: generous(isUnreadable),
  },
  {
    id: 'broken-json-500',
    lie: 'A body that is no JSON breaks the server.',
    breaks: ['create.no-server-error', 'create.malformed-json'],
    tell: refuse(isUnreadable, 500),
  },
  {
    id: 'broken-json-422',
    lie: 'A body that is no JSON is unprocessable.',
    breaks: ['create.malformed-json', 'create.status-documented'],
    tell: refuse(isUnreadable, 422),
  },
  {
    id: 'empty-body-accepted',
    lie: 'A creation without a body creates what was created last.',
    breaks: ['create.empty-body'],
    tell: generous((asked) => asked.text === ''),
  },
  {
    id: 'empty-body-500',
    lie: 'A creation without a body breaks the server.',
    breaks: ['create.no-server-error', 'create.empty-body'],
    tell: refuse((asked) => is(CREATE)(asked) && asked.text === '', 500),
  },
  {
    id: 'content-type-ignored',
    lie: 'The content type is not looked at.',
    breaks: ['create.wrong-content-type', 'create.wrong-content-type-status'],
    tell: request(
      (asked) => is(CREATE)(asked) && contentType(asked) !== 'application/json',
      (asked) => asked.headers.set('content-type', 'application/json'),
    ),
  },
  {
    id: 'form-accepted',
    lie: 'A form is taken for JSON.',
    breaks: ['create.wrong-content-type', 'create.wrong-content-type-status'],
    tell: generous((asked) => contentType(asked) === 'application/x-www-form-urlencoded'),
  },
  {
    id: 'content-type-500',
    lie: 'XML breaks the server.',
    breaks: ['create.no-server-error', 'create.wrong-content-type', 'create.wrong-content-type-status'],
    tell: refuse((asked) => is(CREATE)(asked) && contentType(asked) === 'application/xml', 500),
  },
  {
    id: 'content-type-404',
    lie: 'Plain text is answered with 404.',
    breaks: ['create.wrong-content-type-status'],
    tell: refuse((asked) => is(CREATE)(asked) && contentType(asked) === 'text/plain', 404),
  },
  {
    id: 'list-body-accepted',
    lie: 'A list of bodies is taken for its first.',
    breaks: ['create.body.type'],
    tell: generous((asked) => contentType(asked) === 'application/json' && asked.text.startsWith('[')),
  },
  {
    id: 'null-body-500',
    lie: 'A body that is null breaks the server.',
    breaks: ['create.no-server-error', 'create.body.type'],
    tell: refuse((asked) => is(CREATE)(asked) && asked.text === 'null', 500),
  },
  {
    id: 'null-type-accepted',
    lie: `A type of null is taken for ${about.usual}.`,
    breaks: [`create.body.${about.choice}.type`],
    tell: generous(
      (asked) =>
        asked.json[about.choice] === null && about.owner in asked.json && !('undocumented_member' in asked.json),
    ),
  },
  {
    id: 'lower-case-type-accepted',
    lie: 'A type in lower case is accepted.',
    breaks: [`create.body.${about.choice}.enum`],
    tell: generous((asked) => asked.json[about.choice] === about.usual.toLowerCase()),
  },
  {
    id: 'empty-type-accepted',
    lie: `An empty type is taken for ${about.usual}.`,
    breaks: [`create.body.${about.choice}.enum`],
    tell: generous((asked) => asked.json[about.choice] === ''),
  },
  {
    id: 'short-user-accepted',
    lie: 'A user id that is cut off is completed.',
    breaks: [`create.body.${about.owner}.format`],
    tell: generous((asked) => String(asked.json[about.owner]).length === 35),
  },
  {
    id: 'missing-type-500',
    lie: 'A missing type breaks the server.',
    breaks: ['create.no-server-error', `create.body.${about.choice}.required`],
    tell: refuse((asked) => is(CREATE)(asked) && breaksOnly(asked, `${about.choice}.required`), 500),
  },
  {
    id: 'refused-with-202',
    lie: 'A body that breaks the schema is accepted for later.',
    breaks: ['create.body.additionalProperties', 'create.status-documented'],
    tell: answer(
      (asked, answered) => is(CREATE, 400)(asked, answered) && 'undocumented_member' in asked.json,
      (answered) => void Object.assign(answered, empty(202)),
    ),
  },
];
