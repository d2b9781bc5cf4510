/** The operator dies in the middle of its work, and another process takes it up. */
import { batchOf, type Manifest, writeBatch } from '../manifests.ts';
import { checkAllReady, pathIn, progressOf, type Story, waitUntilReady } from '../story.ts';
import { until } from '../until.ts';

const POOLS = ['us-east-1_Shop', 'ap-southeast-2_Shop'].flatMap((each) => [
  `${each}A`,
  `${each}B`,
  `${each}C`,
]);
export const CRASH_POOLS = POOLS;

const COUNT = 60;
const KILLED_AT = 24;
const KILLED_WITHIN_MS = 60_000;
const LINES_SHOWN = 5;

export async function tellOfCrash(story: Story): Promise<void> {
  const { narrator, hands, claims, ledger, stage } = story;
  narrator.chapter('5  Killed in the middle');
  narrator.say(
    `Now ${COUNT} APIs. When some ${KILLED_AT} of them exist, the operator is killed, at the worst ` +
      'moment: Cognito has carried out a creation, and its answer is still on the way.',
  );
  const batch = batchOf({ namespace: 'crash', name: 'shop', count: COUNT, pools: POOLS });
  writeBatch(pathIn(story, 'crash.yaml'), 'crash', batch);
  ledger.isAsked(batch);
  const [killed] = await Promise.all([
    killInTheMiddle(story, batch),
    hands.apply('crash.yaml', progressOf(story, batch)),
  ]);
  narrator.typed('$', `kill -9 ${killed.pid}`);
  narrator.gap();
  claims.check(
    `it died with ${killed.held} of ${COUNT} in Cognito, ${killed.unheard} of them unanswered`,
    killed.unheard > 0 && killed.held < COUNT,
    'it was not in the middle',
  );
  narrator.say(
    'A new process waits until the lease of the dead one has run out, lists everything anew, ' +
      'and asks Cognito what became of the calls that were under way.',
  );
  stage.operator.start();
  const took = await waitUntilReady(story, 'crash', batch);
  await hands.show('crash', LINES_SHOWN);
  narrator.gap();
  await check(story, took);
}

interface Killed {
  readonly pid: number | undefined;
  readonly held: number;
  /** Carried out, and the answer died with the process. */
  readonly unheard: number;
}

/** One answer never comes; the process that waits for it is dead before it gives up. */
async function killInTheMiddle(story: Story, batch: readonly Manifest[]): Promise<Killed> {
  const { stage, ledger, signal } = story;
  const { cognito, operator } = stage;
  const { pid } = operator;
  const seen = cognito.log.size;
  const isInTheMiddle = (): boolean => ledger.held(batch) >= KILLED_AT;
  const silence = cognito.faults.add({
    match: { operation: 'CreateResourceServer', predicate: isInTheMiddle },
    times: 1,
    action: { kind: 'hang', effect: 'applied' },
  });
  await until(() => silence.hits > 0, KILLED_WITHIN_MS, signal);
  await operator.kill();
  const isOver = () => cognito.log.since(seen).every(({ delivery }) => delivery !== 'Pending');
  await until(isOver, KILLED_WITHIN_MS, signal);
  const calls = cognito.log.since(seen);
  const unheard = calls.filter(({ effect, delivery }) => effect && delivery === 'Lost').length;
  return { pid, held: ledger.held(batch), unheard };
}

async function check(story: Story, took: string): Promise<void> {
  const { claims, ledger } = story;
  await checkAllReady(story, 'crash', `all ${COUNT} are Ready, ${took} after the new start`);
  const missing = ledger.missing();
  claims.check('none is lost', missing.length === 0, missing.join(', '));
  const doubled = ledger.doubled();
  claims.check('none was created twice', doubled.length === 0, doubled.join(', '));
}
