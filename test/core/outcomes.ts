/**
 * The status contract as a table: every way a climb can end, what status says then and when the
 * key runs again. The key of the table is computed from the type, so that an outcome without a row
 * does not compile.
 */
import type { Reason } from '../../src/api/conditions.ts';
import { HOURLY, QUOTA, RETRY, type Requeue, SLOW } from '../../src/core/backoff.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { ACCOUNT, aHolder, OTHER_ACCOUNT } from '../support/builders.ts';
import type { KStatus } from '../support/kstatus.ts';

type NameOf<O> = O extends { kind: 'Waiting'; for: infer For extends string }
  ? `Waiting(${For})`
  : O extends { kind: infer Kind extends string; reason: infer Of extends string }
    ? `${Kind}(${Of})`
    : O extends { kind: 'Blocked'; because: infer Because extends string }
      ? `Blocked(${Because})`
      : O extends { kind: infer Kind extends string }
        ? Kind
        : never;

export type OutcomeName = NameOf<Outcome>;

/** `Ready`, its reason, the condition beside it with its reason, and the verdict of kstatus. */
export interface Said {
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly beside: `${'Reconciling' | 'Stalled'}: ${Reason}` | undefined;
  readonly kstatus: KStatus;
}

/** `Nothing`: the last truth stands. `Kept`: the value of Ready is kept, under another reason. */
export type Says = Said | 'Nothing' | 'Kept';

export interface Row {
  readonly when: string;
  readonly outcome: Outcome;
  readonly says: Says;
  /** What it says of a resource that is being deleted. */
  readonly leaving: Says;
  readonly requeue: Requeue;
  /** Where it differs: of a key for which another one probes. */
  readonly unprobed?: Requeue;
}

const SYNCED: Said = { ready: 'True', reason: 'Synced', beside: undefined, kstatus: 'Current' };
const DELETING: Said = {
  ready: 'False',
  reason: 'Deleting',
  beside: 'Reconciling: Deleting',
  kstatus: 'Terminating',
};
const BLOCKED: Said = {
  ready: 'False',
  reason: 'DeletionBlocked',
  beside: 'Stalled: DeletionBlocked',
  kstatus: 'Terminating',
};

function working(reason: Reason): Said {
  return { ready: 'Unknown', reason, beside: `Reconciling: ${reason}`, kstatus: 'InProgress' };
}

function failing(reason: Reason): Said {
  const beside = 'Reconciling: ProgressingWithRetry';
  return { ready: 'False', reason, beside, kstatus: 'InProgress' };
}

function stalled(reason: Reason): Said {
  return { ready: 'False', reason, beside: `Stalled: ${reason}`, kstatus: 'Failed' };
}

const AWAIT: Requeue = { kind: 'Await' };
const NOW: Requeue = { kind: 'Now' };
const again = (policy: Extract<Requeue, { kind: 'Again' }>['policy']): Requeue => ({
  kind: 'Again',
  policy,
});
const aside = (reportInMs: number | undefined): Requeue => ({ kind: 'StepAside', reportInMs });

/** Said in life; in deletion each wait and failure reports `Deleting`. */
function row(when: string, outcome: Outcome, says: Says, requeue: Requeue): Row {
  return { when, outcome, says, leaving: DELETING, requeue };
}

/** No status is written: nobody is there to read it, or it cannot be written. */
function silent(outcome: Outcome, requeue: Requeue): readonly Row[] {
  return [{ when: 'always', outcome, says: 'Nothing', leaving: 'Nothing', requeue }];
}

function refused(outcome: Extract<Outcome, { kind: 'Refused' | 'Rejected' }>): readonly Row[] {
  return [row('always', outcome, stalled(outcome.reason), again(HOURLY))];
}

function failedForNow(kind: 'NotSent' | 'Unavailable' | 'Unanswered'): readonly Row[] {
  const message = 'no answer';
  return [
    row(
      'a mutation',
      { kind, mutation: true, operation: 'Update', message },
      working('ProgressingWithRetry'),
      again(RETRY),
    ),
    row(
      'a check',
      { kind, mutation: false, operation: 'Describe', message },
      'Nothing',
      again(RETRY),
    ),
  ];
}

function probed(outcome: Outcome, reason: Reason): readonly Row[] {
  return [{ ...row('always', outcome, failing(reason), again(SLOW)), unprobed: AWAIT }];
}

type Blockade = Extract<Outcome, { kind: 'Blocked' }>['because'];

function blocked(because: Blockade, requeue: Requeue = again(SLOW)): readonly Row[] {
  const outcome = { kind: 'Blocked', because } as const;
  return [{ when: 'always', outcome, says: BLOCKED, leaving: BLOCKED, requeue }];
}

const lane = { kind: 'Waiting', for: 'Lane' } as const;
const late = { kind: 'Waiting', for: 'Late' } as const;
const rivals = { kind: 'Waiting', for: 'Rivals' } as const;
const drift = ['name: is "Climate API", wanted "Weather API"'];

