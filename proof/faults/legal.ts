import { admitting } from '../../harness/contract/spellings.ts';
import {
  type Asked,
  answer,
  CLOSE,
  CREATE,
  type Fault,
  groups,
  is,
  keep,
  LIST,
  mayWrite,
  meta,
  RETRIEVE,
  readJson,
  refuse,
  refused,
  TOKEN,
} from './fault.ts';
import { isPage, offsetOf, query } from './listing.ts';
import type { Subject } from './subject.ts';
import { formOf } from './tokens.ts';

/** Valid requests that are not served: one spelling of one value, or one caller in one situation. */

const READS = [LIST, RETRIEVE] as const;
const SPELT = [...READS, TOKEN] as const;
const HEADERS = { 'upvest-client-id': 'in upper case', 'upvest-api-version': 'whenever it is sent' };
const SINGLE_SCOPES = ['accounts:read', 'accounts:admin'];

const isUpper = (text: string) => text !== text.toLowerCase() && text === text.toUpperCase();
const header = ({ headers }: Asked, name: string) => headers.get(name) ?? undefined;

/** Refuses an Accept header that admits JSON. */
const acceptFaults: Fault[] = SPELT.flatMap((verb) =>
  admitting('application/json')
    .slice(1)
    .map((accept, index) => ({
      id: `legal-${verb}-accept-${index + 1}`,
      statement: `${verb} refuses ${accept === undefined ? 'a request without Accept' : `accept: ${accept}`}.`,
      breaks: [`${verb}.accept.served`],
      intercept: refuse((asked) => is(verb)(asked) && header(asked, 'accept') === accept, 406),
    })),
);

const headerFaults: Fault[] = READS.flatMap((verb) =>
  Object.entries(HEADERS).map(([name, how]) => ({
    id: `legal-${verb}-${name}`,
    statement: `${verb} refuses ${name} ${how}.`,
    breaks: [`${verb}.header.${name}.served`],
    intercept: answer(
      (asked, answered) => is(verb, 200)(asked, answered) && isUpper(`A${header(asked, name) ?? 'a'}`),
      refused(403),
    ),
  })),
);

const idFaults = (about: Subject): Fault[] =>
  (
    [
      ['upper', isUpper],
      ['mixed', (id: string) => id !== id.toLowerCase() && !isUpper(id)],
    ] as const
  ).map(([kind, when]) => ({
    id: `legal-retrieve-${kind}-case`,
    statement: `An id in ${kind} case is answered with 404.`,
    breaks: [`retrieve.path.${about.resource.idParameter}.served`],
    intercept: answer((asked, answered) => is(RETRIEVE, 200)(asked, answered) && when(asked.id), refused(404)),
  }));

/** Refuses a parameter unless another one is present. */
const queryFaults: Fault[] = (
  [
    ['order', 'sort', []],
    // Generated queries have a sort without an order as well.
    ['sort', 'order', ['list.allowed']],
  ] as const
).map(([parameter, other, more]) => ({
  id: `legal-list-${parameter}-alone`,
  statement: `The list refuses ${parameter} without ${other}.`,
  mayBreak: ['list.allowed'],
  breaks: [`list.query.${parameter}.served`, ...more],
  intercept: answer(
    (asked, answered) =>
      is(LIST, 200)(asked, answered) && query(asked, parameter) !== null && query(asked, other) === null,
    refused(403),
  ),
}));

const isCapital = (text: string) => /[A-F]/.test(text);
const named = (asked: Asked, name: string) => header(asked, name) ?? '';

/** Spellings in which the suite creates or closes a group once. */
const unusual = (
  about: Subject,
): ReadonlyArray<
  readonly [verb: typeof CREATE | typeof CLOSE, promise: string, words: string, when: (asked: Asked) => boolean]
> => [
  ...([CREATE, CLOSE] as const).flatMap(
    (verb) =>
      [
        [verb, 'accept', 'weights in Accept', (asked: Asked) => named(asked, 'accept').includes('q=0.9')],
        [
          verb,
          'header.upvest-client-id',
          'a client id in upper case',
          (asked: Asked) => isCapital(named(asked, CLIENT)),
        ],
        [verb, 'header.upvest-api-version', 'a version', (asked: Asked) => named(asked, 'upvest-api-version') === '1'],
      ] as const,
  ),
  [CLOSE, `path.${about.resource.idParameter}`, 'an id in upper case', ({ id }) => isCapital(id)],
  [
    CREATE,
    'header.idempotency-key',
    'a key without hyphens',
    (asked) => /^[0-9A-F]{32}$/i.test(named(asked, 'idempotency-key')),
  ],
  [CREATE, 'body', 'an owner id in upper case', ({ json }) => isCapital(String(json[about.owner]))],
  [
    CREATE,
    'body',
    'members in another order',
    ({ json }) => about.choice in json && Object.keys(json).at(-1) === about.owner,
  ],
  [CREATE, 'body', 'escapes', ({ text }) => text.includes('\\u00') && readJson(text) !== undefined],
  [CREATE, 'body', 'tabs', ({ text }) => text.includes('\t') && readJson(text) !== undefined],
];
const CLIENT = 'upvest-client-id';

