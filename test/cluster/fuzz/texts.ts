/** Texts that servers are known to see differently: odd Unicode, prototype names, exact lengths. */
import * as fc from 'fast-check';

/** Each counts differently in bytes, in UTF-16 and in code points, or is no text at all. */
export const ODD_CHARACTERS: readonly string[] = [
  ' ',
  '\t',
  '\n',
  '\r',
  '\f',
  '\v',
  '\u0000',
  '\u0001',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u00e9',
  'e\u0301',
  '\u0130',
  '\u017f',
  '\u200b',
  '\u2028',
  '\ufeff',
  '\ufffd',
  '\uffff',
  '\ud800',
  '\u{1f600}',
  '\u{50000}',
  '\u{10ffff}',
  '"',
  '\\',
  "'",
  '`',
  '/',
  '<',
  '&',
  '%',
  '~',
  '^',
  '$',
  '-',
  '_',
  '.',
  'A',
  '0',
];

export const ODD_NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
  'then',
  'null',
  'true',
  '0',
  '',
  'a.b',
  'a/b',
  'a b',
  '$ref',
];

const between = (first: number, last: number): fc.Arbitrary<string> =>
  fc.integer({ min: first, max: last }).map((code) => String.fromCodePoint(code));

/**
 * Old letters, and planes that nobody uses: Go and Node know different new characters, and print
 * what they do not know as a number.
 */
export const oddCharacter: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_CHARACTERS),
  between(0x20, 0x24f),
  between(0x4e00, 0x9fa5),
  between(0x40000, 0xdffff),
);

export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_NAMES, ...ODD_CHARACTERS),
  fc.string({ unit: oddCharacter, maxLength: 8 }),
  fc.string({ maxLength: 12 }),
);

/** A text that was valid, with something odd in it. */
export function bentText(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(valid, oddCharacter, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([text, odd, share]) => {
      const at = Math.round(share * text.length);
      return `${text.slice(0, at)}${odd}${text.slice(at)}`;
    });
}

/** As long as the limit, one less, one more: counted in units of one to four bytes. */
export function textOfLength(limit: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom('a', '\u00e9', '\u20ac', '\u{1f600}'), fc.constantFrom(-1, 0, 1))
    .map(([unit, more]) => unit.repeat(Math.max(0, limit + more)));
}
