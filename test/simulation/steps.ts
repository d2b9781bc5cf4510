/** The steps of a plan, taken in a world; and how a world is healed of all of them. */
import { PAUSED_ANNOTATION } from '../../src/api/names.ts';
import type { Identity } from '../../src/api/parse.ts';
import { ACCOUNT, OTHER_ACCOUNT } from '../support/builders.ts';
import { usurp } from './ambush.ts';
import type { Weather } from './faults.ts';
import { NAMESPACE } from './people.ts';
import { NAMES, POOLS, type Service, type Step } from './plan.ts';
import type { World } from './world.ts';

/** @returns how long the world goes on before the next step */
export function take(world: World, weather: Weather, step: Step): number {
  if (step.kind === 'Wait') return step.ms;
  world.tell({ kind: 'Fault', name: step.kind === 'Outage' ? `Outage of ${step.of}` : step.kind });
  changeResources(world, step);
  changeCognito(world, step);
  changeProcesses(world, step);
  if (step.kind === 'Outage') suffer(world, weather, step);
  if (step.kind === 'Fight') fight(world, weather, step.identity);
  return 0;
}

function changeResources(world: World, step: Step): void {
  const { people } = world;
  if (!('name' in step)) return;
  const { name } = step;
  const isThere = people.find(name) !== undefined;
  if (step.kind === 'Apply') {
    if (!isThere) people.apply({ metadata: metadataOf(name), spec: step.spec });
    return;
  }
  if (!isThere) return;
  if (step.kind === 'Edit') people.edit(name, step.spec);
  if (step.kind === 'Annotate') people.annotate(name, { [step.annotation]: step.value });
  if (step.kind === 'Remove') people.remove(name);
  if (step.kind === 'Strip') people.stripFinalizers(name);
  if (step.kind === 'ForgeReady') people.forge(name, { conditions: [FORGED] });
  if (step.kind === 'WipeStatus') people.forge(name, WIPED);
  if (step.kind === 'Recreate') recreate(world, name, step.spec);
}

/** As soon as it is gone. */
function recreate({ people, objects, clock }: World, name: string, spec: object): void {
  const metadata = metadataOf(name);
  const again = (): void => {
    if (people.find(name) === undefined) people.apply({ metadata, spec });
  };
  const leave = objects.onChange(({ kind, object }) => {
    if (kind !== 'Deleted' || object.metadata.name !== metadata.name) return;
    leave();
    clock.after(1, again);
  });
  people.remove(name);
}

const FORGED = {
  type: 'Ready',
  status: 'True',
  reason: 'Synced',
  message: 'by hand',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
const WIPED = { conditions: null, remote: null, pending: null, recordUID: null };

function metadataOf(name: string) {
  const [namespace, own] = name.split('/');
  return own === undefined ? { name, namespace: NAMESPACE } : { name: own, namespace: namespace! };
}

function changeCognito({ cognito }: World, step: Step): void {
  switch (step.kind) {
    case 'Vandalise':
      if (cognito.get(step.identity) !== undefined)
        cognito.put(step.identity, { name: 'vandal', scopes: [] });
      return;
    case 'Plant':
      if (cognito.has(step.identity.userPoolId) && cognito.get(step.identity) === undefined)
        cognito.put(step.identity, step.content);
      return;
    case 'Drop':
      return cognito.drop(step.identity);
    case 'Seize':
      if (cognito.get(step.identity) !== undefined) cognito.seize(step.identity);
      return;
    case 'RemovePool':
      if (cognito.has(step.pool)) cognito.removePool(step.pool);
      return;
    case 'AddPool':
      if (!cognito.has(step.pool)) cognito.addPool(step.pool);
      return;
    default:
      return;
  }
}

function changeProcesses(world: World, step: Step): void {
  const [first] = world.replicas;
  switch (step.kind) {
    case 'Kill':
      return first?.kill();
    case 'Stop':
      return first?.stop();
    case 'Freeze':
      first?.freeze();
      return void world.clock.after(step.ms, () => first?.thaw());
    case 'TakeOtherAccount':
    case 'TakeRightAccount':
      return changeAccount(world, step.kind === 'TakeOtherAccount' ? OTHER_ACCOUNT : ACCOUNT);
    case 'ResetWatches':
      return world.resetWatches();
    case 'Compact':
      return world.objects.compact();
    case 'EndLeaseWatches':
      return world.lease.endWatches();
    case 'DropLease':
      return world.lease.remove();
    case 'UsurpLease':
      return usurp(world);
    default:
      return;
  }
}

const BLOWS = 16;
const BLOW_EVERY_MS = 100_000;

/** Another tool puts its own content back, again and again. */
function fight({ clock, cognito }: World, weather: Weather, identity: Identity): void {
  const quarrel = { of: 'Fight' } as const;
  weather.add(quarrel);
  const strike = (): void => {
    const isOn = weather.has(quarrel) && cognito.get(identity) !== undefined;
    if (isOn) cognito.put(identity, { name: 'rival', scopes: [] });
  };
  for (let blow = 0; blow < BLOWS; blow += 1) clock.after(blow * BLOW_EVERY_MS, strike);
}

function suffer({ clock }: World, weather: Weather, { of, ms }: Extract<Step, { of: Service }>) {
  const outage = { of };
  weather.add(outage);
  clock.after(ms, () => weather.delete(outage));
}

/** Credentials are read once, as a process starts. */
function changeAccount(world: World, account: string): void {
  if (world.account === account) return;
  world.account = account;
  for (const replica of world.replicas) replica.kill();
}

/* ------------------------------------------------------------------- healing */

/**
 * No more faults, and nobody paused, frozen or in the wrong account. What was sent late may still
 * land, and what was invalid stays so.
 */
export function heal(world: World, weather: Weather): void {
  weather.clear();
  const { people, cognito, replicas } = world;
  world.roads.cognito = () => undefined;
  world.roads.kubernetes = () => undefined;
  world.roads.connectMs = () => 0;
  world.roads.cognitoConnectMs = () => 0;
  world.roads.watch = () => undefined;
  world.roads.lease = () => undefined;
  world.roads.credentialsMs = () => 0;
  if (world.roads.account !== undefined) world.roads.account = () => undefined;
  for (const pool of POOLS) if (!cognito.has(pool)) cognito.addPool(pool);
  world.account = ACCOUNT;
  for (const replica of replicas) {
    replica.thaw();
    if (replica.account !== ACCOUNT) replica.kill();
  }
  world.resetWatches();
  for (const name of NAMES)
    if (people.find(name) !== undefined) people.annotate(name, { [PAUSED_ANNOTATION]: null });
}
