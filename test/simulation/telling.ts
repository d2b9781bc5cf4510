/** A failure as one reads it: what is wrong, in which plan, and how to see it again. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FAULTS } from './dice.ts';
import { PLAIN, type Plan } from './plan.ts';
import type { Life } from './swarm.ts';

const FOLDER = resolve(import.meta.dirname, '../../.cache/simulation');

/** Writes the plan down, so that it can be lived again. */
export function tell(shrunk: Life): string {
  const { plan, findings } = shrunk;
  const path = `${FOLDER}/seed-${plan.seed}.json`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path, JSON.stringify(plan, undefined, 2));
  return [
    `seed ${plan.seed} at ${commit()}`,
    ...findings.map((each) => `  ${each}`),
    `  in a world of ${wordsOf(plan)}`,
    `  faults: ${FAULTS.filter((name) => plan.faults[name] > 0).join(', ') || 'none'}`,
    ...plan.steps.map((step) => `  ${JSON.stringify(step)}`),
    `  again: npm run simulate -- --plan .cache/simulation/seed-${plan.seed}.json`,
  ].join('\n');
}

function wordsOf({ setting }: Plan): string {
  const odd = Object.entries(setting).filter(
    ([name, value]) => PLAIN[name as keyof typeof PLAIN] !== value,
  );
  return odd.map(([name, value]) => `${name} ${value}`).join(', ') || 'the plainest kind';
}

/** With a mark when the files differ from it. */
export function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'no commit: this is no checkout';
  }
}
