/**
 * `npm run demo`: the operator as it is shipped, against an embedded Kubernetes API and an
 * embedded Amazon Cognito, told as a short story. Each claim is checked against Cognito's own log
 * and the API server's state: exit code 0 when all held. Everything is on loopback, and nothing
 * outlives it.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { CHECKOUT, tellOfBuild } from './demo/bundle.ts';
import { tellOfApply } from './demo/chapters/apply.ts';
import { CRASH_POOLS, tellOfCrash } from './demo/chapters/crash.ts';
import { tellOfDrift } from './demo/chapters/drift.ts';
import { FULL_POOLS, tellOfFullPool } from './demo/chapters/full-pool.ts';
import { reckon } from './demo/chapters/reckoning.ts';
import { STORM_POOLS, tellOfStorm } from './demo/chapters/storm.ts';
import { tellOfWithdrawal } from './demo/chapters/withdrawal.ts';
import { type Claims, createClaims } from './demo/claims.ts';
import { findHands } from './demo/hands.ts';
import { Interruption, interruptions } from './demo/interruption.ts';
import { Ledger } from './demo/ledger.ts';
import { createNarrator, type Narrator } from './demo/narrator.ts';
import { SCALED_FLAGS, SCALED_IN_WORDS, setStage, startLeading } from './demo/stage.ts';
import { startStopwatch } from './demo/stopwatch.ts';
import type { Story } from './demo/story.ts';
import { createTemporaryFolder, type TemporaryFolder } from './demo/temporary-folder.ts';
import { CUSTOMERS, furnish, STAFF } from './demo/world.ts';

process.exitCode = await demo(createNarrator(process.stdout), interruptions());

async function demo(narrator: Narrator, interrupted: AbortSignal): Promise<number> {
  using folder = createTemporaryFolder('cognito-operator-demo');
  const claims = createClaims(narrator);
  const elapsed = startStopwatch();
  try {
    await perform({ narrator, claims, folder, interrupted });
  } catch (error) {
    if (interrupted.reason instanceof Interruption) return interrupted.reason.exitCode;
    claims.check('the story comes to its end', false, inspect(error));
  }
  narrator.gap();
  if (claims.broken.length === 0) {
    narrator.fact(narrator.paint('bold', `All ${claims.count} claims held, in ${elapsed()}.`));
    return 0;
  }
  folder.keep();
  narrator.failure(`${claims.broken.length} of ${claims.count} claims did not hold:`);
  narrator.lines(claims.broken);
  narrator.say(`The log of the operator is ${join(folder.path, 'operator.log')}`);
  return 1;
}

interface Performance {
  readonly narrator: Narrator;
  readonly claims: Claims;
  readonly folder: TemporaryFolder;
  readonly interrupted: AbortSignal;
}

async function perform({ narrator, claims, folder, interrupted }: Performance): Promise<void> {
  introduce(narrator);
  const bundle = await tellOfBuild(narrator, folder.path, interrupted);
  await using stage = await setStage({
    folder: folder.path,
    bundle,
    flags: SCALED_FLAGS,
    pools: [CUSTOMERS, STAFF, ...STORM_POOLS, ...FULL_POOLS, ...CRASH_POOLS],
  });
  furnish(stage.cognito);
  cpSync(join(CHECKOUT, 'examples'), join(stage.folder, 'examples'), { recursive: true });
  const signal = AbortSignal.any([interrupted, stage.operator.died]);
  const hands = await findHands(stage, narrator, signal);
  const ledger = new Ledger(stage.cognito);
  const story: Story = { narrator, claims, hands, ledger, stage, signal };
  await tell(story);
}

function introduce(narrator: Narrator): void {
  narrator.title('cognito-operator: the demo');
  narrator.say(
    'The operator is the real one, built from this checkout. Kubernetes and Amazon Cognito are ' +
      'embedded: in memory, on loopback, with the real validation, errors and quotas. No ' +
      'cluster, no AWS account.',
  );
  narrator.say(`To fit into a minute, times are scaled: ${SCALED_IN_WORDS}.`);
}

async function tell(story: Story): Promise<void> {
  await lead(story);
  await tellOfApply(story);
  await tellOfDrift(story);
  await tellOfStorm(story);
  await tellOfFullPool(story);
  await tellOfCrash(story);
  await tellOfWithdrawal(story);
  reckon(story);
  await leave(story);
}

async function lead({ narrator, claims, hands, stage, signal }: Story): Promise<void> {
  const elapsed = startStopwatch();
  const leading = startLeading(stage, signal);
  const holds = await narrator.during(leading, () => `starting, ${elapsed()}`);
  const took = elapsed();
  narrator.say(hands.introduction);
  narrator.gap();
  const { kubernetes, cognito, operator } = stage;
  narrator.lines([`Kubernetes API   ${kubernetes.url}`, `Amazon Cognito   ${cognito.url}`]);
  narrator.gap();
  claims.check(`the operator (pid ${operator.pid}) holds its lease after ${took}`, holds);
}

async function leave({ claims, stage }: Story): Promise<void> {
  const code = await stage.operator.stop();
  claims.check('the operator ends on SIGTERM with exit code 0', code === 0, `${code}`);
}
