import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isObject, type Node } from './document.ts';
import { readContract } from './index.ts';

/** Compares the examples of the document with its schemas. */

const contract = await readContract('spec/account-groups.openapi.yaml');

describe('every named example conforms to its schema', () => {
  const accepted = (schema: Node, value: unknown) =>
    assert.ok(
      contract.schemas.accepts(schema, value),
      contract.schemas
        .judge(schema, value)
        .violations.map(({ pointer, message }) => `${pointer}: ${message}`)
        .join('\n'),
    );
  const seen = new Set<string>();
  const used = new Set<string>();
  const visit = (node: Node): void => {
    if (seen.has(node.pointer) || typeof node.value !== 'object' || node.value === null) return;
    seen.add(node.pointer);
    const schema = contract.doc.child(node, 'schema');
    for (const [name, example] of contract.doc.children(contract.doc.child(node, 'examples'))) {
      used.add(example.pointer);
      if (schema !== undefined && isObject(example.value)) {
        const { value } = example.value;
        test(`${node.pointer} ${name}`, () => accepted(schema, value));
      }
    }
    if (schema !== undefined && isObject(node.value) && 'example' in node.value) {
      const { example } = node.value;
      test(`${node.pointer} example`, () => accepted(schema, example));
    }
    for (const [key, child] of contract.doc.children(node)) if (key !== 'examples') visit(child);
  };
  for (const root of ['#/paths', '#/webhooks', '#/components']) {
    const node = contract.doc.find(root);
    if (node !== undefined) visit(node);
  }

  test('every example is in use', () => {
    const all = contract.doc.children(contract.doc.find('#/components/examples')).map(([, { pointer }]) => pointer);
    assert.ok(all.length > 0);
    assert.deepEqual(
      all.filter((pointer) => !used.has(pointer)),
      [],
    );
  });

  test('every body has an example', () => {
    const bodies = [...contract.operations, ...contract.webhooks].flatMap(({ requestBody, responses }) =>
      [requestBody, ...[...responses.values()].map(({ body }) => body)].filter((body) => body !== undefined),
    );
    assert.deepEqual(
      bodies
        .map(({ pointer }) => pointer)
        .filter((pointer) => contract.doc.children(contract.doc.find(`${pointer}/examples`)).length === 0),
      [],
    );
  });
});
