/** The bytes of an answer as text, bounded: whole, or line by line as they come. */

/**
 * Several times what etcd holds of one object, and a page of 500 of 16 KiB each. What is read
 * becomes a text and then objects, in the memory of a small pod.
 */
export const BODY_BYTES_MAX = 8 * 1024 * 1024;
/** etcd holds no object of this size. */
export const LINE_CHARS_MAX = 8 * 1024 * 1024;

/** @throws when there is more */
export async function readText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new Error(`the answer has over ${BODY_BYTES_MAX} bytes`);
    kept.push(chunk);
  }
  return Buffer.concat(kept, bytes).toString();
}

/**
 * Lines that are not blank, split at `\n` alone: JSON may hold other separators of lines.
 *
 * @throws when a line is too long, is no UTF-8, or lacks its end
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of chunks) {
    const [end = '', ...lines] = decoder.decode(chunk, { stream: true }).split('\n');
    rest += end;
    for (const line of lines) {
      if (rest !== '') yield rest;
      rest = line;
    }
    if (rest.length > LINE_CHARS_MAX)
      throw new Error(`a line of over ${LINE_CHARS_MAX} characters`);
  }
  if (rest + decoder.decode() !== '') throw new Error('the stream ended within a line');
}
