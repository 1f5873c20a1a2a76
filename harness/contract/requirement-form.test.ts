import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readContract } from './index.ts';

/** The form of what the document says about its requirements: ids, statements, statuses and sources. */

const contract = await readContract('spec/account-groups.openapi.yaml');
const requirements = [...contract.requirements.values()];

describe('every requirement', () => {
  const offenders = (isFine: (requirement: (typeof requirements)[number]) => boolean) =>
    requirements.filter((requirement) => !isFine(requirement)).map(({ id }) => id);

  test('has a slug for an id', () => {
    assert.deepEqual(
      offenders(({ id }) => /^[a-z0-9_-]+(\.[A-Za-z0-9_-]+(\[\])?)+$/.test(id)),
      [],
    );
  });

  test('has a statement: one line, under 200 characters, ending with a period', () => {
    assert.deepEqual(
      offenders(({ statement }) => statement === statement.trim() && /^.{10,198}\.$/.test(statement)),
      [],
    );
  });

  test('accepts nothing but status codes or classes', () => {
    assert.deepEqual(
      offenders(({ accepts }) => accepts === undefined || accepts.length > 0),
      [],
    );
    assert.deepEqual(
      offenders(({ accepts = [] }) => accepts.every((status) => /^[1-5](\d\d|XX)$/.test(status))),
      [],
    );
  });
});

test('every x-source of the document is one of the known origins', () => {
  const unknown: string[] = [];
  const visit = (pointer: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (key !== 'x-source') visit(`${pointer}/${key}`, child);
      else if (!/^(seed|upstream-1\.9\.0|curation|RFC \d+( §\d+(\.\d+)*)?)$/.test(String(child)))
        unknown.push(`${pointer}: ${String(child)}`);
    }
  };
  visit('#', contract.doc.root);
  assert.deepEqual(unknown, []);
});