const writeFaults = (about: Subject): Fault[] =>
  unusual(about).map(([verb, promise, words, when], index) => ({
    id: `legal-${verb}-${promise.split('.').at(-1)}-${index}`,
    statement: `${verb} refuses ${words}.`,
    breaks: [`${verb}.${promise}.served`],
    // Other callers are refused anyway.
    intercept: refuse((asked) => is(verb)(asked) && mayWrite(asked) && when(asked), 403),
  }));

const SITUATIONS: ReadonlyArray<readonly [id: string, words: string, when: (asked: Asked) => boolean]> = [
  ['second-page', 'beyond the first page', (asked) => offsetOf(asked) > 0],
  ['falling', 'in descending order', (asked) => query(asked, 'order') === 'DESC'],
  ['rising', 'if ascending order is requested explicitly', (asked) => query(asked, 'order') === 'ASC'],
  ['sorted', 'if a sort is given', (asked) => query(asked, 'sort') !== null],
  ['largest', 'on the largest page', (asked) => query(asked, 'limit') === '1000'],
  ['small', 'on a page of one', (asked) => query(asked, 'limit') === '1'],
  ['any-type', 'with a wildcard in Accept', (asked) => header(asked, 'accept') === '*/*'],
  ['version', 'if a version is given', (asked) => header(asked, 'upvest-api-version') !== undefined],
];

/** Refuses a permitted caller in one situation only. */
const pageFaults: Fault[] = SINGLE_SCOPES.flatMap((scope) =>
  SITUATIONS.map(([id, words, when]) => ({
    id: `legal-list-${scope.replace(':', '-')}-${id}`,
    statement: `The list refuses ${scope} ${words}.`,
    breaks: [],
    breaksOneOf: ['list.allowed', `list.caller.${scope.replace(':', '-')}`],
    intercept: refuse((asked) => isPage(asked) && asked.scopes === scope && when(asked), 403),
  })),
);

const states = (about: Subject) => ({ status: about.resource.life.statuses, [about.kind]: [about.elder] });
/** Groups from before the run keep their status. */
const isOld = ({ created_at }: Readonly<Record<string, unknown>>) => String(created_at) < '2026';

const groupFaults = (about: Subject): Fault[] =>
  SINGLE_SCOPES.flatMap((scope) =>
    Object.entries(states(about)).flatMap(([member, words]) =>
      words.map((word) => ({
        id: `legal-retrieve-${scope.replace(':', '-')}-${word}`,
        statement: `Retrieving a group that is ${word} is refused for ${scope}.`,
        breaks: ['retrieve.allowed'],
        intercept: answer(
          (asked, answered) =>
            is(RETRIEVE)(asked) &&
            asked.scopes === scope &&
            groups(answered).some((group) => group[member] === word && isOld(group)),
          refused(403),
        ),
      })),
    ),
  );

/** Shows a permitted caller another list than others. */
const contentFaults: Fault[] = SINGLE_SCOPES.flatMap((scope) => [
  {
    id: `legal-list-${scope.replace(':', '-')}-empty`,
    statement: `Every page except the first is empty for ${scope}.`,
    mayBreak: ['list.pages-partition', 'list.offset-honoured'],
    breaks: ['list.page-full'],
    intercept: answer(
      (asked) => isPage(asked) && asked.scopes === scope && offsetOf(asked) > 0,
      (answered) => keep(answered, () => false),
    ),
  },
  {
    id: `legal-list-${scope.replace(':', '-')}-total`,
    statement: `meta.total_count is one more for ${scope}.`,
    breaks: ['list.total-independent-of-page'],
    intercept: answer(
      (asked, answered) => is(LIST, 200)(asked, answered) && asked.scopes === scope,
      (answered) => void (meta(answered).total_count = Number(meta(answered).total_count) + 1),
    ),
  },
]);

const tokenFaults: Fault[] = [
  {
    id: 'legal-token-version',
    statement: 'The token endpoint refuses upvest-api-version.',
    breaks: ['token.header.upvest-api-version.served'],
    intercept: refuse((asked) => is(TOKEN)(asked) && header(asked, 'upvest-api-version') === '1', 400),
  },
  {
    id: 'legal-token-scope-order',
    statement: 'The token endpoint refuses scopes in alphabetical order.',
    breaks: ['token.body.served'],
    intercept: refuse((asked) => {
      const scopes = (formOf(asked).get('scope') ?? '').split(' ');
      return is(TOKEN)(asked) && scopes.join(' ') === 'accounts:admin accounts:read';
    }, 401),
  },
];

export const legalFaults = (about: Subject): Fault[] => [
  ...tokenFaults,
  ...acceptFaults,
  ...headerFaults,
  ...idFaults(about),
  ...queryFaults,
  ...writeFaults(about),
  ...pageFaults,
  ...groupFaults(about),
  ...contentFaults,
];
