/** What befalls a leader, and how its standby takes over. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallRecord } from '../sandbox/cognito/log.ts';
import { waitFor } from '../support/wait.ts';
import { nowMs, ofWallMs } from './moments.ts';
import type { Replica } from './replica.ts';
import type { Stage } from './stage.ts';

/** Falls on the leader, and resolves when another one works. */
export type Strike = (stage: Stage, leader: Replica) => Promise<Failover>;

export interface Failover {
  /** From the blow, but from the last answer to a leader that was stopped. */
  readonly toLeadingMs: number;
  readonly toFirstCallMs: number;
  readonly toFirstMutationMs: number;
  /** Of the former leader: signed when another led already. */
  readonly signedLate: number;
  /** Of the former leader: signed in time, and yet under way when another called already. */
  readonly deliveredLate: number;
  /** How the former leader ended. */
  readonly exit: number | string;
}

/** As long as a signature's whole seconds may hide that it was made later. */
const SIGNATURE_MS = 1_100;
/** Longer than any failover, also when a term or two are lost to a busy machine. */
const WORKS_WITHIN_MS = 60_000;

/** By name. */
export const STRIKES = {
  /** SIGKILL: nothing is finished, nothing released. */
  async kill(stage, leader) {
    const killedAtMs = nowMs();
    await leader.kill();
    return failover(stage, leader, killedAtMs);
  },

  /** SIGTERM. */
  async stop(stage, leader) {
    await leader.stop();
    const answers = leader.calls().map(({ answeredAt = 0 }) => answeredAt);
    return failover(stage, leader, Math.max(...answers));
  },

  /** SIGSTOP for longer than the lease, then SIGCONT. */
  async pause(stage, leader) {
    const pausedAtMs = nowMs();
    await leader.freeze();
    await stage.untilLed(leader);
    const isWriting = () =>
      stage.replicas.some((each) => each !== leader && wrote(each, pausedAtMs));
    await waitFor('a mutation of another', isWriting, { withinMs: WORKS_WITHIN_MS });
    await sleep(SIGNATURE_MS);
    leader.thaw();
    await waitFor('the former leader to end', () => !leader.isRunning());
    return failover(stage, leader, pausedAtMs);
  },
} as const satisfies Record<string, Strike>;

/** It ended by itself: say, the machine was too busy for it to renew. */
export const noStrike: Strike = (stage, leader) => failover(stage, leader, nowMs());

export type StrikeName = keyof typeof STRIKES;

/** @param fromMs when it began */
export async function failover(stage: Stage, leader: Replica, fromMs: number): Promise<Failover> {
  const others = () => stage.replicas.filter((each) => each.ledAtMs > leader.ledAtMs);
  const patience = { withinMs: WORKS_WITHIN_MS, tellMore: () => stage.tell() };
  await waitFor('the next leader', () => others().length > 0, patience);
  const ledAtMs = Math.min(...others().map((each) => each.ledAtMs));
  const isNew = ({ at }: CallRecord) => at > fromMs;
  const firstOf = (calls: (other: Replica) => readonly CallRecord[]) =>
    Math.min(
      ...others().flatMap((each) =>
        calls(each)
          .filter(isNew)
          .map(({ at }) => at),
      ),
    );
  const mutations = (each: Replica) => each.mutations();
  const isWriting = () => firstOf(mutations) < Number.POSITIVE_INFINITY;
  await waitFor('its first mutation', isWriting, patience);
  const firstCallAtMs = firstOf((each) => each.calls());
  const late = leader.calls().filter((call) => signedAtMs(call) > ledAtMs);
  const delivered = leader.calls().filter((call) => call.at > firstCallAtMs);
  return {
    toLeadingMs: ledAtMs - fromMs,
    toFirstCallMs: firstCallAtMs - fromMs,
    toFirstMutationMs: firstOf(mutations) - fromMs,
    signedLate: late.length,
    deliveredLate: delivered.filter((call) => !late.includes(call)).length,
    exit: await leader.exited,
  };
}

function wrote(replica: Replica, afterMs: number): boolean {
  return replica.mutations().some(({ at }) => at > afterMs);
}

function signedAtMs({ signedAt = Number.NaN }: CallRecord): number {
  return ofWallMs(signedAt);
}
