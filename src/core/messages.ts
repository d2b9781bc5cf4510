/**
 * What the user is told: what is wrong, which field in back-quotes, what can be done. Bounded,
 * printable, and the same for the same cause: no request ids, no times, no counters.
 */

import type { ResourceServer } from '../api/parse.ts';
import type { PendingRecord } from '../api/resource-server.ts';
import { clip } from '../api/words.ts';
import type { Blockade, FailedForNow, Outcome, Refused } from './outcome.ts';
import type { Holder } from './view.ts';

export const MESSAGE_CHARS_MAX = 1024;
/** How much of somebody else's words goes into one of ours. */
const QUOTE_CHARS_MAX = 500;

/** @param resource the one that is told: an owner in another namespace is not named to it */
export function messageOf(outcome: Outcome, resource: ResourceServer): string {
  return clip(wordsOf(outcome, resource), MESSAGE_CHARS_MAX);
}

/** While a record is pending: what is under way. */
export function messageOfPending(
  { leaving }: ResourceServer,
  pending: PendingRecord | undefined,
): string {
  if (pending?.operation === 'HandOver') {
    return 'handing the resource server over to the resource that names it next';
  }
  return leaving
    ? 'deleting the resource server in Amazon Cognito'
    : 'bringing Amazon Cognito in step with `spec`';
}

function wordsOf(outcome: Outcome, resource: ResourceServer): string {
  const pool = resource.identity?.userPoolId ?? 'unknown';
  switch (outcome.kind) {
    case 'Synced':
      return 'Amazon Cognito holds what `spec` says';
    case 'Paused':
      return 'the annotation `cognito-operator.io/paused` is "true": remove it to go on';
    case 'Refused':
      return refusalWords(outcome, resource);
    case 'Waiting':
      return waitingWords(outcome, resource);
    case 'NotSent':
    case 'Unavailable':
    case 'Unanswered':
      return failureWords(outcome);
    case 'Forbidden':
      return forbiddenWords(outcome.message);
    case 'Denied':
      return deniedWords(outcome.operation, pool, outcome.message);
    case 'AccountMismatch':
      return accountWords(outcome.recorded, outcome.caller);
    case 'PoolMissing':
      return missingPoolWords(pool);
    case 'QuotaReached':
      return quotaWords(pool, outcome.held);
    case 'Rejected':
      return rejectionWords(outcome.reason, outcome.message);
    case 'Blocked':
      return blockadeWords(outcome.because, resource);
    case 'Conflict':
    case 'KubernetesFailed':
    case 'Abandoned':
    case 'Released':
      return '';
  }
}

function accountWords(recorded: string, caller: string): string {
  return (
    `the resource server belongs to account ${recorded} and the operator's credentials to ` +
    `${caller}: give it credentials of the first`
  );
}

function missingPoolWords(pool: string): string {
  return (
    `user pool ${pool} does not exist for the operator's credentials: create it, or check ` +
    '`userPoolId` and the account'
  );
}

function quotaWords(pool: string, held: number | undefined): string {
  const holds = held === undefined ? 'is full' : `holds ${held}`;
  return (
    `user pool ${pool} ${holds} and Cognito refuses another resource server: raise the quota ` +
    '"Resource servers per user pool", or delete one'
  );
}

function refusalWords(refused: Refused, resource: ResourceServer): string {
  switch (refused.reason) {
    case 'InvalidSpec':
      return refused.problems.map((each) => `\`${each.field}\` ${each.message}`).join('; ');
    case 'IdentityTaken':
      return (
        `${holderWords(refused.holder, resource)} holds this \`userPoolId\` and \`identifier\`: ` +
        'delete one of the two'
      );
    case 'AlreadyExists':
      return (
        `a resource server with this identifier exists and nothing says that it is ours` +
        `${listed(refused.drift)}: ${wayToAdopt(resource)}`
      );
    case 'ManagedByCognito':
      return 'Amazon Cognito itself manages this resource server: choose another `identifier`';
    case 'NotConverging':
      return (
        'Amazon Cognito keeps changing back; somebody else writes this resource server too' +
        `${listed(refused.drift)}: find out who, then edit \`spec\` or request a sync`
      );
    case 'Drifted':
      return (
        `Amazon Cognito differs from \`spec\`${listed(refused.drift)}: edit one of them, or set ` +
        '`managementPolicy` to Enforce'
      );
  }
}

