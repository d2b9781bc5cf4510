/**
 * Secrets cut out of text from outside: an error that echoes our request must not carry them into a
 * log, a status, an Event or a metric. What looks like one is cut out by its looks alone; what is
 * known to be one, wherever it stands, in base64, hexadecimal and URL-encoded too.
 *
 * May take too much for a secret, never too little. To be done before a text is cut to length.
 */

export interface Secrets {
  /** These are secrets from now on. May be called again and again with the same ones. */
  learn(texts: readonly (string | undefined)[]): void;
  /** The text without any of them, and without what looks like one. */
  strike(text: string): string;
}

export const REDACTED = '[redacted]';

/**
 * AWS key ids, headers that AWS quotes as it refuses a signature, signed queries, JSON Web Tokens,
 * what follows `Bearer` and `Basic`, keys in PEM, the user and password of a URL. None goes beyond
 * a quotation mark, for the text may be JSON: a line of the log, an answer.
 */
const LOOKS: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /(?<=\bx-amz-security-token\W{1,3})[^\s'",;\\]+/gi,
  /(?<=\b(?:X-Amz-)?(?:Credential|Signature|Security-Token)=)[^&\s"',\\]+/gi,
  /(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(?<=\b(?:Bearer|Basic)\s)[^\s"\\]+/gi,
  /(?<=-----BEGIN [A-Z ]*PRIVATE KEY-----)(?:[^-"\\]|\\[^"])+/g,
  /(?<=:\/\/)[^/\s"\\]*(?=@)/g,
];

export function withoutSecretLooks(text: string): string {
  return LOOKS.reduce((rest, look) => rest.replace(look, REDACTED), text);
}

/** What is shorter may be a word. */
const SECRET_CHARS_MIN = 16;
/** Credentials are replaced about once an hour; the last ones are remembered. */
const SECRETS_MAX = 32;

export function createSecrets(): Secrets {
  const known = new Map<string, readonly string[]>();
  let forms: readonly string[] = [];
  return {
    learn(texts) {
      for (const text of texts) {
        if (text === undefined || text.length < SECRET_CHARS_MIN || known.has(text)) continue;
        const [oldest] = known.keys();
        if (known.size >= SECRETS_MAX && oldest !== undefined) known.delete(oldest);
        known.set(text, formsOf(text));
        forms = [...known.values()].flat();
      }
    },
    strike(text) {
      const rest = forms.reduce((words, form) => words.replaceAll(form, REDACTED), text);
      return withoutSecretLooks(rest);
    },
  };
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const url = encodeURIComponent(secret);
  const lowerUrl = url.replaceAll(/%../g, (byte) => byte.toLowerCase());
  const base64 = [0, 1, 2].flatMap((offset) => base64Of(bytes, offset));
  return [...new Set([secret, ...base64, hex, hex.toUpperCase(), url, lowerUrl])];
}

/**
 * What base64 makes of it, `offset` bytes after a whole group of three, whatever stands around it.
 */
function base64Of(secret: Buffer, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), secret]);
  const start = Math.ceil((offset * 8) / 6);
  const end = Math.floor((bytes.length * 8) / 6);
  return [bytes.toString('base64'), bytes.toString('base64url')].map((text) =>
    text.slice(start, end),
  );
}
