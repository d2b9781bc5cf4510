/**
 * What is taken for the same must be the same: with resources told apart by name and by birth, as
 * without, the same is broken, after as many steps. And a search that was stopped is the same one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Step } from './climbing.ts';
import { createCodec } from './codec.ts';
import { readCheckpoint, writeCheckpoint } from './engine/checkpoint.ts';
import type { Play } from './play.ts';
import { SABOTAGES } from './sabotages.ts';
import { goOn, search } from './search.ts';
import { successors } from './steps.ts';
import { type Found, Tree } from './tree.ts';
import type { World } from './world.ts';
import { beginningOf, playOf, type Setup } from './worlds.ts';

const PATIENCE = { timeout: 120_000 };
const TRANSITIONS_MAX = 50_000;

const TWO = { keys: ['n/a', 'n/b'] } as const;

const CONSOLE: Setup = {
  ...TWO,
  standing: ['n/a'],
  writes: ['foreign'],
  budget: { creations: 1, removals: 1, consoles: 1 },
};

/** W1. */
const LEAKING: Setup = {
  writes: ['foreign'],
  standing: ['n/a'],
  budget: { removals: 1, losses: 1, consoles: 1 },
};

interface Row {
  readonly name: string;
  readonly play: Play;
  readonly setup: Setup;
}

/** Two lives: then names may be swapped. */
const ROWS: readonly Row[] = [
  ...SABOTAGES.filter(({ rules }) => rules.counts !== undefined).map(
    ({ without, setup, rules }) => {
      const play = playOf(setup, rules);
      return { name: `without ${without}`, play, setup };
    },
  ),
  { name: 'with somebody at the console', play: playOf(CONSOLE), setup: CONSOLE },
];

function brokenIn(found: readonly Found[]): readonly string[] {
  const tell = ({ violation: { law, window }, trace }: Found) =>
    `${law} ${window ?? ''} after ${trace.length} steps`;
  return found.map(tell).sort();
}

describe('Taking alike resources for one changes no verdict', PATIENCE, () => {
  test.each(ROWS.map((row) => [row.name, row] as const))('%s', (_, { play, setup }) => {
    const limits = { transitionsMax: TRANSITIONS_MAX };
    const alike = search(beginningOf(setup), play, limits);
    const named = search(beginningOf(setup), play, { ...limits, merging: 'Named' });
    expect(alike.isComplete && named.isComplete).toBe(true);
    expect(brokenIn(alike.found)).toEqual(brokenIn(named.found));
    expect(alike.states).toBeLessThan(named.states);
  });
});

/** Where worlds that are alike lead, whatever they are called there. */
function waysOf(world: World, play: Play, encode: (world: World) => string): ReadonlySet<string> {
  const target = ({ world: after, violation }: Step) =>
    violation === undefined ? encode(after) : `${violation.law} ${violation.window ?? ''}`;
  return new Set(successors(world, play).map(target));
}

/** Those that lead from a world to another than from the one it was taken for; but for itself. */
function oddIn(setup: Setup): number {
  const play = playOf(setup);
  const fingerprint = createCodec(play);
  const encode = (world: World) => {
    const { low, high } = fingerprint(world);
    return `${low} ${high} ${Object.values(world.budget).join()}`;
  };
  const first = beginningOf(setup);
  const known = new Map([[encode(first), waysOf(first, play, encode)]]);
  const worlds = [first];
  let odd = 0;
  for (const world of worlds) {
    for (const { world: after, violation } of successors(world, play)) {
      if (violation !== undefined) continue;
      const code = encode(after);
      const ways = waysOf(after, play, encode);
      const before = known.get(code);
      if (before === undefined) worlds.push(after);
      known.set(code, before ?? ways);
      if (before !== undefined && !areSame(before, ways, code)) odd += 1;
    }
  }
  return odd;
}

/** But for steps that change nothing. */
function areSame(some: ReadonlySet<string>, others: ReadonlySet<string>, self: string): boolean {
  const both = new Set([...some, ...others]);
  return [...both].every((way) => way === self || (some.has(way) && others.has(way)));
}

describe('What is taken for the same has the same ways', PATIENCE, () => {
  test.each<[string, Setup]>([
    ['a crash and a late request', { budget: { creations: 1, crashes: 1, lates: 1 } }],
    [
      'hidden pools',
      { ...TWO, standing: ['n/a'], budget: { creations: 1, removals: 1, blinks: 1 } },
    ],
    ['the console', { budget: { creations: 1, losses: 1, consoles: 1 } }],
    ['two resources', { ...TWO, budget: { creations: 2, removals: 1 } }],
  ])('with %s', (_, setup) => {
    expect(oddIn(setup)).toBe(0);
  });
});

describe('A search that was stopped', PATIENCE, () => {
  test.each([100, 2_000])('after %i transitions goes on as if it had not been', (stoppedAt) => {
    const [first, play] = [beginningOf(LEAKING), playOf(LEAKING)];
    const whole = search(first, play, { transitionsMax: TRANSITIONS_MAX });
    const folder = mkdtempSync(join(tmpdir(), 'model-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));

    const stopped = new Tree(first, play);
    goOn(stopped, { transitionsMax: stoppedAt });
    writeCheckpoint(folder, { saved: stopped.save(), beside: 'seen' });
    const kept = readCheckpoint<string>(folder);
    const resumed = new Tree(first, play, 'Alike', kept?.saved);
    goOn(resumed, { transitionsMax: TRANSITIONS_MAX });

    expect(kept?.beside).toBe('seen');
    expect(resumed.isComplete).toBe(true);
    expect([resumed.states, resumed.transitions]).toEqual([whole.states, whole.transitions]);
    expect(brokenIn(resumed.found)).toEqual(brokenIn(whole.found));
    expect(whole.found.length).toBeGreaterThan(0);
  });
});
