/** Gathers what a decision may look at; called anew after each action, for others act too. */
import type { ResourceServer } from '../api/parse.ts';
import { converges, isValid, lateUntilMs } from '../core/attempts.ts';
import { closedFor } from '../core/parking.ts';
import { desiredHash } from '../core/rungs.ts';
import { type Claim, FIRST_STEP, NO_SUCCESSION, type View } from '../core/view.ts';
import type { Surroundings } from './surroundings.ts';

const NOBODYS: Claim = { kind: 'Ours', confirm: 'Confirmed', recorded: false };

export function firstView(around: Surroundings, resource: ResourceServer): View {
  const { remote, pending, identity, uid } = resource;
  const { memory } = around;
  const observation = memory.carried(uid) ?? (identity && memory.sweeps.observationOf(identity));
  return refresh(around, {
    resource,
    records: { remote, pending },
    observation,
    claim: NOBODYS,
    succession: NO_SUCCESSION,
    pendingElsewhere: false,
    sweep: { kind: 'Awaited' },
    held: undefined,
    nowMs: 0,
    lateUntilMs: 0,
    waitedMs: 0,
    account: undefined,
    converges: true,
    closed: {},
    climb: { ...FIRST_STEP, deleted: wasDeleted(around, resource) },
  });
}

/** Our Delete was answered with success, and only the finalizer's removal failed. */
function wasDeleted({ memory }: Surroundings, { identity, pending, uid }: ResourceServer): boolean {
  if (identity === undefined || pending?.operation !== 'Delete') return false;
  const { last } = memory.attemptsOf(identity);
  const isThatOne = last?.uid === uid && last.startTime === pending.startTime;
  return isThatOne && last.fate === 'Answered';
}

/** An observation from before the last mutation of the identity is dropped, whoever made it. */
export function refresh(around: Surroundings, view: View): View {
  const { memory, ports, term, settings, gate } = around;
  const { resource } = view;
  const { identity, uid, key } = resource;
  const nowMs = ports.clock.monotonicMs();
  const since = gate.waitingSince(key);
  const fresh = {
    ...view,
    nowMs,
    waitedMs: since === undefined ? 0 : nowMs - since,
    account: view.account ?? ports.account.known(),
  };
  if (identity === undefined) return fresh;
  const attempts = memory.attemptsOf(identity);
  const late = { uid, termStartedAtMs: term.startedAtMs, lateMs: settings.lateMs };
  return {
    ...fresh,
    observation:
      view.observation && isValid(view.observation, attempts) ? view.observation : undefined,
    claim: memory.claims.claimOf(resource, identity, late),
    succession: memory.claims.successionOf(resource, identity),
    pendingElsewhere: memory.claims.isPendingElsewhere(resource, identity),
    sweep: memory.sweeps.stateOf(identity.userPoolId),
    held: memory.sweeps.heldBy(identity.userPoolId),
    lateUntilMs: lateUntilMs(attempts, view.records.pending, late),
    converges: converges(attempts, wishOf(view), nowMs),
    closed: closedFor(memory.parkingOf(identity.userPoolId), key),
  };
}

/** What the user wants and when they said so: a new wish starts a new count of Updates. */
export function wishOf(view: View): string {
  const { generation, syncRequest } = view.resource;
  return `${generation} ${syncRequest ?? ''} ${desiredHash(view) ?? ''}`;
}
