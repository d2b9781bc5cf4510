/** What a run came to fails when something was found, was never come to, or could not be run. */
import { expect, test } from 'vitest';
import type { Lane, Tally } from './lanes/lane.ts';
import { isPassed, totalsOf, totalsText } from './totals.ts';

const LANE: Lane = {
  name: 'texts',
  promise: 'every text is told',
  reaches: ['long text'],
  run: () => Promise.reject(new Error('it is not run here')),
};
const GOOD: Tally = { inputs: { 'long text': 2, 'short text': 1 }, findings: [] };

function totalsWith(tally: Partial<Tally>, peakRssMiB = 300) {
  const tallies = [{ ...GOOD, ...tally, lane: LANE.name }];
  return totalsOf({ seed: 1, seconds: 1, peakRssMiB, lanes: [LANE], tallies });
}

test('what was refused is none of the inputs', () => {
  expect(totalsWith({ refused: 7 })).toMatchObject({ inputs: 3, refused: 7, findings: [] });
});

test.each([
  ['a finding', totalsWith({ findings: ['a bug'] }), 'texts: a bug'],
  [
    'a kind that it never came to',
    totalsWith({ inputs: { 'short text': 9 } }),
    'texts: it never came to a long text',
  ],
  ['a lane without inputs', totalsWith({ inputs: {} }), 'texts: it never came to a long text'],
  ['memory', totalsWith({}, 2_000), 'the lanes took 2000 MiB, not at most 768'],
])('%s fails the run', (_, totals, finding) => {
  expect(totals.findings).toEqual([finding]);
  expect(isPassed(totals, 'may be missing')).toBe(false);
});

test('a lane that could not run is told, and fails where it must run', () => {
  const totals = totalsWith({ inputs: {}, notRun: 'there is no Go' });
  expect(totals.findings).toEqual([]);
  expect(totalsText(totals)).toMatch(/^NOT RUN: texts: there is no Go$/m);
  expect(isPassed(totals, 'may be missing')).toBe(true);
  expect(isPassed(totals, 'must run')).toBe(false);
});
