/** What a climb can do, one effect at a time, and what `decide` answers. */
import type { Desired } from '../api/parse.ts';
import type { Outcome } from './outcome.ts';
import type { Effect, Heir, MutatingOperation, Records } from './view.ts';

export type Action =
  | { readonly kind: 'AddFinalizer' }
  | { readonly kind: 'ReadRivals' }
  /** `expectsWrite`: a mutation is likely to follow, so its place is taken too. */
  | { readonly kind: 'Describe'; readonly expectsWrite: boolean }
  | { readonly kind: 'ListPool' }
  | { readonly kind: 'AskAccount' }
  | { readonly kind: 'Resolve'; readonly records: Records; readonly effect: Effect | undefined }
  | { readonly kind: 'Adopt'; readonly hash: string }
  | { readonly kind: 'RecordPending'; readonly operation: MutatingOperation; readonly hash: string }
  | { readonly kind: 'Create' | 'Update'; readonly desired: Desired }
  | { readonly kind: 'Delete' }
  | { readonly kind: 'RecordHandOver'; readonly heir: Heir }
  | { readonly kind: 'HandOver'; readonly heir: Heir }
  | { readonly kind: 'RemoveFinalizer'; readonly leaves: Leaving };

/** What becomes of the resource server of a resource that goes. */
export type Leaving =
  /** It is gone, or there never was one that is ours. */
  | { readonly kind: 'Nothing' }
  | { readonly kind: 'Retained'; readonly because: string }
  /** To the resource of this key. */
  | { readonly kind: 'HandedOver'; readonly to: string };

export type Decision =
  | { readonly kind: 'Perform'; readonly action: Action }
  | { readonly kind: 'Settle'; readonly outcome: Outcome };

export function perform(action: Action): Decision {
  return { kind: 'Perform', action };
}

export function settle(outcome: Outcome): Decision {
  return { kind: 'Settle', outcome };
}

export function letGo(): Decision {
  return perform({ kind: 'RemoveFinalizer', leaves: { kind: 'Nothing' } });
}

export function retain(because: string): Decision {
  return perform({ kind: 'RemoveFinalizer', leaves: { kind: 'Retained', because } });
}
