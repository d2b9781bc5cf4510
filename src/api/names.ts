/** Names that the operator and its users agreed on beside the schema. */

/** Stands on every resource whose resource server we may have to delete. */
export const FINALIZER = 'cognito-operator.io/finalizer';

/** Only the value `true` pauses. */
export const PAUSED_ANNOTATION = 'cognito-operator.io/paused';

/** Any new value asks for a look at Cognito now. */
export const SYNC_ANNOTATION = 'cognito-operator.io/sync-requested-at';

/** On an Event: the run that told it last, as `reconcileID` in the log. */
export const RECONCILE_ID_ANNOTATION = 'cognito-operator.io/reconcile-id';

/** Names our writes in `managedFields`, and us in events. */
export const FIELD_MANAGER = 'cognito-operator';

/** Identifiers that Cognito keeps for itself begin with this. */
export const RESERVED_PREFIX = 'aws.cognito';
