/** A fixed share of every lane; `npm run hostile` goes on from here, for as long as it is let. */
import { expect, test } from 'vitest';
import { createStore } from '../../src/controller/store.ts';
import { COGNITO_BYTES, KUBERNETES_BYTES } from './lanes/bytes.ts';
import { missedBy } from './lanes/lane.ts';
import { LEASES } from './lanes/leases.ts';
import { RESOURCES } from './lanes/resources.ts';
import { STREAMS } from './lanes/streams.ts';
import { WORDS } from './lanes/words.ts';

const SEED = 20_260_101;
const SECONDS_MAX = 15;

test.each([
  { ...RESOURCES, inputsMax: 150 },
  { ...STREAMS, inputsMax: 25 },
  { ...LEASES, inputsMax: 300 },
  { ...WORDS, inputsMax: 150 },
  { ...COGNITO_BYTES, inputsMax: 5 },
  { ...KUBERNETES_BYTES, inputsMax: 6 },
])('$name: $promise', async ({ inputsMax, ...lane }) => {
  const { findings, inputs } = await lane.run({ seed: SEED, inputsMax, seconds: SECONDS_MAX });
  expect(findings).toEqual([]);
  expect(missedBy(lane, inputs)).toEqual([]);
});

test('a version that compares with nothing does not hide how far the feed has come', () => {
  const store = createStore<{ key: string; uid: string; resourceVersion: string }>();
  const at = (resourceVersion: string) => ({ key: 'a/b', uid: 'u', resourceVersion });
  store.observe('Upsert', at('abc'));
  store.observe('Upsert', at('9'.repeat(30)));
  store.replace(undefined, [at('7')], '7');
  expect(store.get('a/b')).toEqual(at('7'));
});
