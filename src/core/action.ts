/** What a climb can do, one effect at a time, and what `decide` answers. */
import type { Desired } from '../api/parse.ts';
import type { PendingOperation } from '../api/resource-server.ts';
import type { Outcome } from './outcome.ts';
import type { Effect, Records } from './view.ts';

export type Action =
  | { readonly kind: 'AddFinalizer' }
  | { readonly kind: 'ReadRivals' }
  /** `expectsWrite`: a mutation is likely to follow, so its place is taken too. */
  | { readonly kind: 'Describe'; readonly expectsWrite: boolean }
  | { readonly kind: 'ListPool' }
  | { readonly kind: 'AskAccount' }
  | { readonly kind: 'Resolve'; readonly records: Records; readonly effect: Effect | undefined }
  | { readonly kind: 'Adopt'; readonly hash: string }
  | { readonly kind: 'RecordPending'; readonly operation: PendingOperation; readonly hash: string }
  | { readonly kind: 'Create' | 'Update'; readonly desired: Desired }
  | { readonly kind: 'Delete' }
  | { readonly kind: 'RemoveFinalizer'; readonly retained: string | undefined };

export type Decision =
  | { readonly kind: 'Perform'; readonly action: Action }
  | { readonly kind: 'Settle'; readonly outcome: Outcome };

export function perform(action: Action): Decision {
  return { kind: 'Perform', action };
}

export function settle(outcome: Outcome): Decision {
  return { kind: 'Settle', outcome };
}

export function letGo(retained: string | undefined): Decision {
  return perform({ kind: 'RemoveFinalizer', retained });
}
