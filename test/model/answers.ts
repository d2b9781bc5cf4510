/**
 * What a climb waits for ends, in every way: answered, refused, lost before or after it took
 * effect, or late. The first way is the one without a fault.
 */
import type { At, Step } from './climbing.ts';
import { calls, lists, looks } from './cognito-answers.ts';
import {
  finalizers,
  handsOver,
  prepared,
  records,
  rivalsRead,
  settles,
} from './kubernetes-answers.ts';
import type { Rules } from './rules.ts';
import type { Key, World } from './world.ts';

export function answers(world: World, rules: Rules, key: Key): readonly Step[] {
  const climbing = world.mind.climbs[key];
  if (climbing?.doing === undefined) return [];
  const { doing } = climbing;
  const at: At = { world, rules, key, climbing, said: [], violation: undefined };
  switch (doing.kind) {
    case 'Looking':
      return looks(at, doing);
    case 'Listing':
      return lists(at, doing);
    case 'ReadingRivals':
      return rivalsRead(at, doing);
    case 'Calling':
      return calls(at, doing);
    case 'Preparing':
      return [prepared(at, doing)];
    case 'Recording':
      return records(at, doing);
    case 'AddingFinalizer':
    case 'RemovingFinalizer':
      return finalizers(at, doing);
    case 'HandingOver':
      return handsOver(at, doing);
    case 'Settling':
      return settles(at, doing);
  }
}
