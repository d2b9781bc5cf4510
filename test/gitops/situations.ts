/**
 * One resource for each situation of the status contract, as it is stored then. The verdicts are
 * written by hand; the status is what the operator's own code makes of resource and outcome.
 */
import { findCondition, type Reason } from '../../src/api/conditions.ts';
import type { ResourceServerStatus } from '../../src/api/resource-server.ts';
import { messageOfPending } from '../../src/core/messages.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { rowOfPending } from '../../src/core/rows.ts';
import { nextStatus, type Saying, sayingOf } from '../../src/core/status.ts';
import type { View } from '../../src/core/view.ts';
import {
  ACCOUNT,
  aHolder,
  aResourceServer,
  aView,
  OTHER_ACCOUNT,
  type ResourceServerBuilder,
} from '../support/builders.ts';
import type { KStatus } from '../support/kstatus.ts';

export type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended';

export interface Situation {
  /** Also the name of its file. */
  readonly name: string;
  /** Ready's, where somebody has spoken. */
  readonly reason: Reason | undefined;
  readonly kstatus: KStatus;
  /** What Argo CD shows. */
  readonly argo: Health;
  /** What our script says: Argo CD asks none about what is being deleted. */
  readonly script: { readonly status: Health; readonly message: string };
  readonly manifest: Manifest;
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly generation: number;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: object;
  readonly status: ResourceServerStatus;
}

/** When the status was written. */
const NOW = '2026-01-01T00:00:09Z';

const unseen = aResourceServer().withUid('6f1b2a9e-3c0d-4a53-9d0e-7c1f5a2b8e44');
const seen = unseen.finalized();
const ready = seen.withRemote({ accountId: ACCOUNT }).ready();
const leaving = ready.atGeneration(2).deleting();
const drift: readonly string[] = ['name: is "Climate API", wanted "Weather API"'];

type Verdicts = Pick<Situation, 'reason' | 'kstatus' | 'argo'>;

const WAITING = 'Waiting for the operator';

const working = (reason: Reason): Verdicts => ({
  reason,
  kstatus: 'InProgress',
  argo: 'Progressing',
});
const stalled = (reason: Reason): Verdicts => ({ reason, kstatus: 'Failed', argo: 'Degraded' });
const paused = (kstatus: KStatus): Verdicts => ({ reason: 'Paused', kstatus, argo: 'Suspended' });
const terminating = (reason: Reason): Verdicts => ({
  reason,
  kstatus: 'Terminating',
  argo: 'Progressing',
});

export const SITUATIONS: readonly Situation[] = [
  stored('unseen', unseen, { reason: undefined, message: WAITING }),
  stored('edited', ready.atGeneration(2), {
    reason: 'Synced',
    message: `${WAITING} to see the latest change`,
  }),
  pending('progressing', working('Progressing'), seen.withPending('Create')),
  ended('synced', { reason: 'Synced', kstatus: 'Current', argo: 'Healthy' }, seen.withRemote(), {
    kind: 'Synced',
  }),
  ended('throttled', working('Throttled'), ready.atGeneration(2), {
    kind: 'Waiting',
    for: 'Lane',
    mutation: true,
    waitedMs: 10_000,
  }),
  ended(
    'progressing-with-retry',
    working('ProgressingWithRetry'),
    ready.atGeneration(2).withPending('Update'),
    { kind: 'Unanswered', mutation: true, operation: 'Update', message: 'no answer in 4000 ms' },
  ),
  ended('access-denied', working('AccessDenied'), seen, {
    kind: 'Denied',
    operation: 'Create',
    message: 'User is not authorized to perform: cognito-idp:CreateResourceServer',
  }),
  ended('user-pool-not-found', working('UserPoolNotFound'), seen, {
    kind: 'PoolMissing',
    operation: 'Create',
  }),
  ended('account-mismatch', working('AccountMismatch'), ready, {
    kind: 'AccountMismatch',
    recorded: ACCOUNT,
    caller: OTHER_ACCOUNT,
  }),
  ended('identity-taken-by-a-leaving-one', working('IdentityTaken'), seen, {
    kind: 'Waiting',
    for: 'Holder',
    holder: aHolder({ leaving: true }),
  }),
  refused('identity-taken', seen, { reason: 'IdentityTaken', holder: aHolder() }),
  refused('already-exists', seen, { reason: 'AlreadyExists', drift }),
  refused('managed-by-cognito', seen, { reason: 'ManagedByCognito' }),
  refused('invalid-spec', seen.spec({ name: 'Weather/API' }), {
    reason: 'InvalidSpec',
    problems: seen.spec({ name: 'Weather/API' }).parsed().problems,
  }),
  ended('invalid-parameter', stalled('InvalidParameter'), seen, {
    kind: 'Rejected',
    reason: 'InvalidParameter',
    message: 'Invalid scope: forecast.read',
  }),
  ended('operation-not-enabled', stalled('OperationNotEnabled'), seen, {
    kind: 'Rejected',
    reason: 'OperationNotEnabled',
    message: 'Operation is not enabled for replica user pools',
  }),
  refused('not-converging', ready, { reason: 'NotConverging', drift }),
  refused('drifted', seen.observing(), { reason: 'Drifted', drift }),
  ended('quota-exceeded', stalled('QuotaExceeded'), seen, { kind: 'QuotaReached', held: 25 }),
  ended('paused', paused('Current'), ready.paused(), { kind: 'Paused' }),
  ended('paused-and-edited', paused('InProgress'), ready.paused().atGeneration(2), {
    kind: 'Paused',
  }),
  ended('paused-from-the-start', paused('InProgress'), seen.paused(), { kind: 'Paused' }),
  pending('deleting', terminating('Deleting'), leaving.withPending('Delete')),
  ended('deletion-blocked', terminating('DeletionBlocked'), leaving, {
    kind: 'Blocked',
    because: 'AccountMismatch',
  }),
];

