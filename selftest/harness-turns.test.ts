import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as breathe } from 'node:timers/promises';
import { Footprint } from '../harness/footprint.ts';
import { Turns } from '../harness/turns.ts';

/** Sections that note when they begin and end, and end when told. */
function stage() {
  const turns = new Turns();
  const log: string[] = [];
  const enter = (kind: string, name: string) => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const done = turns.run(kind, async () => {
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
  return { turns, log, enter };
}

describe('turns', () => {
  test('sections of one kind overlap', async () => {
    const { log, enter } = stage();
    const [a, b] = [enter('x', 'a'), enter('x', 'b')];
    await breathe();
    await b.end();
    await a.end();
    assert.deepEqual(log, ['+a', '+b', '-b', '-a']);
  });

  test('sections of two kinds never do; those who wait enter in order, whole kinds at once', async () => {
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

  test('a section may hold another one of its kind, even while others wait', async () => {
    const { turns, log, enter } = stage();
    let proceed = () => {};
    const waits = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const outer = turns.run('x', async () => {
      await waits;
      await turns.run('x', async () => void log.push('inner'));
    });
    const other = enter('y', 'other');
    proceed();
    await outer;
    await other.end();
    assert.deepEqual(log, ['inner', '+other', '-other']);
  });

  test('a section that fails says so, and lets the next one in', async () => {
    const { turns } = stage();
    await assert.rejects(
      turns.run('x', () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await turns.run('y', async () => 'in'), 'in');
  });
});

describe('footprint', () => {
  test('lists what was created, and what of it is open', () => {
    const footprint = new Footprint();
    footprint.user('u');
    footprint.user('u');
    for (const id of ['a', 'b']) footprint.created(id);
    footprint.closed('a');
    footprint.closed('never-created');
    for (const id of ['w', 'v']) footprint.webhook(id);
    footprint.webhookRemoved('w');
    assert.deepEqual(footprint.openGroups(), ['b']);
    assert.deepEqual(JSON.parse(JSON.stringify(footprint)), {
      users: ['u'],
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

  test('tells of each change, so that it can be noted down at once', () => {
    const footprint = new Footprint();
    const noted: string[] = [];
    footprint.changed = () => void noted.push(JSON.stringify(footprint));
    footprint.user('u');
    footprint.created('a');
    footprint.created('a');
    footprint.closed('never-created');
    footprint.closed('a');
    footprint.webhook('w');
    footprint.webhookRemoved('w');
    assert.equal(noted.length, 5);
    assert.equal(noted.at(-1), JSON.stringify(footprint));
  });

  test('a creation that shows a closed group again does not reopen it', () => {
    const footprint = new Footprint();
    footprint.created('a');
    footprint.closed('a');
    footprint.created('a');
    assert.deepEqual(footprint.openGroups(), []);
  });
});
