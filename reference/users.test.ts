import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type HeaderFields, NOBODY, open, PERSON, text, UUID_V4 } from './fixtures.ts';

describe('users', () => {
  test('are created', async () => {
    const { clock, post } = await open();
    const at = new Date(clock.now).toISOString();
    const { status, json } = await post('/users', PERSON);
    const { id, ...rest } = json;
    assert.equal(status, 200);
    assert.match(text(id), UUID_V4);
    const kept = { ...PERSON, postal_address: PERSON.address, status: 'ACTIVE' };
    assert.deepEqual(rest, { created_at: at, updated_at: at, ...kept });
  });

  const consent = { consent_document_id: NOBODY, confirmed_at: '2020-08-24T14:15:22Z' };
  const tied = {
    ...PERSON,
    email: 'ada@example.com',
    birth_city: 'Bonn',
    birth_country: 'DE',
    fatca: { status: false, confirmed_at: '2020-08-24T14:15:22Z' },
    terms_and_conditions: consent,
    data_privacy_and_sharing_agreement: consent,
  };
  for (const [name, status, body, headers] of [
    ['optional members', 200, { ...PERSON, salutation: '', title: 'DR', postal_address: null }],
    ['vendor licence', 200, tied],
    ['vendor licence, a consent missing', 400, { ...tied, terms_and_conditions: undefined }],
    ...Object.keys(PERSON).map((member) => [`no ${member}`, 400, { ...PERSON, [member]: undefined }]),
    ...['address_line1', 'postcode', 'city', 'country'].map((member) => [
      `no address.${member}`,
      400,
      { ...PERSON, address: { ...PERSON.address, [member]: undefined } },
    ]),
    ['short name', 400, { ...PERSON, first_name: 'A' }],
    ['a date that does not exist', 400, { ...PERSON, birth_date: '1981-02-29' }],
    ['no nationality', 400, { ...PERSON, nationalities: [] }],
    ['own id', 400, { ...PERSON, id: NOBODY }],
    ['__proto__', 400, JSON.stringify(PERSON).replace('{', '{"__proto__":{},')],
    ['no key', 400, PERSON, { 'idempotency-key': undefined }],
  ] as [string, number, object | string, HeaderFields?][]) {
    test(`${name}: ${status}`, async () => {
      const { post } = await open();
      assert.equal((await post('/users', body, headers)).status, status);
    });
  }
});
