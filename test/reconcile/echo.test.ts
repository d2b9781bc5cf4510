/** What the watch tells of a write of ours before its answer is there: no news. */
import { expect, test } from 'vitest';
import { trigger } from '../../src/core/trigger.ts';
import { createMemory, type Touch } from '../../src/memory/memory.ts';
import { aResourceServer, type ResourceServerBuilder } from '../support/builders.ts';

const BEFORE = aResourceServer();

/** Who is to run when the watch tells of `after` while `written` is on its way. */
function deserving(written: Touch, after: ResourceServerBuilder): readonly string[] {
  const memory = createMemory();
  const [old, now] = [BEFORE.parsed(), after.parsed()];
  memory.claims.put(undefined, old);
  memory.expect(old.uid, written);
  return trigger(memory.claims, memory.echoed(old, now), now).map(({ key }) => key);
}

const KEY = BEFORE.parsed().key;
const READY = BEFORE.ready();

test.each<[string, Touch, ResourceServerBuilder, readonly string[]]>([
  ['our status', { status: READY.parsed().status }, READY, []],
  ['our finalizer', { finalizers: BEFORE.finalized().parsed().finalizers }, BEFORE.finalized(), []],
  ['another status', { status: READY.parsed().status }, READY.status({ scopeCount: 7 }), [KEY]],
  [
    'an edit beside our status',
    { status: READY.parsed().status },
    READY.calling('New').atGeneration(2),
    [KEY],
  ],
])('%s', (_, written, after, want) => {
  expect(deserving(written, after)).toEqual(want);
});
