/**
 * The climb: look, decide, perform one action, learn its answer, decide again; settle when no rung
 * is missing. This file has no opinions: what to do is in `core/decide.ts`, how is in `reconcile/`.
 */
import type { Identity } from './api/parse.ts';
import type { Action } from './core/action.ts';
import { decide } from './core/decide.ts';
import { type Learned, learn } from './core/learn.ts';
import type { Operation, View } from './core/view.ts';
import { askAccount, describe, listPool, mutate, prepare } from './reconcile/calls.ts';
import { handOver, recordHandOver } from './reconcile/hand-over.ts';
import { firstView, refresh } from './reconcile/look.ts';
import { giveBackPlaces } from './reconcile/places.ts';
import { resolve } from './reconcile/resolve.ts';
import { readRivals } from './reconcile/rivals.ts';
import { beginRun } from './reconcile/run.ts';
import { settle, settleAbsent } from './reconcile/settle.ts';
import type { Ending, Run, Surroundings } from './reconcile/surroundings.ts';
import { addFinalizer, adopt, recordPending, removeFinalizer } from './reconcile/writes.ts';

/** No ladder has as many rungs; a climb that needs more is a bug. */
const STEPS_MAX = 24;

export type Reconcile = (key: string, priority: number, signal: AbortSignal) => Promise<Ending>;

export function createReconciler(around: Surroundings): Reconcile {
  return async (key, priority, signal) => {
    const run = beginRun(around, key, priority, signal);
    try {
      return await climb(around, run);
    } finally {
      giveBackPlaces(run);
    }
  };
}

async function climb(around: Surroundings, run: Run): Promise<Ending> {
  const resource = around.shelf.get(run.key);
  if (resource === undefined) return settleAbsent(around, run);
  let view = firstView(around, resource);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const decision = decide(view);
    if (decision.kind === 'Settle') return settle(around, run, view, decision.outcome);
    const learned = await perform(around, run, view, decision.action);
    view = refresh(around, learn(view, learned));
  }
  throw new Error(`a climb of ${STEPS_MAX} steps did not settle`);
}

async function perform(
  around: Surroundings,
  run: Run,
  view: View,
  action: Action,
): Promise<Learned> {
  switch (action.kind) {
    case 'AddFinalizer':
      return addFinalizer(around, run, view);
    case 'RemoveFinalizer':
      return removeFinalizer(around, run, view, action.leaves);
    case 'ReadRivals':
      return readRivals(around, run, identityOf(view));
    case 'Describe':
      return describe(around, run, identityOf(view), action.expectsWrite);
    case 'ListPool':
      return listPool(around, run, identityOf(view));
    case 'AskAccount':
      return askAccount(around, run, identityOf(view).userPoolId);
    case 'Resolve':
      return resolve(around, view, action);
    case 'Adopt':
      return adopt(around, run, view, action.hash);
    case 'RecordPending':
      return (
        (await placeFor(around, run, view, action.operation)) ??
        recordPending(around, run, view, action)
      );
    case 'RecordHandOver':
      return recordHandOver(around, run, view, action.heir);
    case 'HandOver':
      return handOver(around, run, view, action.heir);
    case 'Create':
    case 'Update':
    case 'Delete':
      return mutate(around, run, view, { ...recorded(view), action });
  }
}

/** The place comes before the record: what has no place to go is not written down. */
function placeFor(around: Surroundings, run: Run, view: View, operation: Operation) {
  const lane = around.lanes.write(identityOf(view).userPoolId);
  return prepare(around, run, operation, [lane]);
}

function identityOf({ resource }: View): Identity {
  if (resource.identity === undefined) throw new Error('decided without an identity');
  return resource.identity;
}

function recorded(view: View) {
  const { pending } = view.records;
  if (pending === undefined) throw new Error('decided without a record');
  return { identity: identityOf(view), pending };
}
