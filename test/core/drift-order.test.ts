/** Lines of drift come in one order, on every machine and whatever the order of the scopes. */
import { expect, test } from 'vitest';
import { driftOf } from '../../src/core/drift.ts';
import { linesOf } from '../../src/core/verdicts.ts';

const scopes = (...names: readonly string[]) =>
  names.map((name) => ({ name, description: `of ${name}` }));

test.each([
  { desired: ['c', 'a', 'b'], present: [], want: ['a', 'b', 'c'] },
  { desired: [], present: ['b', 'c', 'a'], want: ['a', 'b', 'c'] },
  { desired: ['d', 'b'], present: ['c', 'a'], want: ['a', 'b', 'c', 'd'] },
  { desired: ['a10', 'a9', 'B', 'a'], present: [], want: ['B', 'a', 'a10', 'a9'] },
])('$desired against $present: $want', ({ desired, present, want }) => {
  const lines = linesOf(
    { name: 'x', scopes: scopes(...desired) },
    { name: 'x', scopes: scopes(...present) },
  );
  expect(lines.map((line) => line.replace(/^scope (.*):.*$/, '$1'))).toEqual(want);
});

test('the name comes before all scopes', () => {
  const [first] = driftOf({ name: 'x', scopes: scopes('a') }, { name: 'y', scopes: [] });
  expect(first?.kind).toBe('Name');
});
