/** All resources are deleted: what we made goes, what is not ours to delete stays. */
import type { Manifest } from '../manifests.ts';
import { resourcesIn, type StoredResource } from '../resources.ts';
import { startStopwatch } from '../stopwatch.ts';
import type { Story } from '../story.ts';

export async function tellOfWithdrawal(story: Story): Promise<void> {
  const { narrator, hands, claims, ledger, stage } = story;
  narrator.chapter('6  Delete');
  narrator.say(
    'Everything is withdrawn. Two servers are to stay: one was there before us and was adopted, ' +
      'and one has deletionPolicy: Retain.',
  );
  const before = await resourcesIn(stage.kubernetes);
  ledger.isWithdrawn(before as readonly (StoredResource & Manifest)[]);
  const elapsed = startStopwatch();
  const progress = () => `${ledger.leftBehind().length} still in Cognito, ${elapsed()}`;
  await hands.removeNamespaces(['storm', 'full', 'crash'], progress);
  await hands.unapply('examples/', progress);
  const after = await resourcesIn(stage.kubernetes);
  narrator.gap();
  claims.check(
    `all ${before.length} resources are gone after ${elapsed()}`,
    after.length === 0,
    `${after.length} are still there`,
  );
  const left = ledger.leftBehind();
  claims.check('Cognito holds nothing of what was withdrawn', left.length === 0, left.join(', '));
  const missing = ledger.missing();
  claims.check('and still holds the two', missing.length === 0, missing.join(', '));
}
