/** Values as Go prints them: the sentences of an API server are full of them. */
import { isObject } from '../kube-object.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** What `strconv.IsPrint` says: letters, marks, numbers, punctuation, symbols, and the space. */
const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/** `%q` */
export function quoted(text: string): string {
  return `"${[...text].map((each) => ESCAPES[each] ?? printed(each)).join('')}"`;
}

function printed(character: string): string {
  if (PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = (digits: number): string => code.toString(16).padStart(digits, '0');
  if (code < 0x80) return `\\x${hex(2)}`;
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

/** From this exponent on a float64 is shown with it. */
const SHORTEST_DIGITS = 6;

/** `%v` of an int64 or a float64, whichever the number was read as. */
export function numberText(value: number): string {
  if (isInt64(value)) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < SHORTEST_DIGITS) return String(value);
  const sign = power < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** Go reads a JSON number as an int64 when it can, else as a float64. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

/** What `encoding/json` makes of a value: fields in order, HTML escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(ordered(value) ?? null)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([name, inner]) => [name, ordered(inner)] as const);
  return Object.fromEntries(fields.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** A value in the sentence about what is wrong with it, as `field.Error` shows it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'number' ? numberText(value) : goJson(value);
}
