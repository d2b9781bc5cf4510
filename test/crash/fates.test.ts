/** A fate counts as befallen once it befell, and not as soon as it might have. */
import { expect, test } from 'vitest';
import { Censor } from './fates.ts';

const FRAMES = ['ADDED', 'MODIFIED', 'DELETED'].map((type) => JSON.stringify({ type }));
const [FIRST = '', SECOND = '', THIRD = ''] = FRAMES;
const BOOKMARK = '{"type":"BOOKMARK"}';

function wired(kind: 'withhold' | 'cut') {
  const passed: string[] = [];
  const wire = {
    write: (frame: string) => void passed.push(frame),
    cut: () => void passed.push('cut'),
  };
  const censor = new Censor({ kind, frame: 2 });
  censor.listen();
  return { censor, passed, pass: (frame: string) => censor.pass(frame, wire) };
}

test.each(['withhold', 'cut'] as const)('a notification to %s waits for another', async (kind) => {
  const { censor, passed, pass } = wired(kind);
  for (const frame of [FIRST, SECOND, BOOKMARK]) pass(frame);
  await Promise.all([censor.caught, censor.late]);
  expect(passed).toEqual([FIRST]);
  expect(censor.fallen).toBe(0);
});

test.each([
  ['withhold', [FIRST, SECOND, BOOKMARK, THIRD]],
  ['cut', [FIRST, 'cut']],
] as const)('the next one befalls: %s', (kind, want) => {
  const { censor, passed, pass } = wired(kind);
  for (const frame of [FIRST, SECOND, BOOKMARK, THIRD]) pass(frame);
  expect(passed).toEqual(want);
  expect(censor.fallen).toBe(1);
});
