/** Outcomes that need a closer look at what is there: adoption, drift, and why we let go. */

import type { Desired } from '../api/parse.ts';
import { clip } from '../api/words.ts';
import { type Difference, driftOf } from './drift.ts';
import type { Blockade, Lines, Outcome, Refused } from './outcome.ts';
import { isManagedByCognito, presentContent } from './rungs.ts';
import type { Present, View } from './view.ts';

const LINES_MAX = 20;
const LINE_CHARS_MAX = 256;

export function invalidSpec({ resource }: View): Refused {
  return { kind: 'Refused', reason: 'InvalidSpec', problems: resource.problems };
}

/**
 * A server that no record of ours names: equal is adopted, different only if the user says so.
 * `undefined`: it may be adopted.
 */
export function refusalToAdopt(view: View, seen: Present): Refused | undefined {
  if (isManagedByCognito(seen)) return { kind: 'Refused', reason: 'ManagedByCognito' };
  const drift = driftLines(view);
  const policy = view.resource.adoptionPolicy;
  const may = policy === 'Always' || (policy === 'IfMatching' && drift.length === 0);
  return may ? undefined : { kind: 'Refused', reason: 'AlreadyExists', drift };
}

export function drifted(view: View): Refused {
  return { kind: 'Refused', reason: 'Drifted', drift: driftLines(view) };
}

export function notConverging(view: View): Refused {
  return { kind: 'Refused', reason: 'NotConverging', drift: driftLines(view) };
}

export function blocked(because: Blockade): Outcome {
  return { kind: 'Blocked', because };
}

/** Why a resource that leaves leaves its resource server behind. */
export function retention({ resource, records }: View): string {
  if (records.remote === undefined && records.pending === undefined) {
    return 'this resource never owned one';
  }
  if (resource.managementPolicy !== 'Enforce') return '`managementPolicy` is Observe';
  if (resource.deletionPolicy === 'Retain') return '`deletionPolicy` is Retain';
  return 'it was adopted, and `deletionPolicy` is DeleteIfCreated';
}

/** What Cognito holds and should not, and the other way round: one line each. */
export function driftLines({ resource, ...view }: View): Lines {
  const { desired } = resource;
  if (view.observation?.kind === 'Absent') return ['the resource server does not exist'];
  const present = presentContent({ resource, ...view });
  if (desired === undefined || present === undefined) return [];
  return linesOf(desired, present);
}

export function linesOf(desired: Desired, present: Desired): Lines {
  const lines = driftOf(desired, present).map((each) => clip(wordsOf(each), LINE_CHARS_MAX));
  if (lines.length <= LINES_MAX) return lines;
  const rest = lines.length - LINES_MAX + 1;
  return [...lines.slice(0, LINES_MAX - 1), `and ${rest} more differences`];
}

function wordsOf(difference: Difference): string {
  switch (difference.kind) {
    case 'Name':
      return `name: is "${difference.present}", wanted "${difference.desired}"`;
    case 'ScopeMissing':
      return `scope ${difference.scope.name}: missing`;
    case 'ScopeExtra':
      return `scope ${difference.scope.name}: not wanted`;
    case 'ScopeDescription': {
      const { desired, present } = difference;
      return `scope ${desired.name}: is "${present.description}", wanted "${desired.description}"`;
    }
  }
}
