/** Texts that harm whoever shows, counts, searches or stores them without care. */
import * as fc from 'fast-check';
import { anyText, ODD_NAMES, oddCharacter } from '../cluster/fuzz/texts.ts';

export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  ansi: '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b2J',
  bidi: '\u202etxt.exe \u2066isolated\u2069 \u200f',
  'lone surrogates': '\ud800 \udc00\ud83d',
  nul: 'a\u0000b',
  'line breaks': 'one\r\ntwo\u2028three\u0085four',
  invisible: '\ufeff\u200b\u00ad\u{e0041}',
  'many marks': `a${'\u0301'.repeat(2_000)}`,
  'long emoji': '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(500),
  blanks: ' '.repeat(40_000),
  digits: '9'.repeat(40_000),
  long: 'x'.repeat(40_000),
  'request ids': 'request id: 0123456789abcdef '.repeat(1_000),
  html: '<html><script>alert(1)</script></html>',
  path: '../../../../etc/passwd\u0000.png',
  template: '${7*7} {{7*7}} %s%n $(id) `id`',
  'log line': '{"level":"error","msg":"unexpected error: this is a bug"}\n',
  'a URL': 'https://weather.example.com',
  'an address': 'mail@example.com',
  'half of a credential': 'Basic ',
  'a key that does not end': '-----BEGIN PRIVATE KEY-----',
  'half of a signature': 'Signature=',
  quotes: '\\"\'`"\\',
  label: 'a"} 1\n# HELP evil\nevil{x="',
};

const LONG = Object.values(HOSTILE_TEXTS);
const SHORT = LONG.map((text) => text.slice(0, 200));

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...SHORT, ...ODD_NAMES) },
  { weight: 8, arbitrary: anyText },
  { weight: 4, arbitrary: fc.string({ unit: oddCharacter, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(...LONG) },
);

/** Controls, invisible formatting, private use and halves of characters. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

export function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text);
}
