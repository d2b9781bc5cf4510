/** The tiers that a mutant meets: each is a part of the tests, run by itself. */
import { globSync } from 'node:fs';
import { ROOT } from './copy.ts';

/** Cheapest first, which is the order in which they are asked. */
export const TIERS = [
  'core',
  'laws',
  'reconcile',
  'controller',
  'adapters',
  'contract',
  'model',
  'simulation',
  'e2e',
  'crash',
  'ha',
] as const;
export type Tier = (typeof TIERS)[number];

/** A tier, or for those that take long, one file of it. */
export type Suite = Exclude<Tier, 'e2e' | 'ha' | 'crash'> | `${'e2e' | 'ha' | 'crash'}/${string}`;

export function tierOf(suite: Suite): Tier {
  const tier = TIERS.find((each) => each === suite.split('/')[0]);
  if (tier === undefined) throw new Error(`no tier: ${suite}`);
  return tier;
}

interface Place {
  /** What vitest is told to run. */
  readonly filters: readonly string[];
  readonly config: string;
  readonly project: string;
}

const HERE = { config: 'test/mutants/vitest.config.ts', project: 'inside' };
/** On a real kube-apiserver and etcd. */
const CLUSTER = { config: 'test/cluster/vitest.config.ts', project: 'cluster' };

/** Laws that are kept beside what they are about. */
const LAWS_OF_MACHINERY = ['elector-safety', 'store-model', 'work-queue-model'].map(
  (name) => `test/controller/${name}.test.ts`,
);

export function placeOf(suite: Suite): Place {
  const tier = tierOf(suite);
  switch (tier) {
    case 'laws':
      return { ...HERE, filters: ['test/laws/', ...LAWS_OF_MACHINERY] };
    case 'controller':
      return { ...HERE, filters: scriptsOfMachinery() };
    case 'core':
    case 'reconcile':
    case 'adapters':
    case 'contract':
    case 'model':
    case 'simulation':
      return { ...HERE, filters: [`test/${tier}/`] };
    case 'e2e':
      return { ...HERE, filters: [`test/${suite}.test.ts`], project: 'e2e' };
    case 'crash':
    case 'ha':
      return { ...CLUSTER, filters: [`test/${suite}.test.ts`] };
  }
}

/** A project's own list of what is left out cannot be added to: so each file is named. */
function scriptsOfMachinery(): readonly string[] {
  const all = globSync('test/controller/*.test.ts', { cwd: ROOT });
  return all.filter((path) => !LAWS_OF_MACHINERY.includes(path));
}

/** What a verdict depends on, beside the mutant itself. Tests borrow from the folders of others. */
export function readBy(suite: Suite): readonly string[] {
  const lent = ['core', 'laws', 'controller', 'support', 'sandbox', tierOf(suite)];
  return ['src/', 'crds/', ...lent.map((each) => `test/${each}/`)];
}
