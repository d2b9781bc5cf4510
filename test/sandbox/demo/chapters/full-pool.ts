/** The quota of resource servers in a pool: a server that does not fit waits for room. */
import { batchOf, writeBatch } from '../manifests.ts';
import {
  isReady,
  readyOf,
  resourcesIn,
  type StoredResource,
  whatIsNotReady,
} from '../resources.ts';
import { startStopwatch } from '../stopwatch.ts';
import { pathIn, type Story } from '../story.ts';
import { pause, until } from '../until.ts';

const POOL = 'eu-north-1_Harbour';
export const FULL_POOLS = [POOL];

const QUOTA = 25;
const SETTLED_WITHIN_MS = 60_000;
/** The one that found room lets the other one try once more. */
const SECOND_TRY_MS = 500;

export async function tellOfFullPool(story: Story): Promise<void> {
  const { narrator, hands, ledger } = story;
  narrator.chapter('4  A full user pool');
  narrator.say(
    `A pool holds ${QUOTA} resource servers. Others have ${QUOTA - 1} in this one, and we ask ` +
      `for two.`,
  );
  fill(story);
  const batch = batchOf({ namespace: 'full', name: 'quay', count: 2, pools: FULL_POOLS });
  writeBatch(pathIn(story, 'full.yaml'), 'full', batch);
  ledger.isAsked(batch);
  await hands.apply('full.yaml', () => 'applying');
  const { holder, waiting } = await settled(story);
  await hands.show('full');
  if (holder === undefined || waiting === undefined) return;
  await hands.showMessage('full', waiting.metadata.name);
  narrator.gap();
  checkRefusal(story, waiting);
  await release(story, holder, waiting);
  const deleted = batch.filter(({ metadata }) => metadata.name === holder.metadata.name);
  ledger.isWithdrawn(deleted);
}

function fill({ stage, ledger }: Story): void {
  const identifiers = Array.from({ length: QUOTA - 1 }, (_, index) => `berth-${index + 1}`);
  stage.cognito.load(
    POOL,
    identifiers.map((identifier) => ({ identifier, name: identifier })),
  );
  ledger.isForeign(POOL, identifiers);
}

interface Two {
  readonly holder: StoredResource | undefined;
  readonly waiting: StoredResource | undefined;
}

/** Until one is Ready and the other one is not; which is which is not promised. */
async function settled({ stage, narrator, claims, signal }: Story): Promise<Two> {
  const isWaiting = (each: StoredResource) => readyOf(each)?.reason === 'QuotaExceeded';
  const seen: { two: readonly StoredResource[] } = { two: [] };
  const areSettled = async (): Promise<boolean> => {
    seen.two = await resourcesIn(stage.kubernetes, 'full');
    return seen.two.some(isReady) && seen.two.some(isWaiting);
  };
  const settling = async (): Promise<boolean> => {
    await until(areSettled, SETTLED_WITHIN_MS, signal);
    await pause(SECOND_TRY_MS, signal);
    return until(areSettled, SETTLED_WITHIN_MS, signal);
  };
  const holds = await narrator.during(settling(), () => 'waiting for both to be told');
  const { two } = seen;
  narrator.gap();
  claims.check('one of them finds room, the other one does not', holds, whatIsNotReady(two));
  return { holder: two.find(isReady), waiting: two.find(isWaiting) };
}

function checkRefusal({ claims }: Story, waiting: StoredResource): void {
  const { message = '' } = readyOf(waiting) ?? {};
  claims.check(
    'its status says why, and what to do',
    message.includes(`holds ${QUOTA}`) && message.includes('raise the quota'),
    message,
  );
}

async function release(
  { hands, narrator, claims, stage, signal }: Story,
  holder: StoredResource,
  waiting: StoredResource,
): Promise<void> {
  narrator.say('So one of the two makes room, and nobody touches the other one.');
  await hands.remove('full', holder.metadata.name, () => 'deleting');
  const elapsed = startStopwatch();
  const isIn = async (): Promise<boolean> =>
    (await resourcesIn(stage.kubernetes, 'full')).every(isReady);
  const holds = await narrator.during(until(isIn, SETTLED_WITHIN_MS, signal), elapsed);
  const took = elapsed();
  await hands.show('full');
  narrator.gap();
  claims.check(`${waiting.metadata.name} took the place, ${took} later`, holds, 'still waiting');
}
