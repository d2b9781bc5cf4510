/** Who waits for a pool, under any order of arrivals, departures and good news: nobody for ever. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  closedFor,
  freed,
  freedBySweep,
  leave,
  NOBODY,
  opened,
  type Parking,
  park,
  parkForQuota,
  probes,
} from '../../src/core/parking.ts';
import type { Operation } from '../../src/core/view.ts';
import { DENIED } from '../core/failures.ts';

const operation = fc.constantFrom<Operation>('List', 'Describe', 'Create', 'Update', 'Delete');
const key = fc.constantFrom('a', 'b', 'c', 'd');
const move = fc.record({
  what: fc.constantFrom('Park', 'Park', 'Leave', 'Open'),
  operation,
  key,
});
const moves = fc.array(move, { maxLength: 40 });

type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

function made(parking: Parking, { what, operation: on, key: who }: Move) {
  if (what === 'Park') return { parking: park(parking, on, who, DENIED), wake: [] };
  return what === 'Leave' ? leave(parking, who) : opened(parking, on, who);
}

function probers(parking: Parking): ReadonlySet<string> {
  const all = Object.entries(parking.closed).map(([on, { keys }]) => `${on} ${keys[0]}`);
  return new Set(all);
}

test('what is closed is probed by one that waits, and whoever becomes that one is woken', () => {
  fc.assert(
    fc.property(moves, (all) => {
      let before = NOBODY;
      for (const each of all) {
        const { parking, wake } = made(before, each);
        for (const [on, { keys }] of Object.entries(parking.closed)) {
          const probing = keys.filter((one) => probes(parking, on as Operation, one));
          expect(probing).toEqual(keys.slice(0, 1));
          expect(keys.filter((one) => Object.hasOwn(closedFor(parking, one), on))).toEqual(
            keys.slice(1),
          );
        }
        const fresh = [...probers(parking)].filter((one) => !probers(before).has(one));
        const isOverlooked = (one: string) => !wake.includes(one.split(' ')[1] ?? '');
        // Whoever parks has just asked by itself.
        expect(each.what === 'Park' ? [] : fresh.filter(isOverlooked)).toEqual([]);
        before = parking;
      }
    }),
  );
});

test('good news reaches all that waited for it, but whoever brought it', () => {
  fc.assert(
    fc.property(moves, operation, key, (all, on, by) => {
      const before = all.reduce((parking, each) => made(parking, each).parking, NOBODY);
      const waited = before.closed[on]?.keys ?? [];
      expect(opened(before, on, by).wake).toEqual(waited.filter((one) => one !== by));
    }),
  );
});

test('as many are woken as there are free slots, oldest first', () => {
  const keys = fc.uniqueArray(fc.nat(99).map(String), { maxLength: 20 });
  fc.assert(
    fc.property(keys, fc.integer({ min: -5, max: 30 }), (all, slots) => {
      const line = all.reduce((parking, each) => parkForQuota(parking, each, 25), NOBODY);
      expect(freed(line, slots)).toEqual(all.slice(0, Math.max(slots, 0)));
      expect(freedBySweep(line, 25 - slots)).toEqual(freed(line, slots));
    }),
  );
});
