/**
 * What of a log's fields may be written: bounded, and without anything that looks like a secret,
 * whatever it is called and wherever it stands. May name too much a secret, never too little.
 */

import { REDACTED, withoutSecretLooks } from '../../api/secrets.ts';

export const LIMITS = { textCharsMax: 1_024, itemsMax: 50, depthMax: 5 } as const;

const SECRET_NAME =
  /secret|password|passphrase|credential|authorization|cookie|signature|token|access-?key/i;
/** Before a text is cut, so that no half of a secret slips through; so much is looked at. */
const SCANNED_CHARS_MAX = 16 * LIMITS.textCharsMax;

export function writableFields(fields: object): Record<string, unknown> {
  return writableObject(fields, LIMITS.depthMax);
}

function writableObject(fields: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(fields).slice(0, LIMITS.itemsMax);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      SECRET_NAME.test(name) && value !== undefined ? REDACTED : writable(value, depth - 1),
    ]),
  );
}

function writable(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return writableText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth <= 0) return '[deeper]';
  if (value instanceof Error) return writableError(value, depth);
  if (Array.isArray(value)) {
    return value.slice(0, LIMITS.itemsMax).map((item) => writable(item, depth - 1));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  return isPlain
    ? writableObject(value, depth)
    : writableText(Object.prototype.toString.call(value));
}

/** Of an SDK's error only this: the rest may carry a request with its headers. */
function writableError({ name, message, stack, cause }: Error, depth: number): unknown {
  return writableObject({ name, message, stack, cause }, depth);
}

function writableText(text: string): string {
  const scanned = text.slice(0, SCANNED_CHARS_MAX);
  const clean = withoutSecretLooks(scanned);
  const cut = Math.max(text.length - scanned.length, 0) + clean.length - LIMITS.textCharsMax;
  return cut <= 0 ? clean : `${clean.slice(0, LIMITS.textCharsMax)} [and ${cut} more]`;
}