function listed(lines: readonly string[]): string {
  return lines.length === 0 ? '' : ` (${clip(lines.join('; '), QUOTE_CHARS_MAX)})`;
}

function wayToAdopt({ adoptionPolicy }: ResourceServer): string {
  return adoptionPolicy === 'Never'
    ? '`adoptionPolicy` is Never; choose another `identifier`, or another policy'
    : 'make `spec` equal to adopt it, or set `adoptionPolicy` to Always to overwrite it';
}

type Wait = Extract<Outcome, { kind: 'Waiting' }>;

function waitingWords(wait: Wait, resource: ResourceServer): string {
  switch (wait.for) {
    case 'Holder':
      return `${holderWords(wait.holder, resource)} is being deleted and this one comes next`;
    case 'Lane':
      return 'waiting for a place within the request rate of Amazon Cognito';
    case 'Sweep':
      return 'waiting for the list of resource servers of the user pool';
    case 'Late':
      return 'Amazon Cognito did not answer the last change: finding out what became of it';
    case 'Rivals':
    case 'Rival':
      return 'another resource names the same identifier: making sure whose it is';
  }
}

function holderWords(holder: Holder, resource: ResourceServer): string {
  return holder.namespace === resource.namespace
    ? `resource \`${holder.key}\``
    : 'a resource of another namespace';
}

function failureWords({ kind, operation, message }: FailedForNow): string {
  const words = clip(message, QUOTE_CHARS_MAX);
  switch (kind) {
    case 'NotSent':
      return `${operation} did not reach Amazon Cognito (${words}): trying again`;
    case 'Unavailable':
      return `Amazon Cognito failed to answer ${operation} (${words}): trying again`;
    case 'Unanswered':
      return `${operation} was not answered (${words}): looking at what became of it`;
  }
}

function forbiddenWords(message: string): string {
  return (
    'Kubernetes does not let the operator set or remove its finalizer: grant its role `patch` on ' +
    `resourceservers, or mend what refuses it (${clip(message, QUOTE_CHARS_MAX)})`
  );
}

function deniedWords(operation: string, pool: string, message: string): string {
  const action = operation === 'List' ? 'ListResourceServers' : `${operation}ResourceServer`;
  return (
    `not allowed to call cognito-idp:${action} on user pool ${pool}: grant it to the operator's ` +
    `role, or mend its credentials (${clip(message, QUOTE_CHARS_MAX)})`
  );
}

function rejectionWords(reason: 'InvalidParameter' | 'OperationNotEnabled', words: string): string {
  const quoted = clip(words, QUOTE_CHARS_MAX);
  return reason === 'InvalidParameter'
    ? `Amazon Cognito refuses \`spec\`: ${quoted}`
    : `this is a replica of the user pool, use the pool of its primary Region: ${quoted}`;
}

const WAY_OUT = 'set `deletionPolicy` to Retain to let it go without deleting anything';

function blockadeWords(because: Blockade, { remote }: ResourceServer): string {
  switch (because) {
    case 'Paused':
      return 'paused: remove the annotation `cognito-operator.io/paused` to let deletion go on';
    case 'AccountMismatch':
      return (
        `the user pool is not there, and the operator's account is not the recorded one ` +
        `(${remote?.accountId ?? 'unknown'}): mend the credentials, or ${WAY_OUT}`
      );
    case 'AccountUnknown':
      return `the user pool is not there, and whose account it was is unknown: ${WAY_OUT}`;
    case 'ContentDiffers':
      return (
        'a create was not answered, and what is there now differs from what it wrote: delete it ' +
        `by hand, or ${WAY_OUT}`
      );
    case 'ListDenied':
      return (
        'not allowed to call cognito-idp:ListResourceServers, without which nothing proves that ' +
        `it is gone: grant it, or ${WAY_OUT}`
      );
    case 'ManagedByCognito':
      return `Amazon Cognito itself manages this resource server now: ${WAY_OUT}`;
    case 'IdentityUnreadable':
      return (
        '`userPoolId` and `identifier` cannot be read, or are not those of `status.remote`: ' +
        WAY_OUT
      );
  }
}
