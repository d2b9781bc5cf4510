/** A decision in a few words, so that a table of them can be read. */
import type { Leaving } from '../../src/core/action.ts';
import { decide } from '../../src/core/decide.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { ViewBuilder } from '../support/builders.ts';

/** One rung: a view in which one fact is missing, and what is to come of it. */
export interface Rung {
  readonly name: string;
  readonly given: ViewBuilder;
  /** As `wordOf` says it. */
  readonly want: string;
  readonly because: string;
}

export function wordOf(view: ViewBuilder): string {
  const decision = decide(view.view());
  if (decision.kind === 'Settle') return wordOfOutcome(decision.outcome);
  const { action } = decision;
  switch (action.kind) {
    case 'RecordPending':
      return `RecordPending(${action.operation})`;
    case 'Describe':
      return action.expectsWrite ? 'Describe, Write' : 'Describe';
    case 'RemoveFinalizer':
      return wordOfLeaving(action.leaves);
    default:
      return action.kind;
  }
}

function wordOfLeaving(leaves: Leaving): string {
  switch (leaves.kind) {
    case 'Nothing':
      return 'RemoveFinalizer';
    case 'Retained':
      return `Retain: ${leaves.because}`;
    case 'HandedOver':
      return `HandedOver: ${leaves.to}`;
  }
}

export function wordOfOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'Refused':
    case 'Rejected':
      return `${outcome.kind}(${outcome.reason})`;
    case 'Waiting':
      return `Waiting(${outcome.for})`;
    case 'Blocked':
      return `Blocked(${outcome.because})`;
    case 'Denied':
    case 'PoolMissing':
    case 'NotSent':
    case 'Unavailable':
    case 'Unanswered':
      return `${outcome.kind}(${outcome.operation})`;
    default:
      return outcome.kind;
  }
}
