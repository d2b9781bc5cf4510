/**
 * A rename in Git deletes one resource and creates another of the same identity. Its server is
 * handed over, not deleted and made again, when the other one waits in the same namespace:
 *
 *   the giver, which leaves             its heir
 *   pending: HandOver to the heir
 *                                       remote: the giver's, from: the giver
 *   our finalizer goes
 *                                       holds the identity
 *
 * What makes it safe (each was needed: without it the search finds a leak or a theft):
 *
 *   - the heir is judged again when the record is stored, and its version guards what it receives
 *   - whoever is named in a `from` only lets go, whatever its policy and what became of the heir
 *   - whoever has a `from` whose object is still there is not the holder: it makes no call, and
 *     does not let go either
 *   - a record whose end nobody knows is waited out, and the rivals are read live before it goes
 */
import { type Decision, perform, settle } from './action.ts';
import type { Fact } from './rungs.ts';
import { confirmClaim, decideAgain } from './steps.ts';
import type { View } from './view.ts';

export const nothingIsGiven: Fact = ({ succession }) => succession.receiver === undefined;

export function letGoToReceiver({ succession: { receiver = '' } }: View): Decision {
  return perform({ kind: 'RemoveFinalizer', leaves: { kind: 'HandedOver', to: receiver } });
}

export const giverIsGone: Fact = ({ succession }) => succession.giver === undefined;

export function waitForGiver({ succession: { giver } }: View): Decision {
  if (giver === undefined) return decideAgain();
  return settle({ kind: 'Waiting', for: 'Holder', holder: giver });
}

export const nobodyInherits: Fact = ({ succession }) => succession.heir === undefined;

export function recordHandOver(view: View): Decision {
  const { heir } = view.succession;
  if (heir === undefined) return decideAgain();
  return confirmClaim(view) ?? perform({ kind: 'RecordHandOver', heir });
}

export const handOverIsSpent: Fact = (view) => !view.climb.armed || handOverIsResolved(view);

/** The record is stored: the heir may have been deleted or paused meanwhile. */
export function give(view: View): Decision {
  const { heir } = view.succession;
  if (heir === undefined || heir.uid !== view.records.pending?.to) return forget(view);
  return perform({ kind: 'HandOver', heir });
}

export const handOverIsResolved: Fact = ({ records }) => records.pending?.operation !== 'HandOver';

/** What the heir was sent may still arrive. When it can no more, and nobody has it, we still do. */
export function resolveHandOver(view: View): Decision {
  const remainingMs = view.lateUntilMs - view.nowMs;
  if (remainingMs > 0) return settle({ kind: 'Waiting', for: 'Rivals', remainingMs });
  return confirmClaim(view) ?? forget(view);
}

function forget({ records: { remote } }: View): Decision {
  const records = { remote, pending: undefined };
  return perform({ kind: 'Resolve', records, effect: undefined });
}
