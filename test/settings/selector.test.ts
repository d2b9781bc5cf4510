import { describe, expect, test } from 'vitest';
import { type Labels, matchesSelector } from '../../src/api/selector.ts';
import { parseSelector } from '../../src/settings/selector.ts';

const LABELS: Labels = { team: 'identity', tier: 'a', empty: '', 'example.com/kind': 'x_1.y-z' };

describe('a label selector', () => {
  test.each([
    { selector: '', matches: true },
    { selector: 'team', matches: true },
    { selector: 'owner', matches: false },
    { selector: '!owner', matches: true },
    { selector: '!team', matches: false },
    { selector: 'team=identity', matches: true },
    { selector: 'team==identity', matches: true },
    { selector: 'team = identity', matches: true },
    { selector: 'team=billing', matches: false },
    { selector: 'owner=identity', matches: false },
    { selector: 'empty=', matches: true },
    { selector: 'owner=', matches: false },
    { selector: 'team!=billing', matches: true },
    { selector: 'team!=identity', matches: false },
    { selector: 'owner!=identity', matches: true },
    { selector: 'tier in (a, b)', matches: true },
    { selector: 'tier in (b,c)', matches: false },
    { selector: 'owner in (a)', matches: false },
    { selector: 'tier notin (b,c)', matches: true },
    { selector: 'tier notin (a)', matches: false },
    { selector: 'owner notin (a)', matches: true },
    { selector: 'team=identity,tier in (a,b),!owner', matches: true },
    { selector: 'team=identity,tier in (b,c),!owner', matches: false },
    { selector: 'example.com/kind=x_1.y-z', matches: true },
    { selector: 'toString', matches: false },
  ])('`$selector` matches: $matches', ({ selector, matches }) => {
    const requirements = parseSelector(selector);
    expect(requirements).toBeDefined();
    expect(matchesSelector(requirements ?? [], LABELS)).toBe(matches);
  });

  test.each([
    '=a',
    'a,,b',
    'a,',
    'a=b=c',
    'a===b',
    'a in',
    'a in ()',
    'a in (b',
    'a in b',
    'a isin (b)',
    '!a=b',
    'a b',
    '-a',
    'a-',
    'Example.com/a',
    'a/b/c',
    '/a',
    'a'.repeat(64),
    `a=${'b'.repeat(64)}`,
    'a=-b',
    'a>1',
  ])('`%s` is none', (text) => {
    expect(parseSelector(text)).toBeUndefined();
  });

  test('takes names and values of 63 characters', () => {
    const name = 'n'.repeat(63);
    expect(parseSelector(`${name}=${name}`)).toEqual([
      { key: name, operator: 'In', values: [name] },
    ]);
  });
});
