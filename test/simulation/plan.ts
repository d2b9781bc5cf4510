/**
 * What a life is to live through, as data that can be printed, shrunk and told again: people who
 * edit, strangers at the console, outages, kills, and which faults there are at all in this world.
 */
import { PAUSED_ANNOTATION, SYNC_ANNOTATION } from '../../src/api/names.ts';
import type { Identity } from '../../src/api/parse.ts';
import type {
  AdoptionPolicy,
  DeletionPolicy,
  ResourceServerSpec,
  ScopeSpec,
} from '../../src/api/resource-server.ts';
import type { Chance } from '../../src/ports.ts';
import type { ServerContent } from '../sandbox/cognito/store.ts';
import { POOL } from '../support/builders.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { FAULTS, type Faults, LIKELY, NO_FAULTS, pick } from './dice.ts';

export type Step =
  | { readonly kind: 'Apply' | 'Recreate'; readonly name: string; readonly spec: Wanted }
  | { readonly kind: 'Edit'; readonly name: string; readonly spec: Partial<ResourceServerSpec> }
  | { readonly kind: 'Remove' | 'ForgeReady' | 'WipeStatus' | 'Strip'; readonly name: string }
  | {
      readonly kind: 'Annotate';
      readonly name: string;
      readonly annotation: string;
      readonly value: string | null;
    }
  | { readonly kind: 'Vandalise' | 'Drop' | 'Seize' | 'Fight'; readonly identity: Identity }
  | { readonly kind: 'Plant'; readonly identity: Identity; readonly content: ServerContent }
  | { readonly kind: 'RemovePool' | 'AddPool'; readonly pool: string }
  | { readonly kind: 'Outage'; readonly of: Service; readonly ms: number }
  | { readonly kind: 'Freeze'; readonly ms: number }
  | { readonly kind: Bare }
  | { readonly kind: 'Wait'; readonly ms: number };

export type Bare =
  | 'Kill'
  | 'Stop'
  | 'ResetWatches'
  | 'Compact'
  | 'EndLeaseWatches'
  | 'DropLease'
  | 'UsurpLease'
  | 'TakeOtherAccount'
  | 'TakeRightAccount';

/** `Storm`: Cognito throttles all; `Unserved`: the CRD is served no more, for a while. */
export type Service = 'Cognito' | 'Kubernetes' | 'Lease' | 'Storm' | 'Unserved';

type Wanted = Identity & Omit<ResourceServerSpec, keyof Identity>;

/** What the world is like before anything happens. */
export interface Setting {
  readonly replicas: 1 | 2;
  /** Of the Lease: client-go's times, or slower. */
  readonly lease: 'swift' | 'slow';
  readonly watchList: boolean;
  /** Objects a page of a list of the API server, and servers a page of Cognito's. */
  readonly objectsPerPage: number;
  readonly serversPerPage: number;
  readonly serversPerPool: number;
  readonly concurrency: number;
  readonly resyncMs: number;
  /** Only STS tells whose the credentials are. */
  readonly secretAccount: boolean;
}

export interface Plan {
  readonly seed: number;
  readonly setting: Setting;
  readonly faults: Faults;
  readonly steps: readonly Step[];
}

export const NAMES = ['a', 'b', 'c', 'd', 'elsewhere/e'] as const;
export const POOLS = [POOL, 'eu-west-1_Two'] as const;
const IDENTIFIERS = ['https://1', 'https://2'] as const;
/** How many steps, and how far apart: from within a request to beyond a sweep of each pool. */
const LONG = {
  lengths: [20, 45, 45, 90],
  waitsMs: [1, 5, 20, 300, 3_000, 3_000, 40_000, 40_000, 300_000, 900_000],
} as const;
const BRIEF = { lengths: [20, 45], waitsMs: [1, 5, 20, 300, 3_000, 40_000] } as const;

