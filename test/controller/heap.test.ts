import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from '../../src/controller/heap.ts';

interface Item {
  readonly rank: number;
  readonly order: number;
}

const before = (a: Item, b: Item): boolean =>
  a.rank < b.rank || (a.rank === b.rank && a.order < b.order);

test('a heap gives back in order whatever was not removed from its middle', () => {
  const row = fc.record({ rank: fc.nat(20), removed: fc.boolean() });
  const ranks = fc.array(row, { maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(ranks, (rows) => {
      const items = rows.map(({ rank }, order): Item => ({ rank, order }));
      const stay = items.filter((_, order) => rows[order]?.removed === false);
      const heap = new Heap(before);
      for (const item of items) heap.push(item);
      for (const item of items) if (!stay.includes(item)) heap.remove(item);
      expect(heap.size).toBe(stay.length);
      expect(stay.map(() => heap.pop())).toEqual(stay.sort((a, b) => (before(a, b) ? -1 : 1)));
      expect(heap.pop()).toBeUndefined();
    }),
  );
});

test('removing an item that is not in changes nothing', () => {
  const heap = new Heap(before);
  const inside = { rank: 1, order: 0 };
  heap.push(inside);
  heap.remove({ rank: 1, order: 0 });
  expect([heap.size, heap.peek()]).toEqual([1, inside]);
});
