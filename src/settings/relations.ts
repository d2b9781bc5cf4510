/** What must hold between settings, each with the reason why. */
import type { Given } from './values.ts';

export interface Relation<Field extends string = string> {
  readonly fields: readonly Field[];
  /** Gets the numbers of `fields`, in order; NaN for what is off. */
  readonly holds: (...numbers: number[]) => boolean;
  /** Names the flags of `fields`, in order. */
  readonly rule: string;
  readonly because: string;
}

export const RELATIONS = [
  {
    fields: ['leaseDurationMs', 'renewDeadlineMs'],
    holds: (leaseMs, renewMs) => leaseMs > renewMs,
    rule: '`--lease-duration` must be longer than `--renew-deadline`',
    because: 'a leader must have stepped down before a standby takes over',
  },
  {
    fields: ['renewDeadlineMs', 'retryPeriodMs'],
    holds: (renewMs, retryMs) => renewMs > 1.2 * retryMs,
    rule: '`--renew-deadline` must be longer than 1.2 times `--retry-period`',
    because: 'a renewal that failed needs time for a second try, late by its jitter',
  },
  {
    fields: ['callDeadlineMs', 'leaseDurationMs', 'renewDeadlineMs'],
    holds: (callMs, leaseMs, renewMs) => callMs < leaseMs - renewMs,
    rule: '`--call-deadline` must be shorter than `--lease-duration` less `--renew-deadline`',
    because: 'the last call of one leader must end before the next one begins',
  },
  {
    fields: ['lateMs', 'callDeadlineMs'],
    holds: (lateMs, callMs) => lateMs > callMs,
    rule: '`--late` must be longer than `--call-deadline`',
    because: 'a call is not given up before its own deadline',
  },
  {
    fields: ['shutdownGraceMs', 'callDeadlineMs', 'kubernetesDeadlineMs'],
    holds: (graceMs, callMs, kubernetesMs) => graceMs > callMs + kubernetesMs,
    rule: '`--shutdown-grace` must be longer than `--call-deadline` plus `--kubernetes-deadline`',
    because: 'a call under way is awaited and what it did is recorded',
  },
  {
    fields: ['poolCallsPerSecond', 'accountReadsPerSecond', 'accountWritesPerSecond'],
    holds: (pool, reads, writes) => pool <= Math.min(reads, writes),
    rule:
      '`--pool-calls-per-second` must be at most `--account-reads-per-second` and ' +
      '`--account-writes-per-second`',
    because: 'a pool draws on the quotas of its account',
  },
  {
    fields: ['metricsPort', 'probesPort'],
    holds: (metrics, probes) => metrics !== probes || metrics === 0,
    rule: '`--metrics-port` must differ from `--probes-port`',
    because: 'each has a server of its own',
  },
] as const satisfies readonly Relation[];

/** A relation is not judged while one of its fields cannot be read: that is told already. */
export function brokenRelations(
  relations: readonly Relation[],
  given: ReadonlyMap<string, Given>,
): readonly string[] {
  return relations.flatMap(({ fields, holds, rule, because }) => {
    const present = fields.map((field) => given.get(field)).filter((one) => one !== undefined);
    const isJudged = present.length === fields.length;
    if (!isJudged || holds(...present.map(({ value }) => Number(value)))) return [];
    return [`${rule}, because ${because} (now ${present.map(({ text }) => text).join(', ')})`];
  });
}
