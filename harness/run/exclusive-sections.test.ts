import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as breathe } from 'node:timers/promises';
import { contract, exchange, group } from '../fixtures.ts';
import { ALONE, ExclusiveSections } from './exclusive-sections.ts';
import { Footprint } from './footprint.ts';
import { doing, Work, waitFor } from './waiting.ts';

/** Sections that record when they begin and end, and end on demand. */
function stage() {
  const sections = new ExclusiveSections();
  const log: string[] = [];
  const enter = (kind: string, name: string) => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const done = sections.run(kind, async () => {
      log.push(`+${name}`);
      await ended;
      log.push(`-${name}`);
    });
    return {
      end: () => {
        end();
        return done;
      },
    };
  };
  return { sections, log, enter };
}

describe('exclusive sections', () => {
  test('of one kind overlap', async () => {
    const { log, enter } = stage();
    const [a, b] = [enter('x', 'a'), enter('x', 'b')];
    await breathe();
    await b.end();
    await a.end();
    assert.deepEqual(log, ['+a', '+b', '-b', '-a']);
  });

  test('of different kinds never overlap; waiting ones enter in order, all of one kind together', async () => {
    const { log, enter } = stage();
    const [a, b, c, d, e] = [enter('x', 'a'), enter('y', 'b'), enter('z', 'c'), enter('y', 'd'), enter('x', 'e')];
    await breathe();
    assert.deepEqual(log, ['+a', '+e']);
    await a.end();
    await breathe();
    assert.deepEqual(log, ['+a', '+e', '-a']);
    await e.end();
    await breathe();
    assert.deepEqual(log.slice(4), ['+b', '+d']);
    await d.end();
    await b.end();
    await c.end();
    assert.deepEqual(log.slice(6), ['-d', '-b', '+c', '-c']);
  });

  test('nest within their kind, even while others wait', async () => {
    const { sections, log, enter } = stage();
    const outer = sections.run('x', async () => {
      await breathe();
      await sections.run('x', async () => void log.push('inner'));
    });
    const other = enter('y', 'other');
    await outer;
    await other.end();
    assert.deepEqual(log, ['inner', '+other', '-other']);
  });

  test('of the kind `alone` never overlap, not even with each other', async () => {
    const { log, enter } = stage();
    const [a, b] = [enter(ALONE, 'a'), enter(ALONE, 'b')];
    await breathe();
    assert.deepEqual(log, ['+a']);
    await a.end();
    await b.end();
    assert.deepEqual(log, ['+a', '-a', '+b', '-b']);
  });

  test('nested in one that has to end first are an error, and hold up no other', async () => {
    const { sections } = stage();
    for (const [outer, inner] of [
      ['x', 'y'],
      [ALONE, ALONE],
    ] as const)
      await assert.rejects(
        sections.run(outer, () => sections.run(inner, async () => undefined)),
        /would wait for each other/,
      );
    assert.equal(await sections.run('y', async () => 'in'), 'in');
  });

  test('that wait for work which waits for a section are an error', async () => {
    const { sections } = stage();
    const work = new Work('some work');
    const begun = sections.run('x', async () => {
      await breathe();
      await waitFor(work, made);
    });
    const made = doing(work, () => sections.run('y', async () => 'made'));
    await assert.rejects(begun, /a section "x" and some work would wait for each other/);
    assert.equal(await made, 'made');
  });

  test('may wait for shared work that does not wait for them', async () => {
    const { sections } = stage();
    const work = new Work('some work');
    const made = doing(work, async () => {
      await breathe();
      return 'made';
    });
    const seen = await Promise.all([waitFor(work, made), sections.run('x', () => waitFor(work, made))]);
    assert.deepEqual(seen, ['made', 'made']);
  });

  test('pass on an error, and let the next one in', async () => {
    const { sections } = stage();
    await assert.rejects(
      sections.run('x', () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await sections.run('y', async () => 'in'), 'in');
  });
});

describe('the footprint', () => {
  test('lists what was created, and what of it is still open', () => {
    const footprint = new Footprint();
    footprint.made('user', 'u');
    footprint.made('user', 'u');
    for (const id of ['a', 'b']) footprint.created(id);
    footprint.closed('a');
    footprint.closed('never-created');
    for (const id of ['w', 'v']) footprint.webhook(id);
    footprint.webhookRemoved('w');
    assert.deepEqual(footprint.openGroups(), ['b']);
    assert.deepEqual(JSON.parse(JSON.stringify(footprint)), {
      prerequisites: [{ what: 'user', id: 'u' }],
      groups: [
        { id: 'a', state: 'closed' },
        { id: 'b', state: 'open' },
      ],
      webhooks: [
        { id: 'w', state: 'removed' },
        { id: 'v', state: 'registered' },
      ],
    });
  });

  test('reports each change, so that it can be saved at once', () => {
    const footprint = new Footprint();
    const noted: string[] = [];
    footprint.changed = () => void noted.push(JSON.stringify(footprint));
    footprint.made('user', 'u');
    footprint.created('a');
    footprint.created('a');
    footprint.closed('never-created');
    footprint.closed('a');
    footprint.webhook('w');
    footprint.webhookRemoved('w');
    assert.equal(noted.length, 5);
    assert.equal(noted.at(-1), JSON.stringify(footprint));
  });

  test('takes groups from any successful POST, and counts them as closed only when shown as such', () => {
    const [one, other, closing] = [group(), group(), group({ status: 'CLOSING' })];
    const footprint = new Footprint();
    const note = (changes: Parameters<typeof exchange>[0]) => footprint.note(contract, exchange(changes));
    note({ operation: 'create', method: 'POST', status: 202, body: one });
    note({ operation: 'create', method: 'POST', status: 400, body: other });
    note({ operation: 'create', method: 'POST', status: 200, body: closing });
    assert.deepEqual(footprint.openGroups(), [one.id, closing.id]);
    assert.ok(footprint.has(String(one.id).toUpperCase()) && !footprint.has(String(other.id)));
    note({ operation: 'close', method: 'DELETE', status: 202 });
    assert.deepEqual(footprint.openGroups(), [one.id, closing.id]);
    note({ operation: 'retrieve', method: 'GET', status: 200, body: closing });
    assert.deepEqual(footprint.openGroups(), [one.id]);
  });

  test('does not reopen a closed group when a creation returns it again', () => {
    const footprint = new Footprint();
    footprint.created('a');
    footprint.closed('a');
    footprint.created('a');
    assert.deepEqual(footprint.openGroups(), []);
  });
});
