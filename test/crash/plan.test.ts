import { describe, expect, test } from 'vitest';
import { planText, readPlan } from './plan.ts';
import { blowsOf, isDistinct, singlesOf, stalesOf } from './plans.ts';
import { CRASHING } from './scenarios.ts';

const LINES = [
  'create: plain',
  'create: kill applied patch resourceservers/status weather-api record Create #1',
  'update: kill before Update https://weather.example.com #1; answered get leases x #2',
  'delete: past 2',
  'revert: withhold 1',
  'revert: cut 3',
];

describe('a plan', () => {
  test.each(LINES)('is told and read back: %s', (line) => {
    expect(planText(readPlan(line))).toBe(line);
  });

  test.each(['', 'create', 'create: dance', 'create: kill never x #1', 'create: kill sent'])(
    'is not read from %j',
    (line) => {
      expect(() => readPlan(line)).toThrow(/^no (plan|blow): /);
    },
  );
});

describe('the crash points of a run', () => {
  const [scenario] = CRASHING;
  if (scenario === undefined) throw new Error('there are no scenarios');
  const calls = ['get leases x #1', 'get leases x #2', 'get leases x #3', 'Create y #1'];
  const plain = { calls: [calls], frames: 2 };

  test('are four for each call, but for a third look at the Lease', () => {
    expect(blowsOf(calls)).toHaveLength(12);
    expect(blowsOf(undefined)).toEqual([]);
  });

  test('are two where the call changes nothing', () => {
    const distinct = singlesOf(scenario, plain).filter(isDistinct).map(planText);
    expect(distinct.filter((each) => each.includes('Create y'))).toHaveLength(4);
    expect(distinct.filter((each) => each.includes('leases x #1'))).toEqual([
      'create: kill before get leases x #1',
      'create: kill answered get leases x #1',
    ]);
  });

  test('and its notifications make three plans each', () => {
    expect(stalesOf(scenario, plain).map(planText)).toEqual([
      'create: past 0',
      'create: withhold 1',
      'create: cut 1',
      'create: past 1',
      'create: withhold 2',
      'create: cut 2',
    ]);
  });
});
