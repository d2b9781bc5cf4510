/**
 * As many lives as a few seconds allow, two of them with a week of rest at the end; `npm run
 * simulate` lives more of them, and lets each rest for a week.
 */
import { expect, test } from 'vitest';
import { planOf } from './plan.ts';
import { shrink, within } from './shrink.ts';
import { BRIEFLY, FOR_A_WEEK, live } from './swarm.ts';
import { tell } from './telling.ts';

const SEEDS = 200;
const SAMPLED_EVERY = 40;
const SHRINKING_MS = 120_000;

const relive = (plan: Parameters<typeof live>[0]) => live(plan, BRIEFLY);

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'whatever befalls it, the operator comes to a truthful rest: seed %i',
  async (seed) => {
    const life = await relive(planOf(seed, 'brief'));
    if (life.findings.length === 0) return;
    const shrunk = await shrink(life, { relive, mayGoOn: within(SHRINKING_MS / 2) });
    expect(shrunk.findings, tell(shrunk)).toEqual([]);
  },
  SHRINKING_MS,
);

/** In them rest Synced, Drifted, AlreadyExists, IdentityTaken, QuotaExceeded. 3 s each. */
const PATIENT_SEEDS = [24, 99];

test.each(PATIENT_SEEDS)(
  'whoever came to rest writes nothing for seven days: seed %i',
  async (seed) => {
    const life = await live(planOf(seed, 'brief'), FOR_A_WEEK);
    expect(life.findings, tell(life)).toEqual([]);
  },
  SHRINKING_MS,
);

test.each(Array.from({ length: SEEDS / SAMPLED_EVERY }, (_, index) => index * SAMPLED_EVERY))(
  'one seed has one life, to the last event: seed %i',
  async (seed) => {
    const [one, other] = [await relive(planOf(seed, 'brief')), await relive(planOf(seed, 'brief'))];
    expect([other.trace, other.events]).toEqual([one.trace, one.events]);
  },
);
