import { describe, expect, test } from 'vitest';
import { LINE_CHARS_MAX } from '../../../src/adapters/kubernetes/body.ts';
import { readFrames } from '../../../src/adapters/kubernetes/frames.ts';
import type { Frame } from '../../../src/ports.ts';

const never = new AbortController().signal;

async function* chunked(...chunks: readonly (string | Uint8Array)[]) {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

async function framesOf(chunks: AsyncIterable<Uint8Array>, signal = never) {
  const frames: Frame[] = [];
  for await (const frame of readFrames(chunks, signal)) frames.push(frame);
  return frames;
}

const added = (name: string) => `${JSON.stringify({ type: 'ADDED', object: { name } })}\n`;
const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const frame = (name: string) => ({ kind: 'Added', object: { name } });

describe('a watch', () => {
  test('is split at line feeds, wherever its chunks end', async () => {
    const bytes = Buffer.from(added('ä✓🙂') + added('b'));
    const single = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    expect(await framesOf(chunked(...single))).toEqual([frame('ä✓🙂'), frame('b')]);
    expect(await framesOf(chunked(bytes))).toEqual([frame('ä✓🙂'), frame('b')]);
  });

  test('is not split at what only looks like the end of a line', async () => {
    const name = 'a\u2028b\u2029c\u0085d';
    expect(await framesOf(chunked(added(name)))).toEqual([frame(name)]);
  });

  test('skips blank lines', async () => {
    expect(await framesOf(chunked('\n\n', added('a'), '\n'))).toEqual([frame('a')]);
  });

  test('tells bookmarks, and the one that ends the state', async () => {
    const metadata = { resourceVersion: '7', annotations: { 'k8s.io/initial-events-end': 'true' } };
    const frames = await framesOf(
      chunked(
        line('BOOKMARK', { metadata: { resourceVersion: '6' } }),
        line('BOOKMARK', { metadata }),
      ),
    );
    expect(frames).toEqual([
      { kind: 'Bookmark', resourceVersion: '6', initialEventsEnd: false },
      { kind: 'Bookmark', resourceVersion: '7', initialEventsEnd: true },
    ]);
  });

  test('ends after an error of the server', async () => {
    const expired = { kind: 'Status', code: 410, reason: 'Gone', message: 'too old' };
    const frames = await framesOf(chunked(line('ERROR', expired), added('never')));
    expect(frames).toEqual([
      {
        kind: 'Error',
        status: 410,
        reason: 'Expired',
        message: 'too old',
        retryAfterMs: undefined,
      },
    ]);
  });

  test.each([
    ['noise', 'garbage\n'],
    ['a list', '[]\n'],
    ['an unknown type', line('RENAMED', {})],
    ['no object', line('ADDED', 'text')],
    ['a bookmark without a version', line('BOOKMARK', {})],
    ['an error that is no Status', line('ERROR', {})],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x0a])],
  ])('ends broken at %s', async (_, bad) => {
    const frames = await framesOf(chunked(added('a'), bad, added('never')));
    expect(frames.map(({ kind }) => kind)).toEqual(['Added', 'Broken']);
  });

  test('ends broken when it breaks off within a line', async () => {
    const frames = await framesOf(chunked(added('a'), '{"type":"AD'));
    expect(frames).toEqual([
      frame('a'),
      { kind: 'Broken', message: 'the stream ended within a line' },
    ]);
  });

  test('ends broken at a line without end, long before it fills the memory', async () => {
    const sent = { bytes: 0 };
    const endless = async function* () {
      for (const chunk = Buffer.alloc(2 ** 20, 'x'); ; sent.bytes += chunk.length) yield chunk;
    };
    expect(await framesOf(endless())).toEqual([
      { kind: 'Broken', message: `a line of over ${LINE_CHARS_MAX} characters` },
    ]);
    expect(sent.bytes).toBeLessThan(2 * LINE_CHARS_MAX);
  });

  test('ends silently once its signal is aborted, even when the stream then breaks', async () => {
    const stop = new AbortController();
    const breaking = async function* () {
      yield Buffer.from(added('a'));
      stop.abort();
      throw new Error('terminated');
    };
    expect(await framesOf(breaking(), stop.signal)).toEqual([frame('a')]);
  });
});
