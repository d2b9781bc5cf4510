import { describe, expect, test } from 'vitest';
import * as wording from '../../../src/adapters/cognito/wording.ts';
import { createSecrets } from '../../../src/api/secrets.ts';

const { messageOf } = wording;
const wordsOf = (text: string, requestId?: string) =>
  wording.wordsOf(text, createSecrets(), requestId);
const nameOf = (error: unknown) => wording.nameOf(error, createSecrets());

describe('the words of AWS', () => {
  test('are kept when there is nothing wrong with them', () => {
    expect(wordsOf('Rate exceeded ✓ for naïve users')).toBe('Rate exceeded ✓ for naïve users');
  });

  test.each([
    ['line breaks and tabs', 'a\r\n\tb\u2028c', 'a b c'],
    ['escape sequences of a terminal', 'a\u001b[31mb', 'a [31mb'],
    ['bidirectional overrides', 'a\u202Eb\u2066c', 'a b c'],
    ['zero-width characters', 'a\u200Bb\uFEFFc', 'a b c'],
    ['lone surrogates', 'a\uD800b', 'a b'],
  ])('lose %s', (_, text, want) => {
    expect(wordsOf(text)).toBe(want);
  });

  test('have no request id and no time: they would differ at each attempt', () => {
    const id = '55ae2950-3096-48c8-9bf7-86940cf27c27';
    expect(wordsOf(`No (Request ID: ${id})`)).toBe('No )');
    expect(wordsOf(`It was ${id} again`, id)).toBe('It was again');
    expect(wordsOf('Signature expired: 20261122T101112Z is now earlier')).toBe(
      'Signature expired: is now earlier',
    );
    expect(wordsOf('expired at 2026-11-22T10:11:12.123Z.')).toBe('expired at .');
  });

  test('keep a UUID that is somebody’s identifier', () => {
    const identifier = 'api://55ae2950-3096-48c8-9bf7-86940cf27c27';
    expect(wordsOf(`${identifier} already exists`)).toBe(`${identifier} already exists`);
  });

  test('end after 500 characters, never within one', () => {
    expect(wordsOf('x'.repeat(500))).toBe('x'.repeat(500));
    expect(wordsOf('🙂'.repeat(100_000))).toBe(`${'🙂'.repeat(499)}…`);
  });
});

describe("an error's name", () => {
  test('is kept when AWS could have written it', () => {
    expect(nameOf(Object.assign(new Error('x'), { name: 'FooException' }))).toBe('FooException');
  });

  test.each([['two words'], ['x'.repeat(65)], ['a\u001bb'], [''], [undefined]])(
    'is not taken from %j',
    (name) => {
      expect(nameOf(Object.assign(new Error('x'), { name }))).toBe('Unnamed');
    },
  );

  test('of something that is no error is none', () => {
    expect([nameOf('oops'), nameOf(undefined)]).toEqual(['Unnamed', 'Unnamed']);
    expect(messageOf('oops')).toBe('oops');
  });

  test('an aggregate speaks with the words of its first part', () => {
    expect(messageOf(new AggregateError([new Error('refused'), new Error('too')]))).toBe('refused');
  });
});
