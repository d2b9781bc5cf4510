/** What goes wrong by itself, and time: crashes, late requests, the console, credentials. */
import { paid } from './budget.ts';
import type { Step } from './climbing.ts';
import type { Violation } from './laws.ts';
import { awake } from './mind.ts';
import type { Play } from './play.ts';
import { arrive, land, makerOf } from './services.ts';
import {
  type Climbing,
  CONTENTS,
  type CognitoCall,
  type Doing,
  KEYS,
  type KubernetesWrite,
  LAPSE_MS,
  LATE_MS,
  type Slot,
  type Wish,
  type World,
} from './world.ts';

export function mishaps(world: World, play: Play): readonly Step[] {
  return [
    ...lapses(world),
    ...landings(world, play),
    ...paid(world, 'crashes', (after) => [crash(after, play)]),
    ...paid(world, 'consoles', (after) => consoleSteps(after, play)),
    ...blinks(world),
  ];
}

function step(who: string, what: string, world: World, violation?: Violation): Step {
  return { who, what, world, violation };
}

/* ------------------------------------------------------------------- time passes */

/** Whatever is under way: every deadline behind which something may be decided passes at once. */
function lapses(world: World): readonly Step[] {
  if (isPast(world)) return [];
  const dead = step('time', 'passes, what is late dies', lapsed(world));
  const isLate = world.calls.length + world.writes.length > 0;
  if (!isLate) return [dead];
  const outlived = paid(world, 'overdues', (after) => {
    const late = { calls: world.calls.map(outlive), writes: world.writes.map(outlive) };
    return [step('time', 'passes, what is late lives on', { ...lapsed(after), ...late })];
  });
  return [dead, ...outlived];
}

/** Nothing is late and no deadline lies ahead: time would change nothing. */
function isPast({ nowMs, mind, calls, writes }: World): boolean {
  const { termAtMs, attempts, unansweredAtMs } = mind;
  const begun = [termAtMs, attempts.last?.endedAtMs, unansweredAtMs];
  const isQuiet = calls.length + writes.length === 0;
  return isQuiet && begun.every((from = 0) => from + LATE_MS <= nowMs);
}

export function lapsed(world: World): World {
  return { ...world, nowMs: world.nowMs + LAPSE_MS, calls: [], writes: [] };
}

function outlive<T extends CognitoCall | KubernetesWrite>(request: T): T {
  return { ...request, overdue: true };
}

function doingsOf({ mind }: World): readonly Doing[] {
  const doings = KEYS.map((key) => mind.climbs[key]?.doing);
  return doings.filter((each) => each !== undefined);
}

function isInFlight({ kind }: Doing): boolean {
  return kind !== 'Preparing';
}

function landings(world: World, { rules }: Play): readonly Step[] {
  return [
    ...world.calls.map((call, index) => {
      const calls = world.calls.filter((_, each) => each !== index);
      const { world: after, violation } = land({ ...world, calls }, call);
      return step('Cognito', `late ${call.operation} of ${call.uid} lands`, after, violation);
    }),
    ...world.writes.map((write, index) => {
      const writes = world.writes.filter((_, each) => each !== index);
      const { world: after, violation } = arrive({ ...world, writes }, rules, write);
      return step('API server', `late write for ${write.uid} arrives`, after, violation);
    }),
  ];
}

/* ---------------------------------------------------------------------- crashes */

/** A new leader; what the former one had sent may still arrive. */
function crash(world: World, { rules }: Play): Step {
  const doings = doingsOf(world);
  const calls = doings.flatMap((each) => (each.kind === 'Calling' ? [each.call] : []));
  const writes = doings.flatMap((each) =>
    'write' in each && isInFlight(each) ? [each.write] : [],
  );
  const nowMs = world.nowMs + 1;
  return step('crash', 'a new leader', {
    ...world,
    nowMs,
    mind: awake(nowMs, rules.relists ? world.objects : {}),
    calls: [...world.calls, ...calls],
    writes: [...world.writes, ...writes],
  });
}

/* ---------------------------------------------------------------------- console */

function consoleSteps(world: World, { writes }: Play): readonly Step[] {
  const written = writes.map((wish) =>
    step('console', `writes ${wish}`, disturbed(world, byConsole(world, wish))),
  );
  if (world.slot === undefined) return written;
  return [...written, step('console', 'deletes', disturbed(world, undefined))];
}

/** What is there is another's doing from now on: evidence from before excuses a mistake. */
function disturbed(world: World, slot: Slot | undefined): World {
  const disturbedAtMs = world.nowMs + 1;
  return { ...world, slot, disturbedAtMs, nowMs: disturbedAtMs };
}

function byConsole(world: World, wish: Wish): Slot {
  const { slot } = world;
  const owner = slot?.owner ?? makerOf(world);
  const excuse = isUnanswered(world, owner) ? 'W1' : slot?.excuse;
  return { wish, owner, made: slot?.made ?? false, excuse };
}

/**
 * W1: a record of a Create or Delete stands or is being sent, or a look is under way that one may
 * stand on. What is written meanwhile the next look may take for somebody else's.
 */
function isUnanswered({ objects, mind, writes }: World, owner: string): boolean {
  const climbs = KEYS.flatMap((key) => mind.climbs[key] ?? []);
  const sent = [...writes, ...climbs.flatMap(({ doing }) => writeOf(doing))];
  const pending = [
    ...Object.values(objects).flatMap((each) => (each.uid === owner ? each.pending : [])),
    ...sent.flatMap(({ uid, change }) =>
      uid === owner && change.kind === 'Status' ? change.status.pending : [],
    ),
  ];
  return (
    pending.some((each) => each?.operation === 'Create' || each?.operation === 'Delete') ||
    climbs.some((each) => each.resource.uid === owner && isEvidence(each))
  );
}

function writeOf(doing: Doing | undefined): readonly KubernetesWrite[] {
  return doing !== undefined && 'write' in doing ? [doing.write] : [];
}

/** A Create stands on a look that finds nothing, a Delete on one that finds something. */
function isEvidence({ resource, observation, doing }: Climbing): boolean {
  switch (doing?.kind) {
    case 'Looking':
      return (doing.found !== undefined) === resource.leaving;
    case 'Listing':
      return doing.page in CONTENTS === resource.leaving;
    case 'ReadingRivals':
      return (observation?.kind === 'Present') === resource.leaving;
    case 'Preparing':
    case 'Recording':
    case 'Calling':
    case 'AddingFinalizer':
    case 'RemovingFinalizer':
    case 'HandingOver':
    case 'Settling':
    case undefined:
      return false;
  }
}

/* ------------------------------------------------------------------ credentials */

/** With those of another account nothing is found, and they may change between any two calls. */
function blinks(world: World): readonly Step[] {
  if (!world.blind) {
    return paid(world, 'blinks', (after) => [
      step('AWS', 'hides the pool', { ...after, blind: true }),
    ]);
  }
  return [step('AWS', 'shows the pool', { ...world, blind: false })];
}
