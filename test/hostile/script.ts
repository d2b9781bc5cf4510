/** What a hostile server sends, from the status line on, and how it ends. */

export interface Script {
  /** What is wrong with it, in a word or two: inputs are counted by it. */
  readonly kind: string;
  readonly bytes: Iterable<Uint8Array | string>;
  readonly ending: 'Closed' | 'KeptOpen' | 'Reset';
}

export type Headers = readonly (readonly [string, string])[];

export interface Parts {
  readonly kind: string;
  readonly status?: number;
  readonly headers?: Headers;
  readonly body?: string | Uint8Array;
}

/** A well-formed answer, whatever is in it. */
export function whole({ kind, status = 200, headers = [], body = '' }: Parts): Script {
  const bytes = Buffer.from(body);
  const head = headOf(status, [...headers, ['content-length', String(bytes.length)]]);
  return { kind, bytes: [head, bytes], ending: 'Closed' };
}

/** Chunks of a body that is as long as they are. */
export function streamed(
  { kind, status = 200, headers = [] }: Omit<Parts, 'body'>,
  chunks: Iterable<Uint8Array | string>,
  ending: Script['ending'] = 'Closed',
): Script {
  return { kind, ending, bytes: inChunks(headOf(status, headers), chunks, ending) };
}

/** These bytes and no others. */
export function raw(kind: string, bytes: string | Uint8Array, ending: Script['ending'] = 'Closed') {
  return { kind, bytes: [bytes], ending } satisfies Script;
}

export function headOf(status: number, headers: Headers): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} Said\r\n${lines}connection: close\r\n\r\n`;
}

function* inChunks(
  head: string,
  chunks: Iterable<Uint8Array | string>,
  ending: Script['ending'],
): Generator<Uint8Array | string> {
  yield head.replace(/\r\n\r\n$/, '\r\ntransfer-encoding: chunked\r\n\r\n');
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    yield `${bytes.length.toString(16)}\r\n`;
    yield bytes;
    yield '\r\n';
  }
  if (ending === 'Closed') yield '0\r\n\r\n';
}

export const MEBIBYTE = 2 ** 20;

/** The same text again and again, in pieces of a mebibyte: `count` pieces, made as they leave. */
export function* mebibytes(count: number, text = 'x'): Generator<Uint8Array> {
  const piece = Buffer.alloc(MEBIBYTE, text);
  for (let made = 0; made < count; made += 1) yield piece;
}
