/** Text that came from outside, made fit for a status, an event, a log line or a terminal. */

/** Controls, invisible formatting such as bidirectional overrides, private use, lone surrogates. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\s]+/gu;

/** On one line, of characters that a terminal only shows. */
export function printable(text: string): string {
  return text.toWellFormed().replaceAll('\uFFFD', ' ').replaceAll(UNPRINTABLE, ' ').trim();
}

/** Printable, at most `charsMax` UTF-16 units, never cut within a character. */
export function clip(text: string, charsMax: number): string {
  const clean = printable(text.slice(0, charsMax * 2));
  if (clean.length <= charsMax) return clean;
  const cut = clean.slice(0, charsMax - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
