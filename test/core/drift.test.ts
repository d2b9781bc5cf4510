import { describe, expect, test } from 'vitest';
import type { Scope } from '../../src/api/parse.ts';
import { driftOf, hashOf, isEqual, isSameHash } from '../../src/core/drift.ts';
import { linesOf } from '../../src/core/verdicts.ts';
import { CONTENT, FOREIGN } from '../support/builders.ts';

const a: Scope = { name: 'a', description: 'A' };
const b: Scope = { name: 'b', description: 'B' };
const content = { name: 'x', scopes: [a, b] };

describe('the hash', () => {
  test('is the same from release to release: it stands in stored records', () => {
    expect(hashOf(content)).toBe('1:GPTE2QE-9vZAWKfaProMeSljxC5J7p9gYmyzoJyP40g');
  });

  test('does not know the order of the scopes', () => {
    expect(hashOf({ ...content, scopes: [b, a] })).toBe(hashOf(content));
  });

  test.each([
    { name: 'the name', other: { ...content, name: 'y' } },
    { name: 'a scope', other: { ...content, scopes: [a] } },
    { name: 'a description', other: { ...content, scopes: [a, { ...b, description: 'C' }] } },
    {
      name: 'where one text ends and the next begins',
      other: { ...content, scopes: [a, { name: 'bB', description: '' }] },
    },
  ])('knows $name', ({ other }) => {
    expect(hashOf(other)).not.toBe(hashOf(content));
  });

  test('does not know who manages it, nor any other field', () => {
    expect(hashOf({ ...content, managedBy: 'x' } as typeof content)).toBe(hashOf(content));
  });

  test('of an unknown version equals nothing, not even itself', () => {
    expect(isSameHash('2:x', '2:x')).toBe(false);
    expect(isSameHash(undefined, undefined)).toBe(false);
    expect(isSameHash(hashOf(content), hashOf(content))).toBe(true);
  });
});

describe('drift', () => {
  test('is empty for the same scopes in another order', () => {
    expect(driftOf(content, { ...content, scopes: [b, a] })).toEqual([]);
    expect(isEqual(content, { ...content, scopes: [b, a] })).toBe(true);
  });

  test('names what differs: name first, then scopes by name', () => {
    const present = {
      name: 'y',
      scopes: [
        { ...b, description: 'old' },
        { ...a, name: 'c' },
      ],
    };
    expect(linesOf(content, present)).toEqual([
      'name: is "y", wanted "x"',
      'scope a: missing',
      'scope b: is "old", wanted "B"',
      'scope c: not wanted',
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'takes %s for a name like any other',
    (name) => {
      const odd = { name: 'x', scopes: [{ name, description: 'D' }] };
      expect(driftOf(odd, { name: 'x', scopes: [] })).toHaveLength(1);
      expect(driftOf({ name: 'x', scopes: [] }, odd)).toHaveLength(1);
      expect(driftOf(odd, odd)).toEqual([]);
      expect(hashOf(odd)).not.toBe(hashOf({ name: 'x', scopes: [] }));
    },
  );

  test('has at most 20 lines of 256 characters, and says how many more there are', () => {
    const scopes = Array.from({ length: 100 }, (_, at) => ({
      name: `${at}-${'n'.repeat(250)}`,
      description: 'd'.repeat(256),
    }));
    const lines = linesOf({ name: 'x', scopes }, { name: 'y', scopes: [] });
    expect(lines).toHaveLength(20);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(256);
    expect(lines.at(-1)).toBe('and 82 more differences');
  });

  test('shows no character that a terminal obeys', () => {
    const [line] = linesOf(CONTENT, { ...FOREIGN, name: 'a\u001b[31m\u202Eb', scopes: [] });
    expect(line).toMatch(/^[\x20-\x7E]+$/);
  });
});
