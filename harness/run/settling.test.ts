import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { VirtualClock } from '../../proof/memory.ts';
import type { Clock } from '../client/wire.ts';
import { lookUntil, Stretch } from './settling.ts';

/** A clock whose sleeps may take longer than requested, as in a process that is held up, with a count of them. */
function heldUp(late: (sleep: number) => number): Clock & { sleeps: number } {
  let now = 0;
  const clock = {
    sleeps: 0,
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds + late(++clock.sleeps);
    },
  };
  return clock;
}

describe('a span of time', () => {
  test('is as long as requested, plus a moment, if nothing holds the process up', async () => {
    const clock = new VirtualClock();
    const began = clock.now();
    const time = new Stretch(clock, 1100);
    await clock.sleep(1099);
    assert.equal(time.isOver, false);
    await time.over;
    assert.equal(clock.now() - began, 1125);
    assert.equal(time.isOver, true);
  });

  const cases: ReadonlyArray<readonly [what: string, late: (sleep: number) => number, took: number]> = [
    ['a suspension does not use it up', (sleep) => (sleep === 2 ? 20_000 : 0), 20_000 + 1000 + 250 + 25],
    [
      'a suspension in its last moment does not either',
      (sleep) => (sleep === 4 ? 20_000 : 0),
      20_000 + 1000 + 250 + 25,
    ],
    ['ticks that are a little late count', (sleep) => (sleep <= 4 ? 100 : 0), 1400 + 25],
    ['it ends, also where every tick is late', () => 1000, 40 * 1250 + 1025],
    ['a clock that is set back does not prolong it', (sleep) => (sleep === 1 ? -3_600_000 : 0), 1025 - 3_600_000],
  ];
  for (const [what, late, took] of cases)
    test(what, async () => {
      const clock = heldUp(late);
      await new Stretch(clock, 1000).over;
      assert.equal(clock.now(), took);
    });

  test('stops its timers once nothing waits for it', async () => {
    const clock = heldUp(() => 0);
    const time = new Stretch(clock, 1_000_000);
    time.end();
    await time.over;
    assert.ok(clock.sleeps <= 2);
  });
});

describe('polling', () => {
  test('ends when the predicate is satisfied', async () => {
    const clock = new VirtualClock();
    let looks = 0;
    assert.equal(
      await lookUntil(
        clock,
        10_000,
        async () => ++looks,
        (seen) => seen === 3,
      ),
      3,
    );
  });

  test('ends with a poll that begins after the time is up', async () => {
    const clock = new VirtualClock();
    const began = clock.now();
    const looks: number[] = [];
    const look = async () => {
      looks.push(clock.now() - began);
      await clock.sleep(600);
      return looks.length;
    };
    assert.equal(await lookUntil(clock, 1000, look, () => false), 3);
    assert.deepEqual(looks, [0, 625, 1225]);
  });

  test('sees what arrived while the process was suspended', async () => {
    const clock = heldUp((sleep) => (sleep === 3 ? 20_000 : 0));
    const seen = await lookUntil(
      clock,
      1000,
      async () => clock.now(),
      (now) => now > 10_000,
    );
    assert.ok(seen > 10_000);
  });
});
