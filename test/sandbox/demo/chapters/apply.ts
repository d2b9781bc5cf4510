/** The manifests of `examples/`, as a newcomer applies them. */
import { CHECKOUT } from '../bundle.ts';
import { type Manifest, readManifests } from '../manifests.ts';
import { startStopwatch } from '../stopwatch.ts';
import { checkAllReady, progressOf, type Story } from '../story.ts';
import { CUSTOMERS, PARTNER } from '../world.ts';

const READY_WITHIN_MS = 90_000;

export async function tellOfApply(story: Story): Promise<void> {
  const { narrator, hands, claims, ledger } = story;
  narrator.chapter('1  Apply');
  narrator.say(
    'The manifests of examples/ ask for nine APIs in two user pools. One takes over a server ' +
      'that somebody made by hand, one only watches a server of another team.',
  );
  const manifests = examples();
  ledger.isForeign(CUSTOMERS, [PARTNER.identifier]);
  ledger.isAsked(manifests);
  const elapsed = startStopwatch();
  const enforced = manifests.filter(({ spec }) => spec.managementPolicy !== 'Observe');
  await hands.apply('examples/', progressOf(story, enforced));
  await hands.waitUntilReady('default', READY_WITHIN_MS, progressOf(story, enforced));
  const took = elapsed();
  await hands.show('default');
  narrator.gap();
  await checkAllReady(story, 'default', `all ${manifests.length} are Ready after ${took}`);
  const missing = ledger.missing();
  claims.check('Cognito holds what they say', missing.length === 0, missing.join(', '));
}

export function examples(): readonly Manifest[] {
  return readManifests(`${CHECKOUT}/examples`);
}