/** The plainest world: what a shrunk plan is measured by. */
export const PLAIN: Setting = {
  replicas: 1,
  lease: 'slow',
  watchList: false,
  objectsPerPage: 500,
  serversPerPage: 50,
  serversPerPool: 25,
  concurrency: 16,
  resyncMs: 600_000,
  secretAccount: false,
};

export function planOf(seed: number, size: 'long' | 'brief' = 'long'): Plan {
  const { lengths, waitsMs } = size === 'long' ? LONG : BRIEF;
  const chance = createSeededChance(seed);
  const setting = settingOf(chance);
  const faults = faultsOf(chance);
  const draw: Draw = { chance, isForger: chance.roll() < 0.15, isTenant: chance.roll() < 0.15 };
  const steps = Array.from({ length: pick<number>(chance, lengths) }, (_, at) => [
    stepOf(draw, at),
    { kind: 'Wait', ms: pick<number>(chance, waitsMs) } as const,
  ]);
  return { seed, setting, faults, steps: steps.flat() };
}

function settingOf(chance: Chance): Setting {
  return {
    replicas: pick(chance, [1, 1, 2]),
    lease: pick(chance, ['swift', 'slow']),
    watchList: chance.roll() < 0.3,
    objectsPerPage: pick(chance, [500, 2]),
    serversPerPage: pick(chance, [50, 1]),
    serversPerPool: pick(chance, [25, 25, 1]),
    concurrency: pick(chance, [16, 16, 1]),
    resyncMs: pick(chance, [600_000, 600_000, 120_000]),
    secretAccount: chance.roll() < 0.4,
  };
}

/** A swarm has some kinds of them, more or less often, and none of the others. */
function faultsOf(chance: Chance): Faults {
  const share = pick(chance, [0, 0.15, 0.35, 0.6]);
  const drawn = FAULTS.map((name) => {
    const factor = pick(chance, [0.3, 1, 1, 2]);
    return [name, chance.roll() < share ? Math.min(LIKELY[name] * factor, 0.9) : 0] as const;
  });
  return { ...NO_FAULTS, ...Object.fromEntries(drawn) };
}

/* ---------------------------------------------------------------- the steps */

interface Draw {
  readonly chance: Chance;
  /** People edit what is the operator's. */
  readonly isForger: boolean;
  /** Pools vanish, and credentials are those of another account. */
  readonly isTenant: boolean;
}

type Drawn = (draw: Draw, name: string, at: number) => Step;

/** Which step, how often; those with a condition only in some worlds. */
const STEPS: readonly (readonly [weight: number, step: Drawn])[] = [
  [26, ({ chance }, name) => ({ kind: 'Apply', name, spec: wantedOf(chance) })],
  [3, ({ chance }, name) => ({ kind: 'Recreate', name, spec: wantedOf(chance) })],
  [13, (_, name) => ({ kind: 'Remove', name })],
  [13, ({ chance }, name) => edit(name, { name: pick(chance, ['x', 'y', 'z']) })],
  [3, ({ chance }, name) => edit(name, { scopes: scopesOf(chance) })],
  [4, ({ chance }, name) => edit(name, { deletionPolicy: deletionOf(chance) })],
  [2, ({ chance }, name) => edit(name, { adoptionPolicy: adoptionOf(chance) })],
  [4, ({ chance }, name) => edit(name, { managementPolicy: pick(chance, ['Observe', 'Enforce']) })],
  [5, ({ chance }, name) => annotate(name, PAUSED_ANNOTATION, pick(chance, ['true', null, 'yes']))],
  [6, (_, name, at) => annotate(name, SYNC_ANNOTATION, String(at))],
  [5, ({ chance }) => ({ kind: 'Vandalise', identity: identityOf(chance) })],
  [3, ({ chance }) => ({ kind: 'Drop', identity: identityOf(chance) })],
  [8, ({ chance }) => ({ kind: 'Plant', identity: identityOf(chance), content: planted(chance) })],
  [3, ({ chance }) => ({ kind: pick(chance, BARE) })],
  [2, ({ chance }) => ({ kind: pick(chance, ['Kill', 'Stop']) })],
  [1, ({ chance }) => ({ kind: 'Freeze', ms: pick(chance, [3_000, 20_000, 200_000]) })],
  [2, ({ chance }) => ({ kind: 'Outage', of: pick(chance, SERVICES), ms: outageMsOf(chance) })],
  [1, (draw, name) => (draw.isForger ? { kind: 'ForgeReady', name } : calm())],
  [2, (draw, name) => (draw.isForger ? forgery(draw, name) : calm())],
  [6, (draw) => (draw.isTenant ? upheaval(draw.chance) : calm())],
  [1, ({ chance }) => ({ kind: 'Fight', identity: identityOf(chance) })],
];

