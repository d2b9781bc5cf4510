/** What a run came to passes only when there was something to play, and all of it was. */
import { expect, test } from 'vitest';
import { isFlawless, type Totals } from './totals.ts';

const PLAYED = { of: 4, played: 4 };
const FLAWLESS: Totals = {
  server: 'none',
  seed: 1,
  minutes: 1,
  scenarios: { create: { calls: 1, points: 4 } },
  plans: { 'single crash': PLAYED, past: PLAYED, 'pair of crashes': { of: null, played: 0 } },
  kills: 4,
  killsPerMinute: 4,
  findings: [],
  unreached: [],
};
const FINDING = { plan: 'create: plain', harm: 'lost', what: 'a server' };

test.each<[string, Partial<Totals>, boolean]>([
  ['everything was played', {}, true],
  ['a plan was left out', { plans: { past: { of: 4, played: 3 } } }, false],
  ['there was nothing to play', { plans: { past: { of: 0, played: 0 } } }, false],
  ['something was found', { findings: [FINDING] }, false],
  ['a fate did not befall', { unreached: ['create: cut 1'] }, false],
])('a run where %s', (_, totals, want) => {
  expect(isFlawless({ ...FLAWLESS, ...totals })).toBe(want);
});
