/** Text from outside, made fit for a log line and an Event. */

import { withoutSecretLooks } from '../../api/secrets.ts';
import { printable } from '../../api/words.ts';

/** On one line, at most `bytesMax` bytes of UTF-8, never cut within a character. */
export function clip(text: string, bytesMax: number): string {
  const clean = printable(withoutSecretLooks(text.slice(0, SCANNED_TIMES * bytesMax)));
  if (Buffer.byteLength(clean) <= bytesMax) return clean;
  const { read } = new TextEncoder().encodeInto(clean, new Uint8Array(bytesMax - ELLIPSIS_BYTES));
  return `${clean.slice(0, read)}…`;
}

const ELLIPSIS_BYTES = 3;
/** Before a text is cut to length, so that no half of a secret slips through. */
const SCANNED_TIMES = 16;
