/** Hash and drift tell the same of two contents, and neither knows the order of scopes. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Desired } from '../../src/api/parse.ts';
import { driftOf, hashOf, isSameHash } from '../../src/core/drift.ts';

const word = fc.constantFrom('a', 'b', 'c', '', 'aa', '__proto__', 'é', '\u{1F600}');
const scopes = fc.uniqueArray(fc.record({ name: word, description: word }), {
  maxLength: 5,
  selector: ({ name }) => name,
});
const content: fc.Arbitrary<Desired> = fc.record({ name: word, scopes });

test('the order of scopes means nothing', () => {
  const shuffled = content.chain((one) =>
    fc.shuffledSubarray([...one.scopes], { minLength: one.scopes.length }).map((other) => ({
      one,
      other: { ...one, scopes: other },
    })),
  );
  fc.assert(
    fc.property(shuffled, ({ one, other }) => {
      expect(hashOf(other)).toBe(hashOf(one));
      expect(driftOf(one, other)).toEqual([]);
    }),
  );
});

test('two contents have the same hash when nothing differs, and only then', () => {
  fc.assert(
    fc.property(content, content, (one, other) => {
      expect(isSameHash(hashOf(one), hashOf(other))).toBe(driftOf(one, other).length === 0);
    }),
    { numRuns: 1_000 },
  );
});

test('a difference is one from either side', () => {
  fc.assert(
    fc.property(content, content, (one, other) => {
      expect(driftOf(one, other)).toHaveLength(driftOf(other, one).length);
    }),
  );
});

test('a hash that was made by other rules equals nothing', () => {
  const other = fc.string().filter((hash) => !hash.startsWith('1:'));
  fc.assert(
    fc.property(
      fc.oneof(
        other,
        other.map((rest) => `2:${rest}`),
      ),
      (hash) => {
        expect(isSameHash(hash, hash)).toBe(false);
      },
    ),
  );
});
