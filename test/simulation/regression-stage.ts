/** What the regressions have in common: worlds that are stopped and judged after each test. */
import { expect, onTestFinished } from 'vitest';
import type { Requirement } from '../../src/api/selector.ts';
import { aResourceServer, POOL } from '../support/builders.ts';
import { cognitoFails, isMutation } from './cognito.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const OTHER_POOL = 'eu-west-1_Other';
export const TEAM: Requirement = { key: 'team', operator: 'In', values: ['x'] };
export const VANDAL = { name: 'Vandal', scopes: [] };
export const BAD = 'InternalErrorException';
export const DENIED = 'AccessDeniedException';

/** Stopped and judged when the test has finished. */
export function aWorld(options: WorldOptions = {}): World {
  const world = createWorld(options);
  onTestFinished(async () => {
    await world.stop();
    expect(world.broken).toEqual([]);
  });
  return world;
}

/** Its own identifier for each name. */
export function named(name: string) {
  return aResourceServer().named(name).identifiedAs(idOf(name));
}

export function idOf(name: string): string {
  return `https://${name}`;
}

export function at(identifier: string, userPoolId = POOL) {
  return { userPoolId, identifier };
}

export function contentOf(world: World, name: string): string | undefined {
  return world.cognito.get(at(idOf(name)))?.name;
}

export function operations(world: World, since = 0): readonly string[] {
  return world.calls.filter(({ atMs }) => atMs >= since).map(({ operation }) => operation);
}

export function mutations(world: World): readonly string[] {
  return world.calls.map(({ operation }) => operation).filter(isMutation);
}

/** @returns what heals */
export function denyAllBut(world: World, allowed: readonly ListedOperation[]): () => void {
  world.roads.cognito = ({ operation }) =>
    allowed.includes(operation) ? undefined : { fate: cognitoFails(DENIED, operation) };
  return () => {
    world.roads.cognito = () => undefined;
  };
}

type ListedOperation = World['calls'][number]['operation'];

export async function live(options: WorldOptions, ...names: readonly string[]): Promise<World> {
  const world = aWorld(options);
  for (const name of names) world.people.apply(named(name).labelled({ team: 'x' }));
  world.start();
  await world.advance(10 * SECOND);
  return world;
}

/** What Ready said in that time, from what it said before, each once. */
export async function readyOver(world: World, name: string, ms: number) {
  const seen = new Set([world.people.ready(name)]);
  const leave = world.objects.onChange(() => void seen.add(world.people.ready(name)));
  await world.advance(ms);
  leave();
  return [...seen];
}
