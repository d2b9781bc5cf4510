/**
 * What AWS said, in a form that may stand in a status: bounded, on one line, without characters
 * that a terminal obeys, without what differs from one attempt to the next, and without secrets:
 * AWS tells a refused signature together with the headers that were signed.
 */
import { isUnknowns } from '../../api/read.ts';
import type { Secrets } from '../../api/secrets.ts';
import { printable } from '../../api/words.ts';

const MESSAGE_CHARS_MAX = 500;

/** No more is looked at of a text from outside: the patterns cost its length, and its square. */
const SCANNED_CHARS_MAX = 4 * MESSAGE_CHARS_MAX;

/** Secrets are looked for in more, for there are long ones. */
const STRUCK_CHARS_MAX = 8 * SCANNED_CHARS_MAX;

export type Strike = Pick<Secrets, 'strike'>;

/** A status that named them would be rewritten for ever. */
const VOLATILE: readonly RegExp[] = [
  /[,;(]?\s*request[ -]?id:?\s*[0-9a-f-]{8,}/gi,
  /\b\d{8}T\d{6}Z\b/g,
  /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z?/g,
];

/** No half of a secret is left where the text is cut: it is cut last. */
export function wordsOf(text: string, secrets: Strike, requestId?: string): string {
  const scanned = secrets.strike(text.slice(0, STRUCK_CHARS_MAX)).slice(0, SCANNED_CHARS_MAX);
  const steady = VOLATILE.reduce(
    (words, pattern) => words.replaceAll(pattern, ''),
    requestId === undefined ? scanned : scanned.replaceAll(requestId, ''),
  );
  return bounded(printable(steady));
}

function bounded(text: string): string {
  const characters = Array.from(text.slice(0, 2 * MESSAGE_CHARS_MAX + 2));
  if (characters.length <= MESSAGE_CHARS_MAX) return text;
  return `${characters.slice(0, MESSAGE_CHARS_MAX - 1).join('')}…`;
}

/** An error's name as AWS writes them; it becomes a label of a metric. */
const NAME = /^[A-Za-z][A-Za-z0-9_.:#-]{0,63}$/;

export function nameOf(error: unknown, secrets: Strike): string {
  const name: unknown = error instanceof Error ? error.name : undefined;
  return typeof name === 'string' && NAME.test(secrets.strike(name)) ? name : 'Unnamed';
}

/** The SDK appends it to what it could not read, for whoever has the error in a debugger. */
const SDK_HINT = /\n {2}Deserialization error: .*$/s;

/**
 * An error's own words; those of an aggregate are the words of its first part. The SDK copies the
 * fields of an answer onto its errors: a message that is no text there is none here. A parser
 * quotes the beginning of what it could not read, which may be half of a secret.
 */
export function messageOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'the answer is no JSON';
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  const message: unknown = isUnknowns(error) ? error['message'] : error;
  return typeof message === 'string' ? message.replace(SDK_HINT, '') : 'no message';
}
