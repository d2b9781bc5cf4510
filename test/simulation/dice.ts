/**
 * Which kinds of faults there are, and how each is rolled for. Each kind has its own chance, so
 * that a plan without one of them rolls the same for the others.
 */
import type { Chance } from '../../src/ports.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import type { World } from './world.ts';

/** How likely each is for one request, where it is on at all. */
export const LIKELY = {
  throttled: 0.12,
  bad: 0.08,
  denied: 0.06,
  listDenied: 0.5,
  rejected: 0.06,
  quota: 0.05,
  requestLost: 0.04,
  answerLost: 0.05,
  late: 0.04,
  slow: 0.2,
  garbled: 0.05,
  pageFails: 0.3,
  tokenRepeated: 0.1,
  credentialsMissing: 0.05,
  credentialsSlow: 0.15,
  stsSilent: 0.5,
  kubernetesRefused: 0.06,
  kubernetesForbidden: 0.03,
  kubernetesRequestLost: 0.04,
  kubernetesAnswerLost: 0.05,
  kubernetesLate: 0.03,
  kubernetesSlow: 0.15,
  listExpires: 0.2,
  listStale: 0.2,
  watchRefused: 0.2,
  watchExpires: 0.15,
  watchBroken: 0.3,
  watchClosed: 0.2,
  watchSilent: 0.2,
  watchLags: 0.3,
  frameTwice: 0.1,
  frameReplayed: 0.03,
  frameGarbled: 0.05,
  leaseRefused: 0.1,
  leaseConflict: 0.1,
  leaseRequestLost: 0.06,
  leaseAnswerLost: 0.06,
  leaseSlow: 0.1,
  leaseWatchMute: 0.3,
  killed: 0.02,
  frozen: 0.02,
  usurped: 0.01,
  meddled: 0.05,
  stranger: 0.03,
  kubernetesConnects: 0.25,
  cognitoConnects: 0.25,
} as const;

export type FaultName = keyof typeof LIKELY;
export type Faults = Readonly<Record<FaultName, number>>;
export const FAULTS = Object.keys(LIKELY) as readonly FaultName[];
export const NO_FAULTS = Object.fromEntries(FAULTS.map((name) => [name, 0])) as Faults;

/** Rolls for one kind of fault, and is told to the world when it hits. */
export interface Dice {
  is(fault: FaultName): boolean;
  /** Of one kind, for what else there is to choose. */
  of(fault: FaultName): Chance;
}

export function createDice(world: World, faults: Faults, seed: number): Dice {
  const chances = new Map(
    FAULTS.map((name, index) => [name, createSeededChance(seed * 1_000 + index)] as const),
  );
  const of = (fault: FaultName): Chance => chances.get(fault) as Chance;
  return {
    of,
    is(fault) {
      if (faults[fault] === 0 || of(fault).roll() >= faults[fault]) return false;
      world.tell({ kind: 'Fault', name: fault });
      return true;
    },
  };
}

export function pick<T>(chance: Chance, from: readonly [T, ...(readonly T[])]): T {
  return from[Math.floor(chance.roll() * from.length)] ?? from[0];
}
