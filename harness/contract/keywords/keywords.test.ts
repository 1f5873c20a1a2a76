import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc, { type Arbitrary } from 'fast-check';
import { present } from '../../fixtures.ts';
import { addStrictFormats } from '../formats.ts';
import { constrains, definitionOf, KEYWORDS } from './index.ts';
import { typeOf } from './values.ts';

/** Compares the definition of each keyword with the validator. */

/** A value of the keyword, the rest of its schema, and an instance that conforms to both. */
interface Sample {
  readonly value: unknown;
  readonly beside?: Readonly<Record<string, unknown>>;
  readonly kept: unknown;
}

const json = fc.jsonValue({ maxDepth: 1 });
const count = fc.integer({ min: 1, max: 6 });
const word = fc.stringMatching(/^[a-z]{1,8}$/);
const ordered = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 0, max: 1000 }));
const one = (...samples: readonly Sample[]): Arbitrary<Sample> => fc.constantFrom(...samples);

const UUID = fc.uuid().map((kept): Sample => ({ value: 'uuid', kept }));
const MOMENT = fc
  .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

const SAMPLES: Readonly<Record<string, Arbitrary<Sample>>> = {
  type: fc.oneof(
    one(
      { value: 'null', kept: null },
      { value: ['string', 'null'], kept: null },
      { value: ['integer', 'null'], kept: 7 },
    ),
    word.map((kept) => ({ value: 'string', kept })),
    fc.integer().map((kept) => ({ value: 'integer', kept })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((kept) => ({ value: 'number', kept })),
    fc.boolean().map((kept) => ({ value: 'boolean', kept })),
    fc.array(json).map((kept) => ({ value: 'array', kept })),
    fc.dictionary(word, json).map((kept) => ({ value: 'object', kept })),
  ),
  format: fc.oneof(
    UUID,
    MOMENT.map((kept) => ({ value: 'date-time', kept })),
    MOMENT.map((kept) => ({ value: 'date', kept: kept.slice(0, 10) })),
    fc.webUrl().map((kept) => ({ value: 'uri', kept })),
    fc.webUrl().map((kept) => ({ value: 'uri-reference', kept })),
    fc.ipV4().map((kept) => ({ value: 'ipv4', kept })),
    fc.ipV6().map((kept) => ({ value: 'ipv6', kept })),
    fc.domain().map((kept) => ({ value: 'hostname', kept })),
    word.map((name) => ({ value: 'email', kept: `${name}@example.com` })),
    count.map((days) => ({ value: 'duration', kept: `P${days}D` })),
  ),
  pattern: fc.oneof(
    fc.stringMatching(/^[0-9]{9}$/).map((kept) => ({ value: '^[0-9]{9}$', kept })),
    fc.uuid().map((kept) => ({ value: '^[0-9a-f-]{36}$', kept })),
    // Invalid in Unicode mode.
    word.map((kept) => ({ value: '^[\\w-.]+$', kept })),
  ),
  enum: fc.uniqueArray(fc.oneof(word, fc.integer()), { minLength: 1 }).map((value) => ({ value, kept: value[0] })),
  const: fc.oneof(word, fc.integer(), fc.boolean()).map((value) => ({ value, kept: value })),
  minimum: ordered.map(([value, more]) => ({ value, kept: value + more })),
  maximum: ordered.map(([value, less]) => ({ value, kept: value - less })),
  exclusiveMinimum: ordered.map(([value, more]) => ({ value, kept: value + more + 1 })),
  exclusiveMaximum: ordered.map(([value, less]) => ({ value, kept: value - less - 1 })),
  multipleOf: fc
    .tuple(fc.constantFrom(2, 5, 100, 0.5), fc.nat(100))
    .map(([value, times]) => ({ value, kept: value * times })),
  minLength: fc.tuple(count, word).map(([value, text]) => ({ value, kept: text.padEnd(value, 'x') })),
  maxLength: fc.tuple(count, word).map(([value, text]) => ({ value, kept: text.slice(0, value) })),
  minItems: fc
    .tuple(count, fc.array(json))
    .map(([value, more]) => ({ value, kept: [...Array(value).fill(1), ...more] })),
  maxItems: fc.array(json, { minLength: 1 }).map((kept) => ({ value: kept.length, kept })),
  uniqueItems: fc.uniqueArray(fc.integer(), { minLength: 1 }).map((kept) => ({ value: true, kept })),
  minProperties: fc.dictionary(word, json, { minKeys: 1 }).map((kept) => ({ value: Object.keys(kept).length, kept })),
  maxProperties: fc.dictionary(word, json).map((kept) => ({ value: Object.keys(kept).length, kept })),
  oneOf: one({ value: [{ type: 'string' }, { type: 'integer' }], kept: 'text' }),
  anyOf: one({ value: [{ type: 'object' }, { type: 'null' }], kept: {} }),
  additionalProperties: fc.dictionary(word, json).map((kept) => ({
    value: false,
    kept,
    beside: { properties: Object.fromEntries(Object.keys(kept).map((key) => [key, {}])) },
  })),
};

/** No request or fault is derived from these. */
const JUDGED_ONLY = KEYWORDS.filter(({ invalid }) => invalid === undefined).map(({ name }) => name);

const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false, code: { regExp: lenient() } });
addStrictFormats(ajv);

