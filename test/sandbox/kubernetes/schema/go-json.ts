/** Reads JSON as Go does, where JavaScript differs. */
import { isObject } from '../kube-object.ts';

/** Half a surrogate pair, written as an escape; or a number that may be too large. */
const SUSPICIOUS = /\\u[dD][89a-fA-F]|[0-9][eE]\+?[0-9]{3}|[0-9]{309}/;

/** Throws a SyntaxError for what is no JSON, and for a number that is none. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return SUSPICIOUS.test(text) ? wellFormed(value) : value;
}

/** Half a character is read as the character that stands for no character. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === Infinity || value === -Infinity) throw new SyntaxError('number out of range');
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  const fields = Object.entries(value);
  return Object.fromEntries(
    fields.map(([name, inner]) => [name.toWellFormed(), wellFormed(inner)]),
  );
}
