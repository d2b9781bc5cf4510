/** Text that came from outside, made fit for a status, an event or a terminal. */

/** C0 and C1 controls, lone surrogates, bidirectional overrides and other invisible formatting. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/gu;

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