function lenient() {
  return Object.assign((pattern: string) => new RegExp(pattern), { code: 'new RegExp' });
}

/** The keywords that a value violates; those inside a union count as the union. */
function violated(schema: Readonly<Record<string, unknown>>, value: unknown): string[] {
  const validate = ajv.compile(schema);
  validate(value);
  const own = (validate.errors ?? []).filter(({ schemaPath }) => !/^#\/(one|any)Of\/\d/.test(schemaPath));
  return [...new Set(own.map(({ keyword }) => keyword))];
}

describe('keywords', () => {
  test('all of them are in this table', () => {
    assert.deepEqual(
      [...Object.keys(SAMPLES), ...JUDGED_ONLY, 'required'].sort(),
      KEYWORDS.map(({ name }) => name).sort(),
    );
  });

  for (const [name, samples] of Object.entries(SAMPLES)) {
    const definition = present(definitionOf(name));
    describe(name, () => {
      test('each invalid value violates it and nothing else', () => {
        let made = 0;
        fc.assert(
          fc.property(samples, ({ value, beside, kept }) => {
            const schema = { ...beside, [name]: value };
            assert.deepEqual(violated(schema, kept), [], 'the sample');
            for (const invalid of definition.invalid?.(value, kept) ?? []) {
              if ((name === 'oneOf' || name === 'anyOf') && ajv.validate(schema, invalid)) continue;
              assert.deepEqual(violated(schema, invalid), [name], JSON.stringify(invalid));
              made++;
            }
          }),
          { seed: 1 },
        );
        assert.ok(made >= 100, `${made} invalid values`);
      });

      test('each valid value conforms to it', () => {
        fc.assert(
          fc.property(samples, fc.boolean(), ({ value, beside, kept }, isUsual) => {
            for (const valid of definition.valid?.(value, isUsual ? kept : undefined) ?? [])
              assert.deepEqual(violated({ ...beside, [name]: value }, valid), [], JSON.stringify(valid));
          }),
          { seed: 2 },
        );
      });

      test('values of types to which it does not apply conform to it', () => {
        fc.assert(
          fc.property(samples, json, ({ value }, any) => {
            if (!constrains(definition, typeOf(any))) assert.deepEqual(violated({ [name]: value }, any), []);
          }),
          { seed: 3 },
        );
      });

      test('it words its promise and its violation', () => {
        const [sample] = fc.sample(samples, { seed: 4, numRuns: 1 });
        const subject = { owner: 'shop', path: 'owner', text: 'it' };
        const promise = definition.statement(sample?.value, subject);
        assert.match(promise, /^it (is|has|holds|matches)\b/);
        assert.notEqual(definition.violation(sample?.value, subject), promise);
      });
    });
  }

  test('a required member is omitted', () => {
    assert.deepEqual(definitionOf('required')?.invalid?.('id', 'x'), [undefined]);
  });
});
