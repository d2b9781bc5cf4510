/**
 * One plan, one life: steps under faults, then none, then three hours at most in which everything
 * has to come to rest, then a while, or a week, in which nothing may be written any more.
 */
import { findCondition } from '../../src/api/conditions.ts';
import type { OperatorSettings } from '../../src/operator.ts';
import { isMutation, STRICT_RATES } from './cognito.ts';
import { type Coverage, createCoverage } from './coverage.ts';
import { createDice } from './dice.ts';
import { befall, type Weather } from './faults.ts';
import type { Witness } from './moment.ts';
import { keyOf, type StoredObject } from './objects.ts';
import { type Plan, POOLS, type Setting } from './plan.ts';
import { identityOf } from './records.ts';
import { heal, take } from './steps.ts';
import { createTrace } from './trace.ts';
import { verdictOn } from './verdict.ts';
import { createWorld, type World } from './world.ts';

export interface Life {
  readonly plan: Plan;
  /** Sentences about what is wrong; none is how it should be. */
  readonly findings: readonly string[];
  /** Of everything that could be seen: the same for the same plan. */
  readonly trace: string;
  /** What happened, in all and until the world was healed. */
  readonly events: { readonly all: number; readonly underFaults: number };
  readonly virtualMs: number;
  /** From the last fault to the first moment in which all was well; `undefined`: never. */
  readonly healedInMs: number | undefined;
  readonly coverage: Coverage;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** In this time everything has to come to rest, whatever happened. */
const HEALING_MS = 3 * HOUR_MS;

/** How a life ends, after the last fault. */
export interface Peace {
  /** All is well for so long, and the healing is over; it never takes more than three hours. */
  readonly calmMs: number;
  /** Then nothing is written any more. */
  readonly restMs: number;
}

/** A sweep of each pool, and one more: what still lands late is found. */
export const BRIEFLY: Peace = { calmMs: 15 * MINUTE_MS, restMs: 25 * MINUTE_MS };
/** Each timer of a resource at rest rings many times: the longest is 72 minutes. */
export const FOR_A_WEEK: Peace = { calmMs: HEALING_MS, restMs: 7 * 24 * HOUR_MS };

const RESTART_MS = 2_000;
const UNREST_MAX = 3;
/** How a finding begins that only a rest shows. */
export const UNREST = 'has no rest: ';

const LEASES = {
  swift: { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 },
  slow: { leaseDurationMs: 180_000, renewDeadlineMs: 120_000, retryPeriodMs: 30_000 },
} as const;

export async function live(
  plan: Plan,
  peace: Peace,
  witnesses: readonly Witness[] = [],
): Promise<Life> {
  const { seed, setting } = plan;
  const trace = createTrace();
  const coverage = createCoverage();
  const world = createWorld({
    settings: settingsOf(setting),
    seed,
    pools: POOLS,
    rates: STRICT_RATES,
    serversPerPool: setting.serversPerPool,
    pageSize: setting.serversPerPage,
    restartMs: RESTART_MS,
    witnesses: [trace.see, coverage.see, ...witnesses],
  });
  const weather: Weather = new Set();
  befall(world, createDice(world, plan.faults, seed), weather, setting.secretAccount);
  for (let count = 0; count < setting.replicas; count += 1) world.start();
  await world.advance(1_500);
  for (const step of plan.steps) {
    const ms = take(world, weather, step);
    if (ms > 0) await world.advance(ms);
  }
  const underFaults = world.clock.events;
  const healedInMs = await recover(world, weather, peace);
  const findings = [...world.broken, ...verdictOn(world), ...(await rest(world, peace))];
  await world.stop();
  return {
    plan,
    findings: [...new Set([...findings, ...world.broken])],
    trace: trace.hash(),
    events: { all: world.clock.events, underFaults },
    virtualMs: world.clock.nowMs,
    healedInMs,
    coverage: coverage.counts(),
  };
}

function settingsOf(setting: Setting): Partial<OperatorSettings> {
  const { watchList, objectsPerPage, concurrency, resyncMs } = setting;
  return { ...LEASES[setting.lease], watchList, pageSize: objectsPerPage, concurrency, resyncMs };
}

/** Looks once a minute whether all is well. */
async function recover(
  world: World,
  weather: Weather,
  { calmMs }: Peace,
): Promise<number | undefined> {
  heal(world, weather);
  let wellSinceMs: number | undefined;
  for (let passedMs = MINUTE_MS; passedMs <= HEALING_MS; passedMs += MINUTE_MS) {
    await world.advance(MINUTE_MS);
    const isWell = verdictOn(world).length === 0;
    wellSinceMs = isWell ? (wellSinceMs ?? passedMs) : undefined;
    if (passedMs - (wellSinceMs ?? passedMs) >= calmMs) break;
  }
  return wellSinceMs;
}

/* -------------------------------------------------------------------- the rest */

/** Whom a full pool refuses asks again every half an hour, and writes down that it does. */
async function rest(world: World, { restMs }: Peace): Promise<readonly string[]> {
  const parked = world.objects.all().filter(isRefusedForQuota);
  const servers = new Set(parked.map(identityOf));
  const keys = new Set(parked.map(keyOf));
  const sinceMs = world.clock.nowMs;
  await world.advance(restMs);
  const calls = world.calls.filter(
    ({ atMs, operation, pool, identifier }) =>
      atMs > sinceMs && isMutation(operation) && !servers.has(`${pool}/${identifier}`),
  );
  const writes = world.writes.filter(({ atMs, key }) => atMs > sinceMs && !keys.has(key));
  const events = world.events.filter(({ atMs }) => atMs > sinceMs);
  const unrest = [
    ...calls.map(({ operation, identifier }) => `${operation} of ${identifier}`),
    ...writes.map(({ key, patch }) => `${key} ${JSON.stringify(patch)}`),
    ...events.map(({ key, reason }) => `event ${reason} of ${key}`),
  ];
  return unrest.slice(0, UNREST_MAX).map((each) => `${UNREST}${each}`);
}

function isRefusedForQuota({ status }: StoredObject): boolean {
  return findCondition(status.conditions, 'Ready')?.reason === 'QuotaExceeded';
}