export const ROWS: Readonly<Record<OutcomeName, readonly Row[]>> = {
  Synced: [row('always', { kind: 'Synced' }, SYNCED, AWAIT)],
  Paused: [row('always', { kind: 'Paused' }, 'Kept', AWAIT)],
  'Refused(InvalidSpec)': refused({
    kind: 'Refused',
    reason: 'InvalidSpec',
    problems: [{ field: 'spec.scopes', message: 'must be a list of at most 100 scopes' }],
  }),
  'Refused(IdentityTaken)': refused({
    kind: 'Refused',
    reason: 'IdentityTaken',
    holder: aHolder(),
  }),
  'Refused(AlreadyExists)': refused({ kind: 'Refused', reason: 'AlreadyExists', drift }),
  'Refused(ManagedByCognito)': refused({ kind: 'Refused', reason: 'ManagedByCognito' }),
  'Refused(NotConverging)': refused({ kind: 'Refused', reason: 'NotConverging', drift }),
  'Refused(Drifted)': refused({ kind: 'Refused', reason: 'Drifted', drift }),
  'Rejected(InvalidParameter)': refused({
    kind: 'Rejected',
    reason: 'InvalidParameter',
    message: 'no good',
  }),
  'Rejected(OperationNotEnabled)': refused({
    kind: 'Rejected',
    reason: 'OperationNotEnabled',
    message: 'replica',
  }),
  'Waiting(Holder)': [
    row(
      'always',
      { kind: 'Waiting', for: 'Holder', holder: aHolder({ leaving: true }) },
      failing('IdentityTaken'),
      AWAIT,
    ),
  ],
  'Waiting(Lane)': [
    row(
      'a check, at first',
      { ...lane, mutation: false, waitedMs: 0 },
      'Nothing',
      aside(undefined),
    ),
    row('a check', { ...lane, mutation: false, waitedMs: 20_000 }, 'Nothing', aside(undefined)),
    row('a mutation, at first', { ...lane, mutation: true, waitedMs: 0 }, 'Nothing', aside(10_000)),
    row(
      'a mutation, just before 10 s',
      { ...lane, mutation: true, waitedMs: 9_999 },
      'Nothing',
      aside(1),
    ),
    row(
      'a mutation, after 10 s',
      { ...lane, mutation: true, waitedMs: 10_000 },
      working('Throttled'),
      aside(undefined),
    ),
  ],
  'Waiting(Sweep)': [row('always', { kind: 'Waiting', for: 'Sweep' }, 'Nothing', AWAIT)],
  'Waiting(Late)': [
    row(
      'for long',
      { ...late, remainingMs: 30_000 },
      working('ProgressingWithRetry'),
      again({ ...RETRY, maxMs: 30_000 }),
    ),
    row('for a moment', { ...late, remainingMs: 900 }, working('ProgressingWithRetry'), {
      kind: 'After',
      delayMs: 900,
    }),
    row('no more', { ...late, remainingMs: -1 }, working('ProgressingWithRetry'), {
      kind: 'After',
      delayMs: 0,
    }),
  ],
  'Waiting(Rivals)': [
    row('always', { ...rivals, remainingMs: 30_000 }, working('Progressing'), {
      kind: 'After',
      delayMs: 30_000,
    }),
  ],
  'Waiting(Rival)': [row('always', { kind: 'Waiting', for: 'Rival' }, 'Nothing', again(RETRY))],
  Conflict: silent({ kind: 'Conflict' }, NOW),
  KubernetesFailed: silent({ kind: 'KubernetesFailed', message: '403' }, again(RETRY)),
  Forbidden: [
    row('always', { kind: 'Forbidden', message: '403' }, failing('AccessDenied'), again(RETRY)),
  ],
  Abandoned: silent({ kind: 'Abandoned' }, AWAIT),
  NotSent: failedForNow('NotSent'),
  Unavailable: failedForNow('Unavailable'),
  Unanswered: failedForNow('Unanswered'),
  Denied: probed({ kind: 'Denied', operation: 'Create', message: 'no' }, 'AccessDenied'),
  AccountMismatch: [
    row(
      'always',
      { kind: 'AccountMismatch', recorded: ACCOUNT, caller: OTHER_ACCOUNT },
      failing('AccountMismatch'),
      again(SLOW),
    ),
  ],
  PoolMissing: probed({ kind: 'PoolMissing', operation: 'Create' }, 'UserPoolNotFound'),
  QuotaReached: [
    row('always', { kind: 'QuotaReached', held: 25 }, stalled('QuotaExceeded'), again(QUOTA)),
  ],
  'Blocked(Paused)': blocked('Paused', AWAIT),
  'Blocked(AccountMismatch)': blocked('AccountMismatch'),
  'Blocked(AccountUnknown)': blocked('AccountUnknown'),
  'Blocked(ContentDiffers)': blocked('ContentDiffers'),
  'Blocked(ListDenied)': blocked('ListDenied'),
  'Blocked(ManagedByCognito)': blocked('ManagedByCognito'),
  'Blocked(IdentityUnreadable)': blocked('IdentityUnreadable'),
  Released: silent({ kind: 'Released' }, { kind: 'Forget' }),
};

export const ALL_ROWS: readonly (Row & { readonly name: OutcomeName })[] = (
  Object.keys(ROWS) as OutcomeName[]
).flatMap((name) => ROWS[name].map((each) => ({ ...each, name })));
