import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc, { type Arbitrary } from 'fast-check';
import { present } from '../../fixtures.ts';
import { DocumentReader } from '../document.ts';
import { addStrictFormats } from '../formats.ts';
import { idOfKeyword } from '../ids.ts';
import { Schemas } from '../schemas.ts';
import { keywordsOf } from './places.ts';

/** Composed schemas: which keywords a value exercises, and which it violates. */

const COMPONENTS = '#/components/schemas';
const ref = (name: string) => ({ $ref: `${COMPONENTS}/${name}` });

const SCHEMAS = {
  Card: {
    type: 'object',
    required: ['kind', 'number'],
    properties: { kind: { const: 'card' }, number: { type: 'string', pattern: '^[0-9]{4}$' } },
  },
  Transfer: {
    type: 'object',
    required: ['kind', 'iban'],
    properties: { kind: { enum: ['transfer', 'sepa'] }, iban: { type: 'string', minLength: 4 } },
    additionalProperties: false,
  },
  Payment: { oneOf: [ref('Card'), ref('Transfer')] },
  Order: {
    type: 'object',
    required: ['payment'],
    properties: {
      payment: ref('Payment'),
      note: { type: ['string', 'null'], maxLength: 3 },
      partner: { anyOf: [ref('Partner'), { type: 'null' }] },
      items: {
        type: 'array',
        uniqueItems: true,
        items: { oneOf: [{ type: 'integer', minimum: 1 }, { type: 'string' }] },
      },
    },
  },
  Partner: { allOf: [ref('Named'), { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } }] },
  Named: { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
  // Distinguished by the members present.
  Person: { type: 'object', required: ['birth'], properties: { birth: { type: 'string', format: 'date' } } },
  Company: { type: 'object', required: ['founded'], properties: { founded: { type: 'string', format: 'date' } } },
  Customer: { anyOf: [ref('Person'), ref('Company')] },
  // Distinguished only by a discriminator.
  Cat: { type: 'object', required: ['pet', 'lives'], properties: { pet: { type: 'string' }, lives: { maximum: 9 } } },
  Dog: { type: 'object', required: ['pet', 'lives'], properties: { pet: { type: 'string' }, lives: { maximum: 1 } } },
  Pet: {
    oneOf: [ref('Cat'), ref('Dog')],
    discriminator: { propertyName: 'pet', mapping: { feline: `${COMPONENTS}/Cat` } },
  },
};

const doc = new DocumentReader({ components: { schemas: SCHEMAS } });
const schemas = new Schemas(doc);
const at = (name: string) => present(doc.find(`${COMPONENTS}/${name}`));
const judge = (name: string, value: unknown) => schemas.judge(at(name), value);
const short = (pointer: string) => pointer.replace(`${COMPONENTS}/`, '').replaceAll('/properties/', '.');
const violated = (name: string, value: unknown) =>
  judge(name, value)
    .violations.map(({ pointer, at: place }) => `${place} ${short(pointer)}`)
    .sort();

const card = { kind: 'card', number: '1234' };
const transfer = { kind: 'sepa', iban: 'DE00' };

describe('a value that matches one branch', () => {
  test('exercises the keywords of that branch and of no other', () => {
    const { exercised, violations } = judge('Order', { payment: card });
    assert.deepEqual(violations, []);
    const tried = [...exercised].map(short);
    for (const pointer of ['Payment/oneOf', 'Card/required/number', 'Card.number/pattern', 'Card.kind/const'])
      assert.ok(tried.includes(pointer), pointer);
    assert.deepEqual(
      tried.filter((pointer) => pointer.startsWith('Transfer')),
      [],
    );
  });

  test('may be null if null is a branch', () => {
    const tried = [...judge('Order', { payment: card, partner: null, note: null }).exercised].map(short);
    assert.ok(tried.includes('Order.partner/anyOf/1/type') && tried.includes('Order.note/type'));
    assert.ok(!tried.some((pointer) => /^Partner|maxLength/.test(pointer)));
  });
});

