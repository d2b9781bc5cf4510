/** The search can fail: each rule of the protocol taken away by itself breaks a law. */
import { describe, expect, test } from 'vitest';
import { createConverge } from './calm.ts';
import { goAlong } from './lockstep/along.ts';
import { SABOTAGES } from './sabotages.ts';
import { search } from './search.ts';
import { beginningOf, playOf, type Setup } from './worlds.ts';

const TRANSITIONS_MAX = 250_000;

describe('A law is broken without', { timeout: 120_000 }, () => {
  test.each(SABOTAGES.map((row) => [row.without, row] as const))('%s', async (_, row) => {
    const { rules, setup, law } = row;
    const play = playOf(setup, rules);
    const { found } = search(beginningOf(setup), play, {
      transitionsMax: TRANSITIONS_MAX,
      until: (violation) => violation.law === law,
    });
    const shown = found.find(({ violation }) => violation.law === law);
    expect(shown?.violation).toEqual({ law, window: undefined });
    const ways = await goAlong(setup, shown?.trace ?? []);
    expect(ways, 'ways that the real reconciler went beside').toBeGreaterThan(0);
  });

  test('waking who waited for a record that was not written: it waits for ever', () => {
    const setup: Setup = {
      keys: ['n/a', 'n/b'],
      budget: { creations: 2, removals: 1 },
    };
    const play = playOf(setup, { wakes: false });
    const converge = createConverge(play);
    const stuck: string[] = [];
    search(beginningOf(setup), play, {
      transitionsMax: TRANSITIONS_MAX,
      isOver: () => stuck.length > 0,
      visit: (world) => {
        const failure = converge(world);
        if (failure !== undefined) stuck.push(failure.why);
      },
    });
    expect(stuck[0]).toMatch('holds the identity and is not Ready');
  });
});
