/** Many creations at once, while another tool eats of the same quotas. */

import type { CallRecord } from '../../cognito/log.ts';
import { bars, isOurs, mostPerSecond, type Paint, perSecond } from '../chart.ts';
import { batchOf, type Manifest, writeBatch } from '../manifests.ts';
import { type OtherTool, startOtherTool } from '../other-tool.ts';
import { checkAllReady, pathIn, progressOf, type Story, waitUntilReady } from '../story.ts';

const REGION = 'eu-west-1';
const POOLS = ['A', 'B', 'C', 'D', 'E', 'F'].map((each) => `${REGION}_Tenants${each}`);
const OTHERS_POOLS = [`${REGION}_TerraformA`, `${REGION}_TerraformB`];
export const STORM_POOLS = [...POOLS, ...OTHERS_POOLS];

const COUNT = 36;
const LINES_SHOWN = 5;
const OTHERS_CALLS_PER_SECOND = 7;
const INJECTED_THROTTLES = 6;

/** Writes a second: Cognito's, and the share of them that the operator takes, 0.8. */
const ACCOUNT = { quota: 15, ours: 12 };
const POOL = { quota: 5, ours: 4 };

export async function tellOfStorm(story: Story): Promise<void> {
  const { narrator, hands, ledger, stage } = story;
  narrator.chapter('3  A storm of throttling');
  narrator.say(
    `Now ${COUNT} APIs at once, in six pools. Cognito allows ${ACCOUNT.quota} writes a second in ` +
      `an account and Region, ${POOL.quota} in a pool; of these the operator takes four fifths. ` +
      `Meanwhile another tool writes ${OTHERS_CALLS_PER_SECOND} times a second, more than what ` +
      `is left, and the first ${INJECTED_THROTTLES} creations are refused with TooManyRequests.`,
  );
  const batch = batchOf({ namespace: 'storm', name: 'tenant', count: COUNT, pools: POOLS });
  writeBatch(pathIn(story, 'storm.yaml'), 'storm', batch);
  const seen = stage.cognito.log.size;
  await using tool = startTool(story);
  stage.cognito.faults.add({
    match: { operation: 'CreateResourceServer' },
    times: INJECTED_THROTTLES,
    action: { kind: 'throttle' },
  });
  ledger.isAsked(batch);
  await hands.apply('storm.yaml', progressOf(story, batch));
  const took = await waitUntilReady(story, 'storm', batch);
  await tool.stop();
  await hands.show('storm', LINES_SHOWN);
  const writes = writesIn(stage.cognito.log.since(seen));
  draw(story, writes);
  await check(story, { batch, writes, took });
}

function startTool({ stage, ledger }: Story): OtherTool {
  const servers = OTHERS_POOLS.map((pool) => ({ pool, identifier: 'made-by-terraform' }));
  for (const { pool, identifier } of servers) {
    stage.cognito.console.create(pool, { identifier, name: identifier });
    ledger.isForeign(pool, [identifier]);
  }
  const cognitoUrl = stage.cognito.url;
  const callsPerSecond = OTHERS_CALLS_PER_SECOND;
  return startOtherTool({ cognitoUrl, region: REGION, servers, callsPerSecond });
}

const WRITES = ['CreateResourceServer', 'UpdateResourceServer', 'DeleteResourceServer'];

function writesIn(calls: readonly CallRecord[]): readonly CallRecord[] {
  return calls.filter(({ operation, region }) => region === REGION && WRITES.includes(operation));
}

function draw({ narrator }: Story, writes: readonly CallRecord[]): void {
  const paint: Paint = (who, text) => {
    if (who === 'quota') return narrator.paint('red', text);
    return narrator.paint(who === 'ours' ? 'cyan' : 'yellow', text);
  };
  narrator.say(
    `The writes that Cognito served in each second: █ ours + ▒ the other tool's. ` +
      `The line is the quota of ${ACCOUNT.quota}.`,
  );
  narrator.gap();
  narrator.lines(bars(perSecond(writes), ACCOUNT.quota, paint));
  narrator.gap();
}

interface Storm {
  readonly batch: readonly Manifest[];
  readonly writes: readonly CallRecord[];
  readonly took: string;
}

async function check(story: Story, { writes, took }: Storm): Promise<void> {
  const { claims, ledger, stage } = story;
  await checkAllReady(story, 'storm', `all ${COUNT} are Ready, ${took} after the last was applied`);
  const again = [...ledger.missing(), ...ledger.doubled()];
  claims.check('each is in Cognito, created once', again.length === 0, again.join(', '));
  const ours = writes.filter(isOurs);
  const throttled = ours.filter(({ outcome }) => outcome === 'TooManyRequestsException').length;
  claims.check(
    `the operator was throttled ${throttled} times, and asked again`,
    throttled >= INJECTED_THROTTLES,
    'that was no storm',
  );
  const most = mostPerSecond(ours);
  claims.check(
    `it never sent more than its ${ACCOUNT.ours} writes in any second: ${most} at most`,
    most <= ACCOUNT.ours,
  );
  const mostInPool = Math.max(...POOLS.map((pool) => mostPerSecond(within(ours, pool))));
  claims.check(
    `nor more than its ${POOL.ours} in any pool: ${mostInPool} at most`,
    mostInPool <= POOL.ours,
  );
  const served = stage.cognito.log.maxPerSecond({ category: 'update', region: REGION });
  claims.check(
    `no second at Cognito held more than the quota of ${ACCOUNT.quota}: ${served} at most`,
    served <= ACCOUNT.quota,
  );
}

function within(calls: readonly CallRecord[], userPoolId: string): readonly CallRecord[] {
  return calls.filter(({ pool }) => pool === userPoolId);
}