describe('a value that matches no branch', () => {
  const cases: ReadonlyArray<readonly [what: string, name: string, value: unknown, violations: readonly string[]]> = [
    [
      'of the branch that its constant names',
      'Order',
      { payment: { ...card, number: 'x' } },
      ['/payment Card.number/pattern'.replace(' ', '/number ')],
    ],
    ['with a member of its branch left out', 'Payment', { kind: 'sepa' }, [' Transfer/required/iban']],
    ['with a member too many', 'Payment', { ...transfer, bic: 'x' }, [' Transfer/additionalProperties']],
    ['with a constant of its own, else like a card', 'Payment', { ...card, kind: 'cash' }, ['/kind Card.kind/const']],
    ['with a constant of its own, else like both', 'Payment', { kind: 'cash' }, [' Payment/oneOf']],
    ['without its constant, else like a card', 'Payment', { number: '1234' }, [' Card/required/kind']],
    ['of another type', 'Payment', 'card', [' Payment/oneOf']],
    [
      'of a type that one branch has',
      'Order',
      { payment: card, items: [0] },
      ['/items/0 Order.items/items/oneOf/0/minimum'],
    ],
    ['of the branch whose members it has', 'Customer', { birth: 'yesterday' }, ['/birth Person.birth/format']],
    ['with the members of none', 'Customer', {}, [' Customer/anyOf']],
    [
      'inside of a part',
      'Order',
      { payment: card, partner: { name: '', id: 1 } },
      ['/partner/name Named.name/minLength'],
    ],
    [
      'of two parts',
      'Order',
      { payment: card, partner: { id: 'x' } },
      ['/partner Named/required/name', '/partner/id Partner/allOf/1.id/type'],
    ],
    ['by the mapping of a discriminator', 'Pet', { pet: 'feline', lives: 10 }, ['/lives Cat.lives/maximum']],
    ['by the name of a component', 'Pet', { pet: 'Dog', lives: 10 }, ['/lives Dog.lives/maximum']],
  ];
  for (const [what, name, value, violations] of cases)
    test(what, () => {
      assert.deepEqual(violated(name, value), violations);
      const { exercised } = judge(name, value);
      assert.deepEqual(
        judge(name, value)
          .violations.map(({ pointer }) => pointer)
          .filter((pointer) => !exercised.has(pointer)),
        [],
      );
    });

  test('a value that matches two branches violates oneOf', () => {
    assert.deepEqual(violated('Pet', { pet: 'feline', lives: 1 }), [' Pet/oneOf']);
    assert.deepEqual(violated('Customer', { birth: '2000-01-01', founded: '2000-01-01' }), []);
  });

  test('a defect of the constant that was found outside the union is not reported twice', () => {
    const owner = { type: 'object', required: ['kind'], properties: { kind: { enum: ['card', 'sepa', 'transfer'] } } };
    const root = { components: { schemas: { ...SCHEMAS, Payment: { ...owner, ...SCHEMAS.Payment } } } };
    const reader = new DocumentReader(root);
    const found = (value: unknown) =>
      new Schemas(reader)
        .judge(present(reader.find(`${COMPONENTS}/Payment`)), value)
        .violations.map(({ pointer }) => short(pointer));
    assert.deepEqual(found({ kind: 'cash' }), ['Payment.kind/enum']);
    assert.deepEqual(found({ other: 1 }), ['Payment/required/kind']);
    assert.deepEqual(found('cash'), ['Payment/type']);
  });
});

describe('ids of keywords', () => {
  const ids = (schema: unknown, deep = false) => {
    const reader = new DocumentReader({ components: { schemas: { ...SCHEMAS, Thing: schema } } });
    const root = present(reader.find(`${COMPONENTS}/Thing`));
    return keywordsOf(reader, root, 'Thing', { deep }).map((keyword) => idOfKeyword('thing', '', keyword));
  };

  test('named branches are components of their own', () => {
    assert.deepEqual(ids({ oneOf: [ref('Card'), ref('Transfer')] }), ['thing.oneOf']);
  });

  test('unnamed branches are named after their constant, title or type, else numbered', () => {
    assert.deepEqual(
      ids({
        anyOf: [
          { title: 'Big Box', minProperties: 3 },
          { const: 'none' },
          { type: 'null' },
          { minimum: 1 },
          { properties: { size: { type: 'integer' } } },
        ],
      }),
      [
        'thing.anyOf',
        'thing.big-box.minProperties',
        'thing.none.const',
        'thing.null.type',
        'thing.any-of-4.minimum',
        'thing.any-of-5.size.type',
      ],
    );
  });

  test('the parts of allOf count as one schema; a repeated keyword is numbered', () => {
    assert.deepEqual(
      ids({ allOf: [{ required: ['a'] }, { required: ['b'], minProperties: 1 }, { minProperties: 2 }] }),
      ['thing.a.required', 'thing.minProperties', 'thing.b.required', 'thing.all-of-2.minProperties'],
    );
  });

  test('undeclared members, and items by index', () => {
    assert.deepEqual(
      ids({
        prefixItems: [{ type: 'string' }],
        items: { type: 'integer' },
        additionalProperties: { maxLength: 1 },
        patternProperties: { '^x': { minLength: 2 } },
      }),
      ['thing{}.minLength', 'thing[0].type', 'thing[].type', 'thing{}.maxLength'].map((id) =>
        id.replace('thing', 'thing.'),
      ),
    );
  });

  test('request schemas are followed through references, except in cycles', () => {
    assert.deepEqual(ids({ properties: { self: ref('Thing'), named: ref('Named') } }, true), [
      'thing.named.type',
      'thing.named.name.required',
      'thing.named.name.type',
      'thing.named.name.minLength',
    ]);
  });
});

