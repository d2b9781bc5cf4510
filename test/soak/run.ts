/** A soak, from its beginning to its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from '../cluster/admin.ts';
import { nowMs } from '../ha/moments.ts';
import { type Launch, openStage, type Stage } from '../ha/stage.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { waitFor } from '../support/wait.ts';
import { type Beside, createBeside } from './beside.ts';
import { type Crew, crewOf } from './crew.ts';
import type { Diary, HandOver, Span } from './diary.ts';
import { type Fleet, fleetOf, load } from './fleet.ts';
import { killEvery, strikeCalls } from './misfortunes.ts';
import { openOnlooker } from './onlooker.ts';
import { type People, peopleOf } from './people.ts';
import type { Plan } from './plan.ts';
import { tallyOf } from './tally.ts';
import { examineEvery, type Patient } from './vitals.ts';

export interface SoakPorts {
  readonly admin: Admin;
  readonly launch: Launch;
  /** The flags of Node that the image sets. */
  readonly nodeOptions: string;
  readonly say: (line: string) => void;
}

/** More than there are in a day. */
const CALLS_MAX = 1_000_000;
const SWEPT_WITHIN_MS = 120_000;
const LED_WITHIN_MS = 60_000;
/** Of rest, in samples. */
const REST_SAMPLES = 4;
const RESTED_WITHIN_MS = 60_000;
const TOLD_EVERY_MS = 60_000;

/** The caller closes the diary's stage: what it holds is asked until then. */
export async function soak(plan: Plan, ports: SoakPorts): Promise<Diary> {
  const fleet = fleetOf(plan);
  const cognito = { logCallsMax: CALLS_MAX };
  const stage = await openStage({ ...ports, cognito, flags: plan.flags, replicas: 0 });
  const over = new AbortController();
  const beside = createBeside();
  try {
    ports.say(`loading ${plan.resources} resources in ${plan.pools} pools ...`);
    await load(fleet, stage);
    const onlooker = await openOnlooker(ports.admin, stage.user.namespace, over.signal);
    beside.add(onlooker.watching);
    const { roll } = createSeededChance(plan.seed);
    const people = peopleOf({ stage, fleet, onlooker, roll, beside });
    const household = { plan, ports, stage, fleet, people, roll, beside };
    return await Promise.race([live(household, over.signal), beside.failed]);
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  } finally {
    over.abort();
  }
}

interface Household {
  readonly plan: Plan;
  readonly ports: SoakPorts;
  readonly stage: Stage;
  readonly fleet: Fleet;
  readonly people: People;
  readonly roll: () => number;
  readonly beside: Beside;
}

type Crews = Diary['crews'];

async function live(household: Household, signal: AbortSignal): Promise<Diary> {
  const { plan, ports, stage, fleet, people } = household;
  const crews: Crews = {
    steady: crewOf({ ...ports, stage, name: 'steady', isInspected: true }),
    struck: crewOf({ ...ports, stage, name: 'struck', isInspected: false }),
  };
  ports.say('starting two crews of two ...');
  const [[leader, standby]] = await Promise.all([
    pairOf(stage, crews.steady),
    pairOf(stage, crews.struck),
  ]);
  await untilSwept(stage, fleet);
  const spans = await examinedSpans(household, crews, signal);
  // Node does not end while it is inspected.
  for (const { inspector } of [leader, standby]) inspector?.close();
  const handOver = await handLeaseOver(crews.steady, household);
  const { wishes } = people;
  const tally = await tallyOf(stage, fleet);
  return { plan, stage, fleet, crews, leader, standby, wishes, handOver, tally, ...spans };
}

/** Who leads, and who stands by. */
async function pairOf(stage: Stage, crew: Crew): Promise<readonly [Patient, Patient]> {
  const first = await crew.start();
  await first.replica.untilLeading();
  const second = await crew.start();
  await stage.untilReady(second.replica);
  return [first, second];
}

/** Every pool was listed once. */
async function untilSwept({ cognito }: Stage, { pools }: Fleet): Promise<void> {
  const listed = () =>
    cognito.log
      .calls()
      .filter(({ operation, effect, outcome }) => !effect && operation === LIST && outcome === OK)
      .map(({ pool }) => pool);
  const isSwept = () => new Set(listed()).size === pools.length;
  await waitFor('all pools to be swept', isSwept, { withinMs: SWEPT_WITHIN_MS, everyMs: 500 });
}

const LIST = 'ListResourceServers';
const OK = 'Success';

/* ------------------------------------------------------------------------ the load */

type Examined = Pick<Diary, 'spans' | 'convergedInMs'>;

