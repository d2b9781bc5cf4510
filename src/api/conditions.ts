/** The closed lists of condition types and reasons, and the rule for a condition's time. */
import type { Condition } from './resource-server.ts';

export const CONDITION_TYPES = ['Ready', 'Reconciling', 'Stalled', 'Paused'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** Reasons of Ready. No other word is ever written. */
export const REASONS = [
  'Progressing',
  'Synced',
  'Throttled',
  'ProgressingWithRetry',
  'AccessDenied',
  'UserPoolNotFound',
  'AccountMismatch',
  'IdentityTaken',
  'AlreadyExists',
  'ManagedByCognito',
  'InvalidSpec',
  'InvalidParameter',
  'OperationNotEnabled',
  'NotConverging',
  'Drifted',
  'QuotaExceeded',
  'Paused',
  'Deleting',
  'DeletionBlocked',
] as const;
export type Reason = (typeof REASONS)[number];

/** Reasons of events beside those of Ready. */
export const EVENT_REASONS = [
  'Created',
  'Updated',
  'DriftCorrected',
  'Adopted',
  'Deleted',
  'Retained',
  'HandedOver',
  'ScopesRemoved',
  'ScopeTooLong',
  'InvalidAnnotation',
] as const;
export type EventReason = Reason | (typeof EVENT_REASONS)[number];

/** A condition of ours before it knows its time. */
export interface Statement extends Omit<Condition, 'lastTransitionTime'> {
  readonly type: ConditionType;
  readonly reason: Reason;
}

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): Condition | undefined {
  return conditions?.find((each) => each.type === type);
}

/**
 * Our types replaced by `statements`, those without a statement removed; types of others stay
 * as and where they are. A time moves only when its status moves.
 */
export function setConditions(
  before: readonly Condition[],
  statements: readonly Statement[],
  now: string,
): readonly Condition[] {
  const made = new Map(statements.map((each) => [each.type, withTime(before, each, now)]));
  const kept = before.flatMap((each) => {
    if (!isOurs(each.type)) return [each];
    const next = made.get(each.type);
    made.delete(each.type);
    return next === undefined ? [] : [next];
  });
  return [...kept, ...made.values()];
}

function isOurs(type: string): type is ConditionType {
  return CONDITION_TYPES.some((ours) => ours === type);
}

function withTime(before: readonly Condition[], next: Statement, now: string): Condition {
  const known = findCondition(before, next.type);
  const lastTransitionTime = known?.status === next.status ? known.lastTransitionTime : now;
  return { ...next, lastTransitionTime };
}
