/**
 * What a swarm is to live through, as a list that can be printed and told again: people who edit,
 * strangers at the console, kills, and which faults there are at all in this world.
 */
import { PAUSED_ANNOTATION, SYNC_ANNOTATION } from '../../src/api/names.ts';
import type { Identity } from '../../src/api/parse.ts';
import type { ResourceServerSpec } from '../../src/api/resource-server.ts';
import type { Chance } from '../../src/ports.ts';
import { POOL } from '../support/builders.ts';
import { createSeededChance } from '../support/seeded-chance.ts';

export type Step =
  | { readonly kind: 'Apply'; readonly name: string; readonly spec: Wanted }
  | { readonly kind: 'Edit'; readonly name: string; readonly spec: Partial<ResourceServerSpec> }
  | { readonly kind: 'Remove'; readonly name: string }
  | {
      readonly kind: 'Annotate';
      readonly name: string;
      readonly annotation: string;
      readonly value: string | null;
    }
  | { readonly kind: 'Vandalise'; readonly identity: Identity }
  | { readonly kind: 'Drop'; readonly identity: Identity }
  | { readonly kind: 'Kill' }
  | { readonly kind: 'ResetWatches' }
  | { readonly kind: 'Compact' }
  | { readonly kind: 'Wait'; readonly ms: number };

type Wanted = Identity & Omit<ResourceServerSpec, keyof Identity>;

/** How likely each fault is for one request; a swarm has some of them, and none of the others. */
export interface Faults {
  readonly throttled: number;
  readonly bad: number;
  readonly denied: number;
  readonly listDenied: number;
  readonly quota: number;
  readonly requestLost: number;
  readonly answerLost: number;
  readonly late: number;
  readonly slow: number;
  readonly kubernetesRefused: number;
  readonly kubernetesRequestLost: number;
  readonly kubernetesAnswerLost: number;
  readonly kubernetesLate: number;
}

export interface Plan {
  readonly seed: number;
  readonly faults: Faults;
  readonly steps: readonly Step[];
}

export const NAMES = ['a', 'b', 'c', 'd'];
export const POOLS = [POOL, 'eu-west-1_Two'];
const IDENTIFIERS = ['https://1', 'https://2'];
const STEPS = 45;

const LIKELY: Faults = {
  throttled: 0.12,
  bad: 0.08,
  denied: 0.06,
  listDenied: 0.5,
  quota: 0.02,
  requestLost: 0.04,
  answerLost: 0.05,
  late: 0.04,
  slow: 0.2,
  kubernetesRefused: 0.06,
  kubernetesRequestLost: 0.04,
  kubernetesAnswerLost: 0.05,
  kubernetesLate: 0.03,
};

export function planOf(seed: number): Plan {
  const chance = createSeededChance(seed);
  const chosen = Object.entries(LIKELY).map(([fault, likely]) => [
    fault,
    chance.roll() < 0.6 ? likely : 0,
  ]);
  const faults = Object.fromEntries(chosen) as Faults;
  const steps = Array.from({ length: STEPS }, (_, at) => [stepOf(chance, at), waitOf(chance)]);
  return { seed, faults, steps: steps.flat() };
}

function pick<const T>(chance: Chance, from: readonly [T, ...(readonly T[])]): T {
  return from[Math.floor(chance.roll() * from.length)] ?? from[0];
}

function pickAny<T>(chance: Chance, from: readonly T[]): T {
  const [first, ...rest] = from;
  if (first === undefined) throw new Error('nothing to pick from');
  return pick(chance, [first, ...rest]);
}

function waitOf(chance: Chance): Step {
  return { kind: 'Wait', ms: pick(chance, [1, 5, 20, 300, 3_000, 40_000]) };
}

function identityOf(chance: Chance): Identity {
  return { userPoolId: pickAny(chance, POOLS), identifier: pickAny(chance, IDENTIFIERS) };
}

/** Weighted: the first whose share reaches the roll. */
function stepOf(chance: Chance, at: number): Step {
  const name = pickAny(chance, NAMES);
  const roll = chance.roll();
  if (roll < 0.3) return { kind: 'Apply', name, spec: wantedOf(chance) };
  if (roll < 0.45) return { kind: 'Remove', name };
  if (roll < 0.6) return { kind: 'Edit', name, spec: { name: pick(chance, ['x', 'y', 'z']) } };
  if (roll < 0.66) return annotate(name, PAUSED_ANNOTATION, pick(chance, ['true', null]));
  if (roll < 0.73) return annotate(name, SYNC_ANNOTATION, String(at));
  if (roll < 0.78) return { kind: 'Edit', name, spec: { deletionPolicy: policyOf(chance) } };
  if (roll < 0.83) {
    const managementPolicy = pick(chance, ['Observe', 'Enforce']);
    return { kind: 'Edit', name, spec: { managementPolicy } };
  }
  if (roll < 0.89) return { kind: 'Vandalise', identity: identityOf(chance) };
  if (roll < 0.92) return { kind: 'Drop', identity: identityOf(chance) };
  return { kind: pick(chance, ['Kill', 'ResetWatches', 'Compact']) };
}

function annotate(name: string, annotation: string, value: string | null): Step {
  return { kind: 'Annotate', name, annotation, value };
}

function policyOf(chance: Chance) {
  return pick(chance, ['Retain', 'Delete', 'DeleteIfCreated']);
}

function wantedOf(chance: Chance): Wanted {
  return {
    ...identityOf(chance),
    name: pick(chance, ['x', 'y']),
    scopes: [],
    deletionPolicy: 'DeleteIfCreated',
    adoptionPolicy: pick(chance, ['IfMatching', 'Always']),
    managementPolicy: chance.roll() < 0.15 ? 'Observe' : 'Enforce',
  };
}