async function examinedSpans(
  household: Household,
  crews: Crews,
  signal: AbortSignal,
): Promise<Examined> {
  const { plan, beside } = household;
  const { say } = household.ports;
  const patients = () => [...crews.steady.patients, ...crews.struck.patients];
  const enough = new AbortController();
  const over = AbortSignal.any([signal, enough.signal]);
  const examining = examineEvery(plan.sampleEveryMs, patients, over);
  beside.add(examining);
  const rest = () => spanOf(restOf(patients(), plan.sampleEveryMs));
  say('at rest ...');
  const before = await rest();
  say(`under load for ${plan.seconds} s ...`);
  const loaded = await spanOf(underLoad(household, crews, signal));
  say('without faults, until all has come true ...');
  const convergedInMs = await untilConverged(household);
  say('at rest again ...');
  const after = await rest();
  enough.abort();
  await examining;
  return { spans: { before, load: loaded, after }, convergedInMs };
}

/** Counted in samples: on a busy machine there would be few of them in a time. */
async function restOf(patients: readonly Patient[], sampleEveryMs: number): Promise<void> {
  const before = new Map(patients.map(({ replica, samples }) => [replica, samples.length]));
  const isSampled = ({ replica, samples }: Patient) =>
    !replica.isRunning() || samples.length >= (before.get(replica) ?? 0) + REST_SAMPLES;
  const withinMs = RESTED_WITHIN_MS + 2 * REST_SAMPLES * sampleEveryMs;
  await waitFor('samples at rest', () => patients.every(isSampled), { withinMs });
}

async function spanOf(act: Promise<void>): Promise<Span> {
  const fromMs = nowMs();
  await act;
  return { fromMs, toMs: nowMs() };
}

async function underLoad(household: Household, crews: Crews, signal: AbortSignal): Promise<void> {
  const { plan, stage, people, roll } = household;
  const enough = new AbortController();
  const over = AbortSignal.any([signal, enough.signal]);
  strikeCalls(stage.cognito.faults, roll);
  const all = [
    people.live(crews.steady, plan.paces.steady, over),
    people.live(crews.struck, plan.paces.struck, over),
    killEvery(plan.killEveryMs, crews.struck, over),
    tellEvery(TOLD_EVERY_MS, household, crews, over),
  ];
  for (const each of all) household.beside.add(each);
  await sleep(plan.seconds * 1_000, undefined, { signal });
  enough.abort();
  await Promise.all(all);
  stage.cognito.faults.clear();
}

async function tellEvery(
  everyMs: number,
  { people, ports }: Household,
  { steady, struck }: Crews,
  signal: AbortSignal,
): Promise<void> {
  const sinceMs = nowMs();
  for (;;) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const minutes = Math.round((nowMs() - sinceMs) / 60_000);
    const rss = (steady.patients[0]?.samples.at(-1)?.inside?.rssBytes ?? Number.NaN) / 1e6;
    const open = people.wishes.filter(({ fulfilledAtMs }) => fulfilledAtMs === undefined).length;
    ports.say(
      `${minutes} min: ${people.wishes.length} wishes, ${open} open, ` +
        `${struck.kills.length} kills, the leader has ${rss.toFixed(1)} MB`,
    );
  }
}

/** @returns milliseconds, or Infinity; twice as long is waited as is asked for */
async function untilConverged({ plan, people, ports }: Household): Promise<number> {
  const sinceMs = nowMs();
  const inVain = sleep(2 * plan.convergedWithinMs, Number.POSITIVE_INFINITY, { ref: false });
  const converged = people.untilFulfilled().then(() => nowMs() - sinceMs);
  const tookMs = await Promise.race([converged, inVain]);
  const open = people.wishes.filter(({ fulfilledAtMs }) => fulfilledAtMs === undefined);
  for (const { kind, crew, member } of open) {
    ports.say(`in vain: ${kind} of ${member.name}, ${crew.name} crew`);
  }
  return tookMs;
}

/** The standby has waited for it all the time. */
async function handLeaseOver(crew: Crew, household: Household): Promise<HandOver> {
  const sinceMs = nowMs();
  const exit = await crew.stopLeader();
  await waitFor('the standby to lead', () => crew.leader(), { withinMs: LED_WITHIN_MS });
  const ledAtMs = crew.terms.at(-1)?.fromMs ?? Number.NaN;
  household.people.edit(crew);
  const wasInTime = (await untilConverged(household)) < Number.POSITIVE_INFINITY;
  const toReadyMs = wasInTime ? nowMs() - ledAtMs : Number.POSITIVE_INFINITY;
  return { exit, toLeadingMs: ledAtMs - sinceMs, toReadyMs };
}
