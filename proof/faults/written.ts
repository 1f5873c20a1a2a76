import {
  type Answered,
  type Asked,
  answer,
  CREATE,
  type Fault,
  intercepting,
  is,
  isJson,
  LIST,
  problem,
  RETRIEVE,
  TOKEN,
} from './fault.ts';
import { drops, typed } from './headers.ts';

/** Answers with errors in their encoding, whatever their content. */

const VERBS = [LIST, CREATE, RETRIEVE] as const;
const refusals = (asked: Asked, { status, body }: Answered) => !is(TOKEN)(asked) && status >= 400 && isJson(body);

/** Where the errors occur: in the answers of one operation, or in problems. */
const PLACES: ReadonlyArray<readonly [id: string, when: (asked: Asked, answered: Answered) => boolean]> = [
  ...VERBS.map((verb) => [verb, is(verb, 200)] as const),
  ['problems', refusals],
  ['not-found', (asked, answered) => refusals(asked, answered) && answered.status === 404],
];

const MISSPELLINGS: ReadonlyArray<
  readonly [id: string, words: string, requirement: string, spell: (answered: Answered) => void]
> = [
  [
    'mark',
    'start with a byte order mark',
    'json.no-byte-order-mark',
    (answered) => void (answered.body = `\uFEFF${JSON.stringify(answered.body)}`),
  ],
  [
    'repeated-name',
    'repeat a member name',
    'json.unique-names',
    (answered) => {
      const [first = ''] = Object.keys(isJson(answered.body) ? answered.body : {});
      answered.body = JSON.stringify(answered.body).replace('{', `{${JSON.stringify(first)}:"x",`);
    },
  ],
  ['latin-1', 'have the charset iso-8859-1', 'content-type.parameters', charset('charset=iso-8859-1')],
  ['two-charsets', 'have two charset parameters', 'content-type.parameters', charset('charset=utf-8; charset=utf-8')],
  ['bare-parameter', 'have a charset without the parameter name', 'content-type.parameters', charset('utf-8')],
  [
    'two-ages',
    'have two age headers',
    'headers.single',
    ({ headers }) => void ['1', '2'].map((age) => headers.append('age', age)),
  ],
];

function charset(parameters: string) {
  return ({ headers }: Answered) => headers.set('content-type', `${headers.get('content-type')}; ${parameters}`);
}

/** A content-encoding that does not match the body. */
const miscoded: Fault[] = (['gzip', 'br', 'zip'] as const).map((coding) => ({
  id: `written-not-found-as-${coding}`,
  statement: `An unknown id is answered in JSON that claims to be ${coding}.`,
  breaks: [`${RETRIEVE}.404.media-type`],
  intercept: answer(is(RETRIEVE, 404), ({ headers }) => headers.set('content-encoding', coding)),
}));

const spellingFaults: Fault[] = PLACES.flatMap(([place, when]) =>
  MISSPELLINGS.map(([id, words, requirement, spell]) => ({
    id: `written-${place}-${id}`,
    statement: `Answers of ${place} ${words}.`,
    breaks: [requirement],
    intercept: answer(when, spell),
  })),
);

/** Refuses a wrong content type with a status that the contract does not document, and changes the answer. */
const unsupported = (change: (answered: Answered) => void) =>
  answer(
    (asked) => is(CREATE)(asked) && asked.text !== '' && asked.headers.get('content-type') !== 'application/json',
    (answered) => {
      Object.assign(answered, problem(415));
      change(answered);
    },
  );

export const writtenWrongly: Fault[] = [
  ...spellingFaults,
  ...miscoded,
  {
    id: 'undocumented-plain',
    statement: 'A 415 is plain text.',
    breaks: ['undocumented-refusal.media-type'],
    intercept: unsupported((answered) => {
      typed('text/plain')(answered);
      answered.body = 'Unsupported Media Type';
    }),
  },
  {
    id: 'undocumented-without-id',
    statement: 'A 415 has no request id.',
    breaks: ['undocumented-refusal.upvest-request-id'],
    intercept: unsupported(drops('upvest-request-id')),
  },
  {
    id: 'problem-one-type',
    statement: 'Every problem has the same type.',
    breaks: ['problem.type-one-status'],
    intercept: answer(
      refusals,
      ({ body }) => void (isJson(body) && Object.assign(body, { type: 'error', title: 'Error' })),
    ),
  },
  {
    id: 'problem-two-statuses',
    statement: 'A 406 has the type of a 404.',
    breaks: ['problem.type-one-status'],
    intercept: answer(
      (asked, answered) => refusals(asked, answered) && answered.status === 406,
      ({ body }) => void (isJson(body) && Object.assign(body, { type: 'not_found' })),
    ),
  },
  {
    id: 'problem-one-instance',
    statement: 'All problems have the same instance.',
    breaks: ['problem.instance-unique'],
    intercept: answer(refusals, ({ body }) => void (isJson(body) && (body.instance = '/errors/1'))),
  },
  {
    id: 'problem-instance-repeated',
    statement: 'Two problems have the same instance.',
    breaks: ['problem.instance-unique'],
    intercept: intercepting(() => {
      let count = 0;
      return async (asked, forward) => {
        const answered = await forward();
        if (!refusals(asked, answered) || !isJson(answered.body)) return answered;
        count++;
        answered.body.instance = `urn:uuid:${count === 7 || count === 8 ? 1 : crypto.randomUUID()}`;
        return answered;
      };
    }),
  },
];
