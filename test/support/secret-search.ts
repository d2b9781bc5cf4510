/**
 * Looks for secrets in whatever an operator puts out: as they are, in base64 (wherever they stand
 * in what was encoded), in hexadecimal, and URL-encoded.
 */

export interface SecretSearch {
  /** To be looked for from now on. What is shorter than a canary could stand anywhere by chance. */
  add(name: string, secret: string | undefined): void;
  /** @param where for the complaint: `the log`, `a status` */
  look(where: string, text: string): void;
  /** What was found, in sentences, each once. None of them repeats the secret. */
  readonly leaks: readonly string[];
}

interface Form {
  readonly name: string;
  readonly text: string;
}

const SECRET_CHARS_MIN = 16;

export function createSecretSearch(): SecretSearch {
  const forms = new Map<string, Form>();
  const leaks = new Set<string>();
  return {
    add(name, secret = '') {
      if (secret.length < SECRET_CHARS_MIN) return;
      for (const form of formsOf(secret)) {
        forms.set(form.text, { ...form, name: `${name}, ${form.name}` });
      }
    },
    look(where, text) {
      for (const form of forms.values()) {
        if (text.includes(form.text)) leaks.add(`${where} holds ${form.name}`);
      }
    },
    get leaks() {
      return [...leaks];
    },
  };
}

export function formsOf(secret: string): readonly Form[] {
  const hex = Buffer.from(secret).toString('hex');
  const url = encodeURIComponent(secret);
  return [
    { name: 'as it is', text: secret },
    ...[0, 1, 2].flatMap((offset) => base64FormsOf(secret, offset)),
    { name: 'in hexadecimal', text: hex },
    { name: 'in hexadecimal', text: hex.toUpperCase() },
    { name: 'URL-encoded', text: url },
    { name: 'URL-encoded', text: url.replaceAll(/%../g, (byte) => byte.toLowerCase()) },
  ];
}

/** What is the same wherever `secret` begins, `offset` bytes after a whole group of three. */
function base64FormsOf(secret: string, offset: number): readonly Form[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const own = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)] as const;
  return (['base64', 'base64url'] as const).map((encoding) => ({
    name: 'in base64',
    text: bytes.toString(encoding).slice(...own),
  }));
}
