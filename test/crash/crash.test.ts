/**
 * The operator is killed at every call that it makes, at every stage that makes a difference; it is
 * told of the past; notifications are held up and lost. What it leaves is what a run without faults
 * leaves.
 */
import { beforeAll, expect, test } from 'vitest';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { complaintOf, type Played } from './campaign.ts';
import { clusterOf } from './cluster.ts';
import { type Plan, planText } from './plan.ts';
import { isDistinct } from './plans.ts';
import { CRASHING, SCENARIOS } from './scenarios.ts';
import { prepare } from './season.ts';

const WORLDS = 10;
/** The one with another uid under the same name; `npm run crash` has all. */
const STALE = ['recreate'];
const WITHIN_MS = 15 * 60_000;

describeOnCluster('all that may befall an operator', (admin) => {
  let singles: readonly Plan[];
  let played: readonly Played[];

  beforeAll(async () => {
    await using cluster = await clusterOf(admin);
    const wanted = SCENARIOS.filter((each) => CRASHING.includes(each) || STALE.includes(each.name));
    const season = await prepare({ cluster, launch }, { worlds: WORLDS }, wanted);
    const stales = season.stales.filter(({ scenario }) => STALE.includes(scenario));
    singles = season.singles.filter(isDistinct);
    played = await season.play([...singles, ...stales], { worlds: WORLDS });
  }, WITHIN_MS);

  const among = (scenario: string, kinds: readonly string[]) =>
    played.filter(({ plan }) => plan.scenario === scenario && kinds.includes(plan.fate.kind));

  test.each(CRASHING)('a crash at every call of $name: $because', ({ name }) => {
    const here = among(name, ['kill']);
    expect(here.length).toBeGreaterThan(16);
    expect(here.flatMap((each) => complaintOf(each) ?? [])).toEqual([]);
    expect(here).toHaveLength(singles.filter(({ scenario }) => scenario === name).length);
  });

  test.each(STALE)('the past, after each notification of %s', (name) => {
    const here = among(name, ['past']);
    expect(here.length).toBeGreaterThan(2);
    expect(here.flatMap((each) => complaintOf(each) ?? [])).toEqual([]);
  });

  test.each(STALE)('each notification of %s late or lost', (name) => {
    const here = among(name, ['withhold', 'cut']);
    expect(here.length).toBeGreaterThan(4);
    expect(here.flatMap((each) => complaintOf(each) ?? [])).toEqual([]);
  });

  test('every plan befell', () => {
    const unreached = played.filter(({ isUnreached }) => isUnreached);
    expect(unreached.map(({ plan }) => planText(plan))).toEqual([]);
  });
});