const ALL = STEPS.reduce((sum, [weight]) => sum + weight, 0);
const BARE = ['ResetWatches', 'Compact', 'EndLeaseWatches', 'DropLease', 'UsurpLease'] as const;
const SERVICES = ['Cognito', 'Kubernetes', 'Lease', 'Storm', 'Unserved'] as const;

function stepOf(draw: Draw, at: number): Step {
  const { chance } = draw;
  const name = pick(chance, NAMES);
  let left = chance.roll() * ALL;
  for (const [weight, step] of STEPS) {
    left -= weight;
    if (left < 0) return step(draw, name, at);
  }
  return calm();
}

function calm(): Step {
  return { kind: 'Wait', ms: 1 };
}

function forgery({ chance }: Draw, name: string): Step {
  return { kind: pick(chance, ['WipeStatus', 'Strip']), name };
}

function upheaval(chance: Chance): Step {
  const pool = pick(chance, POOLS);
  if (chance.roll() < 0.2) return { kind: 'Seize', identity: identityOf(chance) };
  if (chance.roll() < 0.5)
    return { kind: pick(chance, ['RemovePool', 'AddPool', 'AddPool']), pool };
  return { kind: pick(chance, ['TakeOtherAccount', 'TakeRightAccount']) };
}

function outageMsOf(chance: Chance): number {
  return pick(chance, [2_000, 15_000, 90_000, 600_000]);
}

function identityOf(chance: Chance): Identity {
  return { userPoolId: pick(chance, POOLS), identifier: pick(chance, IDENTIFIERS) };
}

function edit(name: string, spec: Partial<ResourceServerSpec>): Step {
  return { kind: 'Edit', name, spec };
}

function annotate(name: string, annotation: string, value: string | null): Step {
  return { kind: 'Annotate', name, annotation, value };
}

function deletionOf(chance: Chance) {
  return pick<DeletionPolicy>(chance, ['Retain', 'Delete', 'DeleteIfCreated']);
}

function adoptionOf(chance: Chance) {
  return pick<AdoptionPolicy>(chance, ['IfMatching', 'Always', 'Never']);
}

/** One of them is invalid, and stays so until it is edited. */
export const BAD_SCOPE = { name: 'no spaces', description: 'x' };

function scopesOf(chance: Chance): readonly ScopeSpec[] {
  const read = { name: 'read', description: 'Read' };
  const write = { name: 'write', description: 'Write' };
  return pick<readonly ScopeSpec[]>(chance, [[], [], [read], [write, read], [BAD_SCOPE]]);
}

/** By another tool, where nothing is: sometimes just what a resource asks for. */
function planted(chance: Chance): ServerContent {
  return { name: pick(chance, ['x', 'y']), scopes: [] };
}

function wantedOf(chance: Chance): Wanted {
  return {
    ...identityOf(chance),
    name: pick(chance, ['x', 'y']),
    scopes: chance.roll() < 0.8 ? [] : scopesOf(chance),
    deletionPolicy: 'DeleteIfCreated',
    adoptionPolicy: adoptionOf(chance),
    managementPolicy: chance.roll() < 0.15 ? 'Observe' : 'Enforce',
  };
}
