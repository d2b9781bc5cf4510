// Generated from crds/resourceservers.yaml by `npm run generate`: change that, not this.
// A resource as the API server serves it: what has a default in the schema is always there.

export const GROUP = 'cognito-operator.io';
export const VERSION = 'v1';
export const API_VERSION = 'cognito-operator.io/v1';
export const KIND = 'ResourceServer';
export const PLURAL = 'resourceservers';

/** What the resource server is to be. The operator never changes it. */
export interface ResourceServerSpec {
  /**
   * ID of the user pool that holds the resource server, such as eu-west-1_AbCdEfGhI. The AWS Region
   * is its prefix. Cannot be changed.
   */
  readonly userPoolId: string;
  /**
   * Identifier of the resource server, unique in its user pool; usually the URL of the API. Apps
   * ask for a scope as identifier/scope, and an app client accepts at most 256 characters of that.
   * Printable ASCII without spaces, double quotes and backslashes. Cannot be changed.
   */
  readonly identifier: string;
  /**
   * Name that people see in the Amazon Cognito console. Letters, digits, spaces and _ + = , . @ -
   * are allowed. When absent, the operator uses the name of this resource, which is always a valid
   * name in Amazon Cognito.
   */
  readonly name?: string;
  /**
   * Scopes of the resource server, at most 100; their order means nothing. Absent or empty means
   * none, and removes those that Amazon Cognito has. An app client that still names a removed scope
   * keeps working without it.
   */
  readonly scopes?: readonly ScopeSpec[];
  readonly deletionPolicy: DeletionPolicy;
  readonly adoptionPolicy: AdoptionPolicy;
  readonly managementPolicy: ManagementPolicy;
}

/** A permission that an app may ask for. */
export interface ScopeSpec {
  /**
   * Name of the scope, such as forecast.read: what follows the last slash of identifier/scope.
   * Printable ASCII without spaces, slashes, double quotes and backslashes.
   */
  readonly name: string;
  /** What the scope permits, for people who set up app clients. */
  readonly description: string;
}

/**
 * What happens in Amazon Cognito when this resource is deleted. DeleteIfCreated deletes the
 * resource server if the operator created it and leaves an adopted one alone. Delete deletes an
 * adopted one too. Retain always leaves it. May still be changed while this resource is being
 * deleted.
 */
export type DeletionPolicy = 'DeleteIfCreated' | 'Delete' | 'Retain';

/**
 * What happens when Amazon Cognito already has a resource server with this identifier. IfMatching
 * adopts it when its name and scopes are those of this spec. Always takes it over and changes it to
 * this spec, and needs scopes to be present. Never refuses it.
 */
export type AdoptionPolicy = 'IfMatching' | 'Always' | 'Never';

/**
 * Whether the operator may write to Amazon Cognito. Enforce creates, repairs and deletes. Observe
 * writes nothing, and reports in status what differs.
 */
export type ManagementPolicy = 'Enforce' | 'Observe';

/** What the operator found and did. Only the operator writes it. */
export interface ResourceServerStatus {
  /**
   * The metadata.generation that the rest of status speaks of. -1 means that no operator has seen
   * this resource yet.
   */
  readonly observedGeneration?: number;
  /**
   * State of the resource server. Ready is the summary. Reconciling means that the operator is at
   * work or will try again. Stalled means that you must act. Paused means that the paused
   * annotation is set.
   */
  readonly conditions?: readonly Condition[];
  /** How many scopes the resource server has in Amazon Cognito. */
  readonly scopeCount?: number;
  /** The scopes as apps ask for them, identifier/scope, ready to paste into an app client. */
  readonly scopeIdentifiers?: readonly string[];
  /**
   * UID of the object that `remote` and `pending` were written for. In an object with another UID,
   * such as one restored from a backup, they prove nothing.
   */
  readonly recordUID?: string;
  readonly remote?: RemoteRecord;
  readonly pending?: PendingRecord;
  /**
   * What differs between the spec and Amazon Cognito, one difference a line, when the operator may
   * not repair it.
   */
  readonly drift?: readonly string[];
  /**
   * The value of the sync-requested-at annotation that was last answered by a fresh look at Amazon
   * Cognito.
   */
  readonly lastHandledSyncRequest?: string;
}

/** One aspect of the state. */
export interface Condition {
  /** Which aspect: Ready, Reconciling, Stalled or Paused. */
  readonly type: string;
  /** Whether it is so. */
  readonly status: 'True' | 'False' | 'Unknown';
  /** The metadata.generation that this condition speaks of. */
  readonly observedGeneration?: number;
  /** When the status of this condition last changed. */
  readonly lastTransitionTime: string;
  /** Why, in one word that programs can rely on. */
  readonly reason: string;
  /** Why, for people, and what can be done about it. */
  readonly message: string;
}

/** The resource server that this object owns in Amazon Cognito. */
export interface RemoteRecord {
  /** The user pool that holds it. */
  readonly userPoolId: string;
  /** Its identifier. */
  readonly identifier: string;
  /** AWS account that holds the user pool, when known. */
  readonly accountId?: string;
  readonly origin: Origin;
  /** Fingerprint of the name and scopes last written or adopted. */
  readonly hash: string;
  /**
   * UID of the deleted object that handed the resource server over to this one. As long as that
   * object is there, the resource server is still its own.
   */
  readonly from?: string;
}

/** Created by the operator, or Adopted because it was there before. */
export type Origin = 'Created' | 'Adopted';

/**
 * A change that was sent to Amazon Cognito, or is about to be, or a hand-over to another object.
 * Absent as soon as its outcome is known.
 */
export interface PendingRecord {
  readonly operation: PendingOperation;
  /**
   * Fingerprint of the name and scopes that a Create or an Update writes, that a Delete removes, or
   * that were last written before a HandOver.
   */
  readonly hash: string;
  /** UID of the object that receives the resource server by a HandOver. */
  readonly to?: string;
  /** When the change was recorded; for people only. */
  readonly startTime: string;
  /** The operator process that makes the change. */
  readonly instance: string;
}

/** What the change does. */
export type PendingOperation = 'Create' | 'Update' | 'Delete' | 'HandOver';
