/**
 * A run is held against the run without faults. What must be equal, and the whole list of what
 * need not be:
 *
 * - Cognito: every server, and for each operation and identifier how many mutations arrived and how
 *   many took effect. A mutation that is repeated has either not arrived before, or is doubled: who
 *   comes after a crash sends anew only what was looked for and not found.
 * - Kubernetes: every resource with its spec, status and finalizers; times, revisions and uids are
 *   masked.
 * - Events are told once or not at all: a reason may be missing with the life that died. A
 *   successor that finds the work done says what it sees, `Synced`; one that waits out a call
 *   without an answer says `ProgressingWithRetry`.
 * - Where one step of people undoes the other and the notification of the first was held up, both
 *   may have been spared; a resource that goes before it was served is told `Retained`.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Picture } from './picture.ts';
import type { Fate } from './plan.ts';
import type { Run } from './play.ts';
import { CANCELLING, type Scenario } from './scenarios.ts';
import { NEVER_OURS } from './world.ts';

export type Harm = 'lost' | 'doubled' | 'stolen' | 'differs' | 'broken';

export interface Finding {
  readonly harm: Harm;
  readonly what: string;
}

type Outcome = Pick<Run, 'picture' | 'faults'>;

export function findingsOf(
  { scenario, fate }: { readonly scenario: Scenario; readonly fate: Fate },
  plain: Outcome,
  run: Outcome,
): readonly Finding[] {
  const isHeldUp = fate.kind === 'withhold' || fate.kind === 'cut';
  const maySpare = isHeldUp && CANCELLING.includes(scenario);
  return [
    ...serversOf(plain.picture, run.picture),
    ...mutationsOf(plain.picture, run.picture, maySpare ? 'may spare' : 'exactly'),
    ...resourcesOf(plain.picture, run.picture),
    ...eventsOf(
      plain.picture,
      run.picture,
      maySpare ? [...OF_SUCCESSORS, 'Retained'] : OF_SUCCESSORS,
    ),
    ...run.faults.map((what): Finding => ({ harm: 'broken', what })),
  ];
}

function serversOf({ servers: wanted }: Picture, { servers }: Picture): readonly Finding[] {
  return keysOf(wanted, servers).flatMap((identifier): readonly Finding[] => {
    const [before, after] = [wanted[identifier], servers[identifier]];
    if (isDeepStrictEqual(before, after)) return [];
    const harm = identifier === NEVER_OURS ? 'stolen' : 'lost';
    return [{ harm, what: `the server ${identifier} is ${told(after)}, not ${told(before)}` }];
  });
}

const NONE = { arrived: 0, effective: 0 };

function mutationsOf(
  { mutations: wanted }: Picture,
  { mutations }: Picture,
  how: 'exactly' | 'may spare',
): readonly Finding[] {
  return keysOf(wanted, mutations).flatMap((name): readonly Finding[] => {
    const [before, after] = [wanted[name] ?? NONE, mutations[name] ?? NONE];
    const what = `${name}: ${told(after)}, not ${told(before)}`;
    if (name.endsWith(NEVER_OURS)) return [{ harm: 'stolen', what }];
    if (after.arrived > before.arrived) return [{ harm: 'doubled', what }];
    const isSpared = how === 'may spare' && after.arrived === after.effective;
    const isEqual = after.arrived === before.arrived && after.effective === before.effective;
    return isEqual || isSpared ? [] : [{ harm: 'lost', what }];
  });
}

function resourcesOf({ resources: wanted }: Picture, { resources }: Picture): readonly Finding[] {
  return keysOf(wanted, resources).flatMap((name): readonly Finding[] => {
    const [before, after] = [wanted[name], resources[name]];
    if (isDeepStrictEqual(before, after)) return [];
    return [{ harm: 'differs', what: `${name} is ${told(after)}, not ${told(before)}` }];
  });
}

const OF_SUCCESSORS = ['Synced', 'ProgressingWithRetry'];

function eventsOf(
  { events: wanted }: Picture,
  { events }: Picture,
  more: readonly string[],
): readonly Finding[] {
  return keysOf(wanted, events).flatMap((name): readonly Finding[] => {
    const known = [...(wanted[name] ?? []), ...more];
    const strange = (events[name] ?? []).filter((reason) => !known.includes(reason));
    if (strange.length === 0) return [];
    return [{ harm: 'differs', what: `events of ${name}: ${strange.join(', ')}` }];
  });
}

function keysOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

function told(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
