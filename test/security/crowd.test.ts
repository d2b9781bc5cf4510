/**
 * F57: one tenant creates and deletes ten thousand resources. Others are served meanwhile: counted
 * in places of the line, not in time.
 */
import { describe, expect, test } from 'vitest';
import { createWorkQueue, PRIORITY, type WorkQueue } from '../../src/controller/work-queue.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';

const CROWD = 10_000;
const OTHERS = ['team-b', 'team-c', 'team-d'];

function createQueue() {
  const clock = createFakeClock();
  return { clock, queue: createWorkQueue({ clock, chance: createLoadedChance(0.5) }) };
}

function crowd(queue: WorkQueue, priority: number): void {
  for (let at = 0; at < CROWD; at += 1) queue.add(`team-a/churn-${at}`, { priority });
}

/** Served one after another until the key comes; how many came before it. */
function placesBefore(queue: WorkQueue, key: string, everySettled: () => void): number {
  for (let place = 0; ; place += 1) {
    const taken = queue.tryTake();
    if (taken === undefined) throw new Error(`${key} never came`);
    if (taken.key === key) return place;
    queue.settle(taken.key, { kind: 'Forget' }, taken.priority);
    everySettled();
  }
}

describe.each([
  ['edits', PRIORITY.Edit],
  ['repairs', PRIORITY.Drift],
  ['first passes', PRIORITY.FirstPass],
])('ten thousand %s of one tenant', (_, priority) => {
  test('are before nobody else by more than a few places', () => {
    const { queue } = createQueue();
    crowd(queue, priority);
    for (const namespace of OTHERS) queue.add(`${namespace}/one`, { priority });
    const before = OTHERS.map((namespace) => placesBefore(queue, `${namespace}/one`, () => {}));
    expect(before.reduce((sum, places) => sum + places)).toBeLessThanOrEqual(2);
  });

  test('that never end are before nobody else either', () => {
    const { queue } = createQueue();
    crowd(queue, priority);
    const count = { made: CROWD };
    const churn = () => {
      count.made += 2;
      queue.add(`team-a/churn-${count.made}`, { priority });
      queue.add(`team-a/churn-${count.made + 1}`, { priority });
    };
    for (let edit = 0; edit < 50; edit += 1) {
      queue.add('team-b/one', { priority });
      expect(placesBefore(queue, 'team-b/one', churn)).toBeLessThanOrEqual(2);
      queue.settle('team-b/one', { kind: 'Forget' }, priority);
    }
  });

  test('are served in their own order', () => {
    const { queue } = createQueue();
    crowd(queue, priority);
    const taken = Array.from({ length: CROWD }, () => queue.tryTake()?.key);
    expect(taken).toEqual(taken.map((_each, at) => `team-a/churn-${at}`));
  });
});

test('ten thousand tenants wait one turn for each other, and no more', () => {
  const { queue } = createQueue();
  const priority = PRIORITY.Edit;
  for (let at = 0; at < CROWD; at += 1) {
    queue.add(`team-${at}/one`, { priority });
    queue.add(`team-${at}/two`, { priority });
  }
  expect(placesBefore(queue, 'team-9999/one', () => {})).toBe(CROWD - 1);
});
