/** The parts of a world in words: what can make a difference, without its numbers. */
import type { ResourceServer } from '../../src/api/parse.ts';
import type { PendingRecord, ResourceServerStatus } from '../../src/api/resource-server.ts';
import { type Outcome, requeueOf } from '../../src/core/outcome.ts';
import type { Observation, Records } from '../../src/core/view.ts';
import type { Climbing, KubernetesWrite, Slot } from './world.ts';

export function tellSlot(slot: Slot): string {
  return JSON.stringify(slot);
}

export function tellResource(resource: ResourceServer): string {
  const { uid, generation, leaving, finalizers, desired, status } = resource;
  const { paused, deletionPolicy, adoptionPolicy, managementPolicy } = resource;
  const spec = [paused, deletionPolicy, adoptionPolicy, managementPolicy, desired?.name];
  return JSON.stringify([uid, generation, leaving, finalizers.length, spec, statusOf(status)]);
}

function statusOf(status: ResourceServerStatus) {
  return { ...status, pending: pendingOf(status.pending) };
}

/** Its number is told apart from this. */
function pendingOf(pending: PendingRecord | undefined) {
  return pending && { ...pending, startTime: null };
}

export function tellRecords({ remote, pending }: Records): string {
  return JSON.stringify([remote, pendingOf(pending)]);
}

/** What is for people only is left out; of what was done counts that something was. */
export function tellClimb({ effects, ...climb }: Climbing['climb']): string {
  return JSON.stringify([{ ...climb, saidBefore: null, looked: null }, effects.length > 0]);
}

export function tellObservation(observation: Observation): string {
  return JSON.stringify({ ...observation, requestedAtMs: null });
}

export function tellOutcome(outcome: Outcome): string {
  const requeue = requeueOf(outcome, true).kind;
  return JSON.stringify({ ...outcome, remainingMs: 0, requeue });
}

export function tellChange(change: KubernetesWrite['change']): string {
  if (change.kind === 'Finalizers') return `finalizers ${change.finalizers.length}`;
  return JSON.stringify(statusOf(change.status));
}
