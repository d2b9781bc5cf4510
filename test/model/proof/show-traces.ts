/** How each documented window opens, and what each rule of the protocol prevents: as tables. */
import type { Violation } from '../laws.ts';
import type { Play } from '../play.ts';
import { SABOTAGES } from '../sabotages.ts';
import { search } from '../search.ts';
import { tell } from '../table.ts';
import { WINDOWS } from '../windows.ts';
import type { World } from '../world.ts';
import { beginningOf, playOf } from '../worlds.ts';

const TRANSITIONS_MAX = 1_000_000;

export function showTraces(): void {
  for (const { window, because, setup, law } of WINDOWS) {
    show(`${window}: ${because}`, playOf(setup), beginningOf(setup), law);
  }
  for (const { without, setup, rules, law } of SABOTAGES) {
    const play = playOf(setup, rules);
    show(`Without ${without}`, play, beginningOf(setup), law);
  }
}

function show(name: string, play: Play, first: World, law: Violation['law']): void {
  const { found } = search(first, play, {
    transitionsMax: TRANSITIONS_MAX,
    until: (violation) => violation.law === law,
  });
  const [shown] = found.filter(({ violation }) => violation.law === law);
  console.log(`\n${name}\n${shown ? tell(shown) : 'not found'}`);
}
