/** Text that came from outside, made fit for a status, an event or a terminal. */

/** Controls, invisible formatting such as bidirectional overrides, lone surrogates, separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ');
}

/** At most `charsMax` UTF-16 units, printable, never cut inside a character. */
export function clip(text: string, charsMax: number): string {
  const clean = printable(text.slice(0, charsMax * 2));
  if (clean.length <= charsMax) return clean;
  const cut = clean.slice(0, charsMax - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
