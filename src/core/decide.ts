/**
 * LIVING and LEAVING: the two ladders, and `decide(view)`.
 *
 * A ladder is a list of facts in the only safe order. The lowest one that does not hold names the
 * action that establishes it, or the outcome that ends the climb. Same view, same decision.
 *
 *   record what we are about to do -> do it once -> record what came of it
 *   finalizer first, finalizer last; nothing outside before the record, nothing let go before proof
 */
import { type Decision, letGo, retain, settle } from './action.ts';
import {
  give,
  giverIsGone,
  handOverIsResolved,
  handOverIsSpent,
  letGoToReceiver,
  nobodyInherits,
  nothingIsGiven,
  recordHandOver,
  resolveHandOver,
  waitForGiver,
} from './hand-over.ts';
import { accountMismatch } from './outcome.ts';
import {
  accountIsOurs,
  deletionIsOurDuty,
  type Fact,
  finalizerIsOurs,
  finalizerIsSet,
  identityIsOurs,
  identityIsReadable,
  isEnforced,
  isNotPaused,
  nobodyElseIsWriting,
  nothingStopsUs,
  nothingWasRejected,
  pendingIsResolved,
  poolIsThere,
  recordIsCold,
  recordIsSpent,
  remoteExists,
  remoteIsDescribed,
  remoteIsGone,
  remoteIsNotDeleted,
  remoteIsObserved,
  remoteIsOurs,
  remoteMatches,
  specIsValid,
} from './rungs.ts';
import {
  addFinalizer,
  adoptOrRefuse,
  describe,
  leaveToHolder,
  mutate,
  observe,
  proveOrDelete,
  reportRejection,
  reportStop,
  resolvePending,
  spendRecord,
  tellPool,
  updateOrGiveUp,
  waitOut,
  yieldToHolder,
} from './steps.ts';
import { blocked, drifted, invalidSpec, retention } from './verdicts.ts';
import type { View } from './view.ts';

interface Rung {
  readonly fact: Fact;
  readonly otherwise: (view: View) => Decision;
}

export function decide(view: View): Decision {
  return climb(view.resource.leaving ? LEAVING : LIVING, view);
}

const LIVING: readonly Rung[] = [
  { fact: nothingStopsUs, otherwise: reportStop },
  { fact: recordIsSpent, otherwise: spendRecord },
  { fact: isNotPaused, otherwise: () => settle({ kind: 'Paused' }) },
  { fact: specIsValid, otherwise: (view) => settle(invalidSpec(view)) },
  { fact: isEnforced, otherwise: (view) => climb(OBSERVING, view) },
  { fact: finalizerIsSet, otherwise: addFinalizer },
  { fact: identityIsOurs, otherwise: yieldToHolder },
  { fact: accountIsOurs, otherwise: (view) => settle(accountMismatch(view)) },
  { fact: pendingIsResolved, otherwise: resolvePending },
  { fact: remoteIsObserved, otherwise: observe },
  { fact: nothingWasRejected, otherwise: reportRejection },
  { fact: remoteIsOurs, otherwise: adoptOrRefuse },
  { fact: remoteExists, otherwise: (view) => mutate(view, 'Create') },
  { fact: remoteMatches, otherwise: updateOrGiveUp },
  { fact: nobodyElseIsWriting, otherwise: () => settle({ kind: 'Waiting', for: 'Rival' }) },
];

/** Never adopts, records or writes: it looks, and says what it sees. */
const OBSERVING: readonly Rung[] = [
  { fact: pendingIsResolved, otherwise: resolvePending },
  { fact: nobodyElseIsWriting, otherwise: () => settle({ kind: 'Waiting', for: 'Rival' }) },
  { fact: remoteIsObserved, otherwise: observe },
  { fact: poolIsThere, otherwise: tellPool },
  { fact: remoteMatches, otherwise: (view) => settle(drifted(view)) },
];

const LEAVING: readonly Rung[] = [
  { fact: finalizerIsOurs, otherwise: () => settle({ kind: 'Released' }) },
  { fact: nothingStopsUs, otherwise: reportStop },
  { fact: nothingIsGiven, otherwise: letGoToReceiver },
  { fact: handOverIsSpent, otherwise: give },
  { fact: recordIsSpent, otherwise: spendRecord },
  { fact: remoteIsNotDeleted, otherwise: letGo },
  { fact: giverIsGone, otherwise: waitForGiver },
  { fact: handOverIsResolved, otherwise: resolveHandOver },
  { fact: recordIsCold, otherwise: waitOut },
  { fact: deletionIsOurDuty, otherwise: (view) => retain(retention(view)) },
  { fact: identityIsOurs, otherwise: leaveToHolder },
  { fact: isNotPaused, otherwise: () => settle(blocked('Paused')) },
  { fact: identityIsReadable, otherwise: () => settle(blocked('IdentityUnreadable')) },
  { fact: pendingIsResolved, otherwise: resolvePending },
  { fact: nobodyInherits, otherwise: recordHandOver },
  { fact: remoteIsDescribed, otherwise: (view) => describe(view, true) },
  { fact: remoteIsGone, otherwise: proveOrDelete },
  { fact: () => false, otherwise: letGo },
];

function climb(ladder: readonly Rung[], view: View): Decision {
  const missing = ladder.find((rung) => !rung.fact(view));
  return missing === undefined ? settle({ kind: 'Synced' }) : missing.otherwise(view);
}
