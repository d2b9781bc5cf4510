/** Somebody changes a server in the AWS console, and nobody tells the operator. */
import { resourceEvents } from '../resources.ts';
import { startStopwatch } from '../stopwatch.ts';
import type { Story } from '../story.ts';
import { until } from '../until.ts';
import { CUSTOMERS } from '../world.ts';
import { examples } from './apply.ts';

const WEATHER = 'https://weather.example.com';
const REPAIRED_WITHIN_MS = 60_000;
const TOLD_WITHIN_MS = 60_000;

export async function tellOfDrift(story: Story): Promise<void> {
  const { narrator, hands, claims, ledger, stage, signal } = story;
  narrator.chapter('2  Drift');
  narrator.say(
    'In the AWS console, somebody renames the server of weather-api and takes a scope away. ' +
      'Nobody tells the operator: it compares each pool every 5 s, one call for 50 servers.',
  );
  const weather = examples().filter(({ spec }) => spec.identifier === WEATHER);
  stage.cognito.console.put(CUSTOMERS, {
    identifier: WEATHER,
    name: 'Weather test',
    scopes: [{ name: 'forecast.read', description: 'Read forecasts' }],
  });
  ledger.isToBeRepaired();
  const elapsed = startStopwatch();
  const repaired = until(() => ledger.held(weather) === 1, REPAIRED_WITHIN_MS, signal);
  const isRepaired = await narrator.during(repaired, () => `not repaired yet, ${elapsed()}`);
  const took = elapsed();
  const isTold = async () => (await resourceEvents(stage.kubernetes, 'DriftCorrected')) > 0;
  const told = await until(isTold, TOLD_WITHIN_MS, signal);
  await hands.showEvents('default', 'DriftCorrected');
  narrator.gap();
  claims.check(`name and scope are back after ${took}`, isRepaired, 'not repaired');
  claims.check('an event says so', told, 'no event DriftCorrected');
  const updates = updatesOf(story);
  claims.check('it took one UpdateResourceServer', updates === 1, `it took ${updates}`);
}

function updatesOf({ stage: { cognito } }: Story): number {
  const mutations = cognito.log.mutationsOf(CUSTOMERS, WEATHER);
  return mutations.filter(({ operation }) => operation === 'UpdateResourceServer').length;
}