const tracked = ready.annotated({
  'argocd.argoproj.io/tracking-id':
    'identity:cognito-operator.io/ResourceServer:identity/weather-api',
});

/** What the actions begin and end with. An action writes no status: the operator does, later. */
export const ACTED_UPON: Readonly<Record<string, Manifest>> = {
  running: manifestOf(tracked),
  paused: manifestOf(tracked.paused()),
  'sync-requested': manifestOf(tracked.syncRequested('2026-02-02T02:02:02Z')),
  plain: manifestOf(ready),
  'plain-paused': manifestOf(ready.paused()),
};

function manifestOf(given: ResourceServerBuilder): Manifest {
  return given.raw() as unknown as Manifest;
}

interface Unread {
  readonly reason: Reason | undefined;
  readonly message: string;
}

/** The operator has not come to it yet. */
function stored(name: string, given: ResourceServerBuilder, unread: Unread): Situation {
  const { reason, message } = unread;
  const verdicts = { reason, kstatus: 'InProgress', argo: 'Progressing' } as const;
  const script = { status: verdicts.argo, message };
  return { name, ...verdicts, script, manifest: manifestOf(given) };
}

/** A climb has ended. */
function ended(
  name: string,
  verdicts: Verdicts,
  given: ResourceServerBuilder,
  outcome: Outcome,
): Situation {
  const view = aView(given).view();
  return told(name, verdicts, written(given, view, sayingOf(view, outcome)));
}

type Refusal<R = Extract<Outcome, { kind: 'Refused' }>> = R extends R ? Omit<R, 'kind'> : never;

function refused(name: string, given: ResourceServerBuilder, refusal: Refusal): Situation {
  return ended(name, stalled(refusal.reason), given, { kind: 'Refused', ...refusal });
}

/** A call is under way. */
function pending(name: string, verdicts: Verdicts, given: ResourceServerBuilder): Situation {
  const view = aView(given).view();
  const { resource, records } = view;
  const row = rowOfPending(resource.leaving);
  const message = messageOfPending(resource, records.pending);
  return told(name, verdicts, written(given, view, { row, message, drift: [], records }));
}

function told(name: string, verdicts: Verdicts, manifest: Manifest): Situation {
  const { conditions } = manifest.status;
  const isStalled = findCondition(conditions, 'Stalled') !== undefined;
  const script = {
    status: isStalled ? 'Degraded' : verdicts.argo,
    message: `${verdicts.reason}: ${findCondition(conditions, 'Ready')?.message}`,
  } as const;
  return { name, ...verdicts, script, manifest };
}

function written(given: ResourceServerBuilder, view: View, saying: Saying): Manifest {
  const status = nextStatus(view, saying, NOW);
  return JSON.parse(JSON.stringify({ ...given.raw(), status })) as Manifest;
}
