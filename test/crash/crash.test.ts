/**
 * The operator is killed at every call that it makes, at every stage of the call; it is told of the
 * past; notifications are held up and lost. What it leaves is what a run without faults leaves.
 */
import { beforeAll, expect, test } from 'vitest';
import { describeOnCluster } from '../cluster/on-cluster.ts';
import { startOperatorProcess as launch } from '../support/operator-process.ts';
import { complaintOf, type Played } from './campaign.ts';
import { clusterOf } from './cluster.ts';
import { planText } from './plan.ts';
import { CRASHING, SCENARIOS } from './scenarios.ts';
import { prepare, type Season } from './season.ts';

const WORLDS = 10;
const WITHIN_MS = 15 * 60_000;

describeOnCluster('all that may befall an operator', (admin) => {
  let season: Season;
  let played: readonly Played[];

  beforeAll(async () => {
    await using cluster = await clusterOf(admin);
    season = await prepare({ cluster, launch }, { worlds: WORLDS });
    played = await season.play([...season.singles, ...season.stales], { worlds: WORLDS });
  }, WITHIN_MS);

  const among = (scenario: string, kinds: readonly string[]) =>
    played.filter(({ plan }) => plan.scenario === scenario && kinds.includes(plan.fate.kind));

  test.each(CRASHING)('a crash at every call of $name: $because', ({ name }) => {
    const here = among(name, ['kill']);
    expect(here.length).toBeGreaterThan(16);
    expect(here.flatMap((each) => complaintOf(each) ?? [])).toEqual([]);
    expect(here).toHaveLength(season.singles.filter(({ scenario }) => scenario === name).length);
  });

  test.each(SCENARIOS)('the past, after each notification of $name: $because', ({ name }) => {
    expect(among(name, ['past']).flatMap((each) => complaintOf(each) ?? [])).toEqual([]);
  });

  test.each(SCENARIOS)('each notification of $name late or lost: $because', ({ name }) => {
    const here = among(name, ['withhold', 'cut']);
    expect(here.flatMap((each) => complaintOf(each) ?? [])).toEqual([]);
  });

  test('every plan befell', () => {
    const unreached = played.filter(({ isUnreached }) => isUnreached);
    expect(unreached.map(({ plan }) => planText(plan))).toEqual([]);
  });
});
