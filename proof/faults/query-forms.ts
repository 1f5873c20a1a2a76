import { REFERENCE_DEFAULTS } from '../../reference/app.ts';
import { admit } from './admission.ts';
import {
  type Asked,
  answer,
  CLOSE,
  CREATE,
  type Fault,
  is,
  LIST,
  RETRIEVE,
  refuse,
  refused,
  request,
} from './fault.ts';
import { falling, isPage, offsetOf, query } from './listing.ts';

/** Refusals that are missing for one form of a query, and forms of a query that cause an error of the server. */

type When = (asked: Asked) => boolean;

const FORMS: ReadonlyArray<readonly [id: string, words: string, when: When]> = [
  ['sorted', 'if a sort is given', (asked) => query(asked, 'sort') !== null],
  ['ordered', 'if an order is given', (asked) => query(asked, 'order') !== null],
  ['falling', 'in descending order', falling],
  ['later-page', 'beyond the first page', (asked) => offsetOf(asked) > 0],
  ['limit-zero', 'with a limit of 0', (asked) => query(asked, 'limit') === '0'],
  ['largest', 'on the largest page', (asked) => query(asked, 'limit') === '1000'],
];
const CLIENT = 'upvest-client-id';
const CALLERS: ReadonlyArray<readonly [id: string, words: string, when: When]> = [
  ['no-token', 'is served without a token', ({ headers }) => !headers.has('authorization')],
  ['unrelated-scope', 'is served for any token', ({ scopes = '' }) => scopes !== '' && !scopes.includes('accounts:')],
];

const authFaults: Fault[] = FORMS.flatMap(([form, where, isForm]) => [
  ...CALLERS.map(
    ([caller, words, isCaller]): Fault => ({
      id: `form-${form}-${caller}`,
      statement: `The list ${words} ${where}.`,
      breaks: [`list.caller.${caller}`],
      intercept: admit((asked) => isPage(asked) && isForm(asked) && isCaller(asked)),
    }),
  ),
  {
    id: `form-${form}-client-id`,
    statement: `The list needs no client id ${where}.`,
    breaks: ['list.header.upvest-client-id.required'],
    intercept: request(
      (asked) => isPage(asked) && isForm(asked) && !asked.headers.has(CLIENT),
      ({ headers }) => headers.set(CLIENT, REFERENCE_DEFAULTS.clientId),
    ),
  },
]);

const isExcluding = ({ headers }: Asked) => /html|xml|q=0$/.test(headers.get('accept') ?? '');
const accepts = ({ headers }: Asked, text: string) => headers.get('accept') === text;
const serves = (when: When) => request(when, ({ headers }) => headers.set('accept', 'application/json'));

const acceptFaults: Fault[] = [
  ...[LIST, RETRIEVE].map(
    (verb): Fault => ({
      id: `accept-${verb}-weight-zero`,
      statement: `${verb} treats a weight of 0 in Accept like any other.`,
      breaks: [`${verb}.not-acceptable`],
      intercept: serves((asked) => is(verb)(asked) && accepts(asked, 'application/json;q=0')),
    }),
  ),
  {
    id: 'accept-ignored-on-later-pages',
    statement: 'Accept is ignored beyond the first page.',
    breaks: ['list.not-acceptable'],
    intercept: serves((asked) => isPage(asked) && offsetOf(asked) > 0 && isExcluding(asked)),
  },
  {
    id: 'accept-wildcard-on-later-pages',
    statement: 'A wildcard in Accept is refused beyond the first page.',
    breaks: ['list.allowed'],
    intercept: refuse((asked) => isPage(asked) && offsetOf(asked) > 0 && accepts(asked, '*/*'), 406),
  },
  ...[CREATE, CLOSE].map(
    (verb): Fault => ({
      id: `accept-${verb}-wildcard`,
      statement: `${verb} refuses a wildcard in Accept.`,
      breaks: [`${verb}.accept.served`],
      intercept: refuse((asked) => is(verb)(asked) && accepts(asked, '*/*'), 406),
    }),
  ),
];

const breaking = (id: string, statement: string, when: When): Fault => ({
  id: `form-${id}`,
  statement,
  breaks: ['list.no-server-error', 'list.unusual-query'],
  intercept: refuse((asked) => isPage(asked) && when(asked), 500),
});
const isRepeated = ({ url }: Asked) => {
  const names = [...url.searchParams.keys()];
  return new Set(names).size < names.length;
};

export const queryFormFaults: readonly Fault[] = [
  ...authFaults,
  ...acceptFaults,
  breaking('repeated', 'A list with a repeated parameter is answered with 500.', isRepeated),
  breaking(
    'empty-offset',
    'A list with an empty offset is answered with 500.',
    (asked) => query(asked, 'offset') === '',
  ),
  breaking(
    'huge-offset',
    'A list with an offset beyond 64 bits is answered with 500.',
    (asked) => offsetOf(asked) > 2 ** 63,
  ),
  breaking(
    'huge-limit',
    'A list with a limit beyond 64 bits is answered with 500.',
    (asked) => Number(query(asked, 'limit')) > 2 ** 63,
  ),
  {
    id: 'form-unknown-id-of-readers',
    statement: 'An unknown id is answered with 403 for accounts:read.',
    breaks: ['retrieve.unknown-id'],
    intercept: answer(
      (asked, answered) => is(RETRIEVE, 404)(asked, answered) && asked.scopes === 'accounts:read',
      refused(403),
    ),
  },
];
