/** Collects an answer's body for the SDK, and gives up on one that no Cognito would send. */

/** A page of 50 servers with 100 scopes of the greatest length stays below it. */
export const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** @throws when there is more: leaving the loop destroys the connection, nothing is buffered */
export async function collectBounded(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function tooLarge(): Error {
  const error = new Error(`the answer has more than ${BODY_BYTES_MAX} bytes`);
  return Object.assign(error, { name: 'GarbledAnswer' });
}
