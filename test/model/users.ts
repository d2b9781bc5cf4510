/** What users do to their resources, at any moment. */
import { FINALIZER } from '../../src/api/names.ts';
import type { ResourceServer } from '../../src/api/parse.ts';
import { paid } from './budget.ts';
import type { Step } from './climbing.ts';
import { leakOf } from './laws.ts';
import type { Edit, Play } from './play.ts';
import { stored } from './services.ts';
import { CONTENTS, IDENTITY, type Key, type World, wishOf, withKey } from './world.ts';

export function userSteps(world: World, play: Play, key: Key): readonly Step[] {
  const live = world.objects[key];
  if (live === undefined) return paid(world, 'creations', (after) => created(after, play, key));
  return [
    ...paid(world, 'edits', (after) => edited(after, play, live)),
    ...(live.leaving ? [] : paid(world, 'removals', (after) => [deleted(after, live)])),
  ];
}

/* --------------------------------------------------------------------- creation */

/** The keys are alike: `b` is named only after `a` was. */
function created(world: World, { keys, spec }: Play, key: Key): readonly Step[] {
  if (!keys.includes(key) || (key === 'n/b' && world.births === 0)) return [];
  const births = world.births + 1;
  const { world: after } = stored({ ...world, births }, newborn(key, births, spec[key]));
  return [{ who: 'user', what: `creates ${key.slice(2)}`, world: after, violation: undefined }];
}

function newborn(key: Key, births: number, spec: Partial<ResourceServer> = {}): ResourceServer {
  const name = key.slice(2);
  return {
    key,
    namespace: 'n',
    name,
    uid: `${name}${births}`,
    resourceVersion: '',
    generation: 1,
    createdAt: `2026-01-01T00:00:${String(births).padStart(2, '0')}Z`,
    leaving: false,
    finalizers: [],
    labels: {},
    paused: false,
    oddPause: undefined,
    syncRequest: undefined,
    identity: IDENTITY,
    disputed: false,
    desired: CONTENTS.one,
    deletionPolicy: 'DeleteIfCreated',
    adoptionPolicy: 'IfMatching',
    managementPolicy: 'Enforce',
    problems: [],
    remote: undefined,
    pending: undefined,
    status: {},
    ...spec,
  };
}

/* --------------------------------------------------------------------- deletion */

/** The API server counts the deletion as a generation. */
function deleted(world: World, live: ResourceServer): Step {
  const key = live.key as Key;
  const told = { who: 'user', what: `deletes ${live.name}` };
  if (!live.finalizers.includes(FINALIZER)) {
    const after = { ...world, objects: withKey(world.objects, key, undefined) };
    return { ...told, world: after, violation: leakOf(world, live) };
  }
  return {
    ...told,
    ...stored(world, { ...live, leaving: true, generation: live.generation + 1 }),
  };
}

/* ------------------------------------------------------------------------ edits */

function edited(world: World, { edits }: Play, live: ResourceServer): readonly Step[] {
  return edits.flatMap((edit) => {
    const change = changeOf(live, edit);
    if (change === undefined) return [];
    const generation = edit === 'Pause' ? live.generation : live.generation + 1;
    const what = `edits ${live.name}: ${edit}`;
    return [{ who: 'user', what, ...stored(world, { ...live, ...change, generation }) }];
  });
}

function changeOf(live: ResourceServer, edit: Edit): Partial<ResourceServer> | undefined {
  switch (edit) {
    case 'Wish':
      if (live.leaving) return undefined;
      return { desired: wishOf(live.desired) === 'one' ? CONTENTS.two : CONTENTS.one };
    case 'Retain':
      return live.deletionPolicy === 'Retain' ? undefined : { deletionPolicy: 'Retain' };
    case 'Always':
      if (live.leaving || live.adoptionPolicy === 'Always') return undefined;
      return { adoptionPolicy: 'Always' };
    case 'Observe':
      return { managementPolicy: live.managementPolicy === 'Observe' ? 'Enforce' : 'Observe' };
    case 'Pause':
      return { paused: !live.paused };
  }
}
