/** The shortest way to each thing that the operator can do or be told, in one small world. */
import { createCodec } from '../codec.ts';
import { Fingerprints } from '../engine/fingerprints.ts';
import type { Play } from '../play.ts';
import type { World } from '../world.ts';
import { type Turn, turnsFrom } from './along.ts';

interface Place {
  readonly world: World;
  readonly turn?: Turn;
  readonly before?: Place;
}

/** By what is done there, in words. @param known words whose ways are not asked for, and grow */
export function shortestWays(
  first: World,
  play: Play,
  known: Set<string>,
): ReadonlyMap<string, readonly Turn[]> {
  const encode = createCodec(play);
  const seen = new Fingerprints();
  const ways = new Map<string, readonly Turn[]>();
  const places: Place[] = [{ world: first }];
  for (let at = places.shift(); at !== undefined; at = places.shift()) {
    for (const turn of turnsFrom(at.world, play)) {
      const { what, world } = turn.step;
      const place = { world, turn, before: at };
      if (!known.has(what)) ways.set(what, wayTo(place));
      known.add(what);
      const code = encode(world);
      if (seen.has(code)) continue;
      seen.add(code);
      places.push(place);
    }
  }
  return ways;
}

function wayTo(place: Place): readonly Turn[] {
  const turns: Turn[] = [];
  for (let at: Place | undefined = place; at?.turn !== undefined; at = at.before) {
    turns.unshift(at.turn);
  }
  return turns;
}
