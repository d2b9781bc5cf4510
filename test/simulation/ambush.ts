/**
 * What happens to a process, to its Lease, or to what it is about to change, in the very moments
 * that matter: as a request leaves, as it lands, and as its answer was heard.
 */

import { PAUSED_ANNOTATION } from '../../src/api/names.ts';
import type { CognitoRequest } from './cognito.ts';
import { type Dice, pick } from './dice.ts';
import type { Journey } from './journey.ts';
import { keyOf, type StoredObject } from './objects.ts';
import { identityOf } from './records.ts';
import type { Replica } from './replica.ts';
import type { KubernetesRequest } from './requests.ts';
import type { World } from './world.ts';

export interface Trap {
  readonly world: World;
  readonly dice: Dice;
  readonly by: Replica;
  readonly request: CognitoRequest | KubernetesRequest;
}

type Taken = Partial<Pick<Journey<never>, 'outMs' | 'backMs'>> & { readonly fate?: unknown };

const FREEZES_MS = [2_000, 12_000, 25_000, 200_000] as const;
/** Between two events of whole milliseconds. */
const JUST_AFTER_MS = 0.5;

/** @returns the road as it was, or one that loses the request of a process that died before it */
export function ambush<T extends Taken | undefined>(trap: Trap, road: T, writes: boolean) {
  const { dice, by, world } = trap;
  if (dice.is('meddled')) spring(trap, road, 'meddled', () => meddle(trap));
  if (!writes) return road;
  if (dice.is('killed')) {
    if (dice.of('killed').roll() < 0.25) {
      world.clock.after(0, () => by.kill());
      return { fate: 'RequestLost' } as const;
    }
    spring(trap, road, 'killed', () => by.kill());
  }
  if (dice.is('frozen')) {
    spring(trap, road, 'frozen', () => freeze(world, dice, by));
  }
  if (dice.is('usurped')) spring(trap, road, 'usurped', () => usurp(world));
  if (dice.is('stranger')) spring(trap, road, 'stranger', () => intrude(trap));
  return road;
}

type Kind = 'killed' | 'frozen' | 'usurped' | 'meddled' | 'stranger';

function spring({ world, dice }: Trap, road: Taken | undefined, kind: Kind, act: () => void): void {
  const { outMs = 1, backMs = 1 } = road ?? {};
  const inMs = pick(dice.of(kind), [0, outMs + JUST_AFTER_MS, outMs + backMs + JUST_AFTER_MS]);
  world.clock.after(inMs, act);
}

/** By hand, and away again: nobody renews what a stranger holds. */
export function usurp({ lease, clock }: World): void {
  lease.edit({ holder: 'a stranger', renewTime: clock.timestamp(), leaseDurationSeconds: 15 });
}

/** Between a decision and the moment in which its request leaves. */
export function meddleWithin(trap: Trap, ms: number): void {
  const { dice, world } = trap;
  const { connectMs } = world.roads;
  world.clock.after(dice.of('meddled').roll() * ms, () => {
    const isHealed = world.roads.connectMs !== connectMs;
    if (!isHealed) meddle(trap);
  });
}

/** Between a record and the moment in which its call leaves. */
export function strikeWithin({ world, dice, by }: Trap, ms: number): void {
  const { clock } = world;
  if (dice.is('killed')) clock.after(dice.of('killed').roll() * ms, () => by.kill());
  if (dice.is('frozen')) clock.after(dice.of('frozen').roll() * ms, () => freeze(world, dice, by));
}

function freeze({ clock }: World, dice: Dice, by: Replica): void {
  by.freeze();
  clock.after(pick(dice.of('frozen'), FREEZES_MS), () => by.thaw());
}

/** A person changes what the request is about, or one of its rivals. */
function meddle({ world, dice, request }: Trap): void {
  const { people, objects } = world;
  const named = objects.all().filter((each) => isAbout(each, request));
  const servers = new Set(named.map(identityOf));
  const [first, ...others] = objects.all().filter((each) => servers.has(identityOf(each)));
  if (first === undefined) return;
  const chance = dice.of('meddled');
  const name = keyOf(pick(chance, [first, ...others]));
  const meddlings = [
    () => people.annotate(name, { touched: chance.uuid() }),
    () => people.annotate(name, { [PAUSED_ANNOTATION]: 'true' }),
    () => people.annotate(name, { [PAUSED_ANNOTATION]: null }),
    () => people.edit(name, { name: pick(chance, ['x', 'y', 'z']) }),
    () => people.edit(name, { managementPolicy: pick(chance, ['Observe', 'Enforce']) }),
    () => people.remove(name),
  ] as const;
  pick<() => void>(chance, meddlings)();
}

function isAbout(object: StoredObject, request: Trap['request']): boolean {
  if ('key' in request) return keyOf(object) === request.key;
  return identityOf(object) === `${request.pool}/${request.identifier}`;
}

/** Somebody at the console does. */
function intrude({ world, dice, request }: Trap): void {
  if (!('identifier' in request) || request.identifier === '') return;
  const { cognito } = world;
  const identity = { userPoolId: request.pool, identifier: request.identifier };
  if (dice.of('stranger').roll() < 0.4) cognito.drop(identity);
  else if (cognito.has(request.pool)) cognito.put(identity, { name: 'vandal', scopes: [] });
}