describe('any document', () => {
  const leaf: Arbitrary<object> = fc.constantFrom(
    { type: 'string' },
    { type: 'integer', minimum: 0 },
    { type: ['string', 'null'], minLength: 2 },
    { const: 'a' },
    { enum: ['a', 'b', 1] },
    { type: 'null' },
    { multipleOf: 2 },
    { format: 'uuid' },
    ref('Named'),
    ref('Card'),
    ref('Payment'),
  );
  const { schema } = fc.letrec<{ schema: object }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'schema' },
      leaf,
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf })),
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((allOf) => ({ allOf })),
      fc.record(
        {
          type: fc.constant('object'),
          properties: fc.record({ kind: tie('schema'), name: tie('schema') }, { requiredKeys: [] }),
          required: fc.subarray(['kind', 'name']),
          additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
          minProperties: fc.nat(2),
          maxProperties: fc.nat(3),
        },
        { requiredKeys: ['type'] },
      ),
      fc.record(
        {
          type: fc.constant('array'),
          items: tie('schema'),
          prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
          maxItems: fc.nat(2),
          uniqueItems: fc.boolean(),
          contains: tie('schema'),
        },
        { requiredKeys: ['items'] },
      ),
      tie('schema').map((not) => ({ not })),
      fc.tuple(tie('schema'), tie('schema')).map(([condition, otherwise]) => ({ if: condition, else: otherwise })),
      fc.record(
        {
          patternProperties: fc.record({ '^k': tie('schema') }),
          unevaluatedProperties: fc.boolean(),
          propertyNames: fc.constant({ maxLength: 4 }),
        },
        { requiredKeys: [] },
      ),
      fc.record({
        dependentRequired: fc.constant({ kind: ['name'] }),
        dependentSchemas: fc.record({ name: tie('schema') }),
      }),
    ),
  }));
  const scalar = fc.constantFrom<unknown[]>(
    'a',
    'b',
    'card',
    'sepa',
    '1234',
    '',
    0,
    1,
    2,
    -1,
    1.5,
    null,
    true,
    '413715f2-5401-4b97-8055-034a6b879f8c',
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'value' },
      scalar,
      fc.record(
        { kind: tie('value'), name: tie('value'), number: fc.constantFrom('1234', 'x'), k: tie('value') },
        { requiredKeys: [], noNullPrototype: true },
      ),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  }));

  test('a value has violations exactly if the validator rejects it, each of an existing keyword', () => {
    const verdicts = new Map([
      [true, 0],
      [false, 0],
    ]);
    fc.assert(
      fc.property(schema, fc.array(value, { minLength: 1, maxLength: 8 }), (made, values) => {
        // The validator reports schema objects, so each must occur in one place only.
        const root = JSON.parse(JSON.stringify({ components: { schemas: { ...SCHEMAS, Made: made } } }));
        const reader = new DocumentReader(root);
        const judging = new Schemas(reader);
        const ajv = new Ajv2020({ allErrors: true, strict: false, validateSchema: false });
        addStrictFormats(ajv);
        ajv.addSchema(root, 'oracle');
        const validate = ajv.compile({ $ref: `oracle${COMPONENTS}/Made` });
        const target = present(reader.find(`${COMPONENTS}/Made`));
        for (const one of values) {
          const isValid = validate(one);
          verdicts.set(isValid, (verdicts.get(isValid) ?? 0) + 1);
          const { violations, exercised } = judging.judge(target, one);
          assert.equal(violations.length === 0, isValid, `${JSON.stringify(one)} ${JSON.stringify(violations)}`);
          for (const { pointer } of violations) {
            const keyword = pointer.replace(/(\/required)\/.*$/, '$1');
            assert.ok(reader.find(keyword) !== undefined, pointer);
            assert.ok(exercised.has(pointer), `${pointer} is violated, and was not put to the test`);
          }
        }
      }),
      { seed: 5, numRuns: 250, includeErrorInReport: true },
    );
    assert.ok(Math.min(...verdicts.values()) > 200, JSON.stringify([...verdicts]));
  });

  test('a value derived to violate a keyword violates only that one', () => {
    let made = 0;
    const samples = {
      Card: card,
      Transfer: transfer,
      Payment: card,
      Partner: { name: 'n', id: 1 },
      Person: { birth: '2000-01-01' },
      Order: { payment: transfer, note: 'abc', partner: { name: 'n', id: 1 }, items: [1, 'x'] },
    };
    for (const [name, valid] of Object.entries(samples))
      for (const keyword of keywordsOf(doc, at(name), name, { deep: true }))
        for (const broken of schemas.breaking(at(name), keyword, valid)) {
          assert.deepEqual(
            [...new Set(judge(name, broken).violations.map(({ pointer }) => pointer))],
            [keyword.pointer],
          );
          assert.ok(!schemas.accepts(at(name), broken));
          made++;
        }
    assert.ok(made > 80, String(made));
  });
});
