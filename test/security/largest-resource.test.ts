/**
 * F55: the largest resource that etcd holds, and parts of one that nobody needs, deep or wide. What
 * the operator keeps of it is bounded by what it needs.
 */
import { describe, expect, test } from 'vitest';
import { LINE_CHARS_MAX } from '../../src/adapters/kubernetes/body.ts';
import { readFrames } from '../../src/adapters/kubernetes/frames.ts';
import { parse } from '../../src/api/parse.ts';
import type { Frame } from '../../src/ports.ts';
import { aResourceServer, type Json } from '../support/builders.ts';

/** etcd takes requests of 1.5 MiB. */
const LARGE_CHARS = 1_400_000;
const DEPTH = 10_000;

const SCOPES = Array.from({ length: 100 }, (_, at) => ({
  name: String(at).padEnd(256, 'n'),
  description: 'd'.repeat(256),
}));

const wide = (count: number, value: string): Json =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`l-${at}`, value]));

/** As text, for such a thing is built by nobody but a parser. */
const deep = (depth: number) => `${'{"f:a":'.repeat(depth)}{}${'}'.repeat(depth)}`;

async function framesOf(line: string): Promise<readonly Frame[]> {
  const chunks = (async function* () {
    yield Buffer.from(`${line}\n`);
  })();
  const frames: Frame[] = [];
  for await (const frame of readFrames(chunks, new AbortController().signal)) frames.push(frame);
  return frames;
}

async function addedBy(resource: string): Promise<Frame | undefined> {
  const [frame] = await framesOf(`{"type":"ADDED","object":${resource}}`);
  return frame;
}

const plain = aResourceServer().withScopes(SCOPES);
const padded = 'x'.repeat(LARGE_CHARS);

describe('a resource', () => {
  test.each<[string, Json]>([
    ['10,000 annotations', { annotations: wide(10_000, 'v'.repeat(100)) }],
    ['an annotation of 1.4 MB', { annotations: { 'kubectl.kubernetes.io/last': padded } }],
    ['10,000 owners', { ownerReferences: Array.from({ length: 10_000 }, () => ({ uid: 'u' })) }],
    [
      '10,000 managers',
      { managedFields: Array.from({ length: 10_000 }, () => ({ manager: 'm' })) },
    ],
    ['a manager of 1.4 MB', { managedFields: [{ manager: padded }] }],
  ])('with %s is understood, and that is not kept', async (_, metadata) => {
    const frame = await addedBy(JSON.stringify(plain.metadata(metadata).raw()));
    expect(frame?.kind).toBe('Added');
    expect(parse(frame?.kind === 'Added' ? frame.object : {})).toEqual(parse(plain.raw()));
  });

  test('with fields managed 10,000 deep is understood', async () => {
    const text = JSON.stringify(plain.metadata({ managedFields: ['DEEP'] }).raw());
    const frame = await addedBy(text.replace('"DEEP"', `{"fieldsV1":${deep(DEPTH)}}`));
    expect(parse(frame?.kind === 'Added' ? frame.object : {})).toEqual(parse(plain.raw()));
  });

  test('with a spec 10,000 deep has problems, and ends nothing', async () => {
    const text = JSON.stringify(plain.spec({ scopes: 'DEEP' }).raw());
    const frame = await addedBy(text.replace('"DEEP"', deep(DEPTH)));
    const parsed = parse(frame?.kind === 'Added' ? frame.object : {});
    expect(parsed.kind === 'Readable' && parsed.resource.problems).toHaveLength(1);
  });

  test('with 10,000 scopes has one problem, not ten thousand', () => {
    const scopes = Array.from({ length: 10_000 }, () => null);
    const parsed = parse(plain.spec({ scopes }).raw());
    expect(parsed.kind === 'Readable' && parsed.resource.problems).toHaveLength(1);
  });
});

test('a line that is longer than any object breaks the watch, and nothing else', async () => {
  const frames = await framesOf('x'.repeat(LINE_CHARS_MAX + 1));
  expect(frames).toMatchObject([{ kind: 'Broken' }]);
});
