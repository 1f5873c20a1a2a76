import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { judgeExchange } from '../checks/every-exchange.ts';
import { broken, exchange, present, ROOT } from '../fixtures.ts';
import { loadContract } from './index.ts';
import { keywordsOf } from './keywords/places.ts';
import { limitsInWords } from './limits.ts';
import { breakable } from './operation-requirements.ts';
import { invalidTexts } from './spellings.ts';

/** A document that was not written for this suite: what can be derived from it, and what is reported about the rest. */

const contract = await loadContract(join(ROOT, 'e2e/documents/bookshop.openapi.yaml'));
const operation = (id: string) => present(contract.operations.find((one) => one.id === id));
const BOOK = {
  id: 'bk_1',
  title: 'Emma',
  price: 995,
  format: { medium: 'Print', pages: 474 },
  discount: null,
  series: null,
  sequels: [{ id: 'bk_2', title: 'Emma again', price: 0, format: { medium: 'Download', bytes: 1 } }],
};

describe('a foreign document', () => {
  test('is loaded, and each keyword is a promise with its own id', () => {
    const ids = [...contract.requirements.keys()];
    for (const id of [
      'identified.id.pattern',
      'book.price.multipleOf',
      'book.discount.exclusiveMaximum',
      'book.format.oneOf',
      'print.pages.minimum',
      'book.series.minProperties',
      'failure.body.error.code.enum',
    ])
      assert.ok(ids.includes(id), `${id} is none of\n${ids.join('\n')}`);
    assert.equal(
      contract.requirements.get('book.discount.type')?.statement,
      '`discount` of a book is of type number or null.',
    );
    assert.ok(ids.some((id) => /\.200\.body\.data\.uniqueItems$/.test(id)));
    assert.deepEqual(
      ids.filter((id) => id.startsWith('add.body.payment.')).map((id) => id.replace('add.body.payment.', '')),
      [
        'required',
        'anyOf',
        'card.type',
        'card.additionalProperties',
        'card.number.required',
        'card.number.type',
        'card.number.pattern',
        'account.type',
        'account.additionalProperties',
        'account.iban.required',
        'account.iban.type',
        'account.iban.minLength',
        'account.iban.maxLength',
      ],
    );
  });

  test('reports the consequence of everything that is not tested', () => {
    assert.ok(
      limitsInWords([...contract.limits, ...contract.limits]).includes(
        'contract: the format isbn is not judged (#/paths/~1books/post/requestBody/content/application~1json/schema/properties/isbn/format and 1 other place)',
      ),
    );
    const found = contract.limits.map(({ pointer, message }) => `${pointer.split('/').at(-1)}: ${message}`);
    assert.deepEqual(found.sort(), [
      '3: cookies are not sent',
      'default: every status counts as documented',
      'format: the format int32 is not judged',
      'format: the format isbn is not judged',
      'image~1png: the content of image/png bodies is not judged',
      'not: not is judged wherever it occurs, but no request or fault is derived to violate it',
      'schema: tags has several values: no request is derived to violate it',
      'securitySchemes: there is no scheme oauth-client-credentials: no tokens are requested, and all callers are treated alike',
      'text~1csv: the content of text/csv bodies is not judged',
    ]);
  });

  test('judges answers keyword by keyword, also in unnamed bodies, and by status class and default', () => {
    const seen = (id: string, status: number, body: unknown) =>
      broken(
        judgeExchange(
          contract,
          exchange({ operation: operation(id).name, status, body, headers: { 'content-type': 'application/json' } }),
        ),
      ).filter((one) => contract.requirements.has(one));
    const page = (book: unknown) => ({ data: [book], has_more: false });
    const list = operation('listBooks').name;
    assert.deepEqual(seen('getBook', 200, BOOK), []);
    assert.deepEqual(seen('getBook', 200, { ...BOOK, price: 7 }), ['book.price.multipleOf']);
    assert.deepEqual(seen('getBook', 200, { ...BOOK, discount: 1 }), ['book.discount.exclusiveMaximum']);
    assert.deepEqual(seen('getBook', 200, { ...BOOK, format: { medium: 'Print', pages: 0 } }), ['print.pages.minimum']);
    assert.deepEqual(seen('getBook', 200, { ...BOOK, format: { medium: 'Film' } }), ['book.format.oneOf']);
    assert.deepEqual(seen('getBook', 200, { ...BOOK, sequels: [{ ...BOOK, id: '2' }] }), ['identified.id.pattern']);
    assert.deepEqual(seen('getBook', 200, { ...BOOK, blurb: 'tbd' }), ['book.blurb.not']);
    assert.deepEqual(seen('listBooks', 200, page(BOOK)), []);
    assert.deepEqual(seen('listBooks', 200, { ...page(BOOK), url: 'no url' }), [`${list}.200.body.url.format`]);
    assert.deepEqual(seen('addBook', 409, { error: { code: 'other', message: 'x' } }), [
      'failure.body.error.code.enum',
    ]);
    assert.deepEqual(seen('listBooks', 418, { error: { code: 'busy' } }), ['failure.body.error.message.required']);
  });

  test('gives requests that violate one keyword each', () => {
    const body = present(operation('addBook').requestBody);
    const valid = {
      title: 'Emma',
      isbn: '978-0141439587',
      subtitle: null,
      payment: { number: '4111111111111111' },
      metadata: { shelf: 'A' },
    };
    const bodies = [valid, { ...valid, payment: { iban: 'DE02120300000000202051' } }];
    assert.ok(bodies.every((one) => contract.schemas.accepts(body.schema, one)));
    const keywords = breakable(contract.doc, body);
    const without = keywords.filter(
      (keyword) => !bodies.some((one) => contract.schemas.breaking(body.schema, keyword, one).length > 0),
    );
    // A payment without any of these belongs to no branch, and violates the union.
    assert.deepEqual(
      without.map(({ label, name }) => `${label}.${name}`),
      ['payment.card.type', 'payment.card.number.required', 'payment.account.type', 'payment.account.iban.required'],
    );
    const [limit, , price] = operation('listBooks').parameters.map(({ schema }) =>
      keywordsOf(contract.doc, schema, 'it').flatMap((keyword) => invalidTexts(contract.schemas, schema, keyword, 20)),
    );
    assert.deepEqual(limit, ['abc', '1.5', '1e2x', '0', '101', '9007199254740991']);
    assert.deepEqual(price, ['abc', '1e2x', '0', '-1']);
  });
});
