/** One run of a scenario under one fate, in a world of its own, to its end. */
import type { Launch } from '../ha/stage.ts';
import { waitFor } from '../support/wait.ts';
import type { Cluster } from './cluster.ts';
import { Censor, History, Past, Reaper } from './fates.ts';
import type { Life } from './life.ts';
import { patiently } from './patience.ts';
import { type Picture, pictureOf } from './picture.ts';
import type { Fate } from './plan.ts';
import type { Toll } from './proxy.ts';
import type { Scenario, Step } from './scenarios.ts';
import { Watcher } from './watcher.ts';
import { World } from './world.ts';

export interface Theatre {
  readonly cluster: Cluster;
  readonly launch: Launch;
}

export interface Run {
  readonly picture: Picture;
  /** By life: its calls, in order of arrival. */
  readonly calls: readonly (readonly string[])[];
  /** Notifications that the first life got. */
  readonly frames: number;
  /** Whether all of its fate befell. */
  readonly isFulfilled: boolean;
  /** Of SIGKILL. */
  readonly deaths: number;
  /** What no process may say or do, whatever befalls. */
  readonly faults: readonly string[];
  /** The last words of its operators. */
  readonly words: string;
}

interface Stage {
  readonly scenario: Scenario;
  readonly fate: Fate;
  readonly watcher: Watcher;
  readonly reaper: Reaper;
  readonly censor: Censor | undefined;
  /** By number of the life. */
  readonly histories: Map<number, History>;
  /** The number of the life that leads at the first step. */
  first: number;
  /** Once it has come to that. */
  past?: Past;
}

export async function play(theatre: Theatre, scenario: Scenario, fate: Fate): Promise<Run> {
  const stage = stageFor(scenario, fate);
  const { watcher, histories } = stage;
  const { flags = {}, isAcross = false } = scenario;
  const toll = (life: Life): Toll => tollOf(stage, life);
  await using world = await World.open({ ...theatre, flags, isAcross, toll });
  await scenario.given(world);
  await watcher.untilQuiet();
  begin(stage, world);
  void stage.censor?.late.then(world.passBy);
  for (const step of scenario.steps) await take(stage, world, step);
  const isTravelled = await travel(stage, world);
  const isStruck = await isFulfilled(stage);
  await settle(stage, world);
  const leaks = await world.leaks();
  return {
    picture: await pictureOf(world),
    calls: watcher.calls.slice(stage.first),
    frames: histories.get(stage.first)?.length ?? 0,
    isFulfilled: isTravelled && isStruck,
    deaths: world.lives.filter((life) => life.isStruck).length,
    faults: [...watcher.broken, ...leaks, ...(await Promise.all(world.lives.map(faultsOf))).flat()],
    words: world.tell(),
  };
}

function stageFor(scenario: Scenario, fate: Fate): Stage {
  const watcher = new Watcher();
  return {
    scenario,
    fate,
    watcher,
    reaper: new Reaper(fate.kind === 'kill' ? fate.blows : [], watcher),
    censor: fate.kind === 'withhold' || fate.kind === 'cut' ? new Censor(fate) : undefined,
    histories: new Map(),
    first: 0,
  };
}

/** From here on calls and notifications count. */
function begin(stage: Stage, world: World): void {
  const { scenario, watcher, reaper, censor, histories } = stage;
  stage.first = world.leader()?.number ?? world.lives.length;
  histories.get(stage.first)?.listen();
  censor?.listen();
  reaper.listen(stage.first + scenario.victim);
  watcher.listen();
}

function tollOf(stage: Stage, life: Life): Toll {
  const { watcher, reaper, censor, past } = stage;
  const history = new History();
  stage.histories.set(life.number, history);
  return {
    at(call, reached) {
      watcher.note(life, call, reached);
      return reaper.pass(life, call, reached);
    },
    instead: (call) => past?.instead(call),
    saw: (call, body) => history.saw(call, body),
    frames(call, wire) {
      if (call.request?.resource !== 'resourceservers') return undefined;
      if (past !== undefined) return past.frames(wire);
      return (frame) => {
        history.heard(frame);
        if (censor === undefined || life.number !== stage.first) wire.write(frame);
        else censor.pass(frame, wire);
      };
    },
  };
}

/** Who waits for a notification that is withheld waits in vain: people go on. */
async function take({ censor, scenario }: Stage, world: World, step: Step): Promise<void> {
  await step.act(world);
  const done = step.until(world);
  if (censor === undefined || step === scenario.steps.at(-1)) return void (await done);
  done.catch(() => {});
  await Promise.race([done, censor.caught]);
}

/** A term begins with a second without calls to Cognito; then it looks, and acts on what it saw. */
const FIRST_SECOND_MS = 1_500;

/** Kills the leader; the next life lives in the past, until nothing happens any more. */
async function travel(stage: Stage, world: World): Promise<boolean> {
  const { fate, histories, watcher } = stage;
  if (fate.kind !== 'past') return true;
  await watcher.untilQuiet();
  const snapshot = histories.get(stage.first)?.after(fate.frame);
  const leader = world.leader();
  if (snapshot === undefined || leader === undefined) return false;
  stage.past = new Past(snapshot);
  await leader.kill();
  await untilLed(world);
  await watcher.untilQuiet(FIRST_SECOND_MS);
  stage.past.thaw();
  return true;
}

async function untilLed(world: World): Promise<void> {
  const { leader, tell: tellMore } = world;
  await patiently(() => waitFor('somebody to lead', leader, { tellMore }));
}

/** Some calls come only now and then: a renewal of the Lease. */
const COMES_WITHIN_MS = 20_000;

async function isFulfilled({ fate, reaper, censor }: Stage): Promise<boolean> {
  const isOver = () => {
    switch (fate.kind) {
      case 'kill':
        return reaper.fallen === fate.blows.length;
      case 'withhold':
      case 'cut':
        return censor?.fallen === 1;
      case 'plain':
      case 'past':
        return true;
    }
  };
  const fromMs = performance.now();
  await waitFor('its fate', () => isOver() || performance.now() - fromMs > COMES_WITHIN_MS);
  return isOver();
}

/** Everybody who was to lead leads, and the world has come to its end and stays there. */
async function settle({ scenario, watcher }: Stage, world: World): Promise<void> {
  const last = scenario.steps.at(-1);
  await untilLed(world);
  await watcher.untilQuiet();
  await last?.until(world);
  await watcher.untilQuiet();
}

/** Of a term that was lost on a busy machine. */
const LOST_TERM = 1;

async function faultsOf({ number, operator, isStruck }: Life): Promise<readonly string[]> {
  const bugs = operator.lines.filter(({ msg }) => /a bug\b/.test(msg));
  const said = bugs.map((line) => JSON.stringify(line));
  const complaints = operator.complaints === '' ? [] : [operator.complaints];
  const end = isStruck || operator.isRunning() ? LOST_TERM : await operator.exited;
  const ended = end === LOST_TERM ? [] : [`ended with ${end}`];
  return [...said, ...complaints, ...ended].map((what) => `life ${number}: ${what}`);
}
