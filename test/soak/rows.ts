/** What is judged: each number beside its bar. */
import { REFLECTOR_SETTINGS } from '../../src/controller/reflector-settings.ts';
import type { Row } from '../bench/row.ts';
import { percentile } from '../bench/statistics.ts';
import { isLed } from './crew.ts';
import type { Diary } from './diary.ts';
import { failoversOf } from './failovers.ts';
import {
  complaintsOf,
  deadLettersOf,
  type Findings,
  findingsText,
  isNothing,
  unwellOf,
  watchesOf,
  workLeftOf,
} from './health.ts';
import { changesOf, slopesOf } from './memory.ts';
import type { Wish } from './people.ts';
import type { Tally } from './tally.ts';
import type { Patient } from './vitals.ts';

const MB = 1e6;
const SLOPE_MB_MAX = 1;
const EDIT_MS_MAX = 3_000;
/** A connection that is kept for the next call, and the timer that will close it. */
const GROWTH_MAX = 2;

export function rowsOf(diary: Diary): readonly Row[] {
  return [
    slopeRow('leader', diary.leader, diary),
    slopeRow('standby', diary.standby, diary),
    growthRow('leader', diary.leader, diary),
    growthRow('standby', diary.standby, diary),
    editRow(diary),
    failoverRow(diary),
    watchRow(diary),
    nothingRow('work left over, at rest at the end', workLeftOf(diary)),
    nothingRow('resources that are not well, at rest at the end', unwellOf(diary)),
    nothingRow(
      'reconciles that threw, and what was dropped or not understood',
      deadLettersOf(diary),
    ),
    listRow('lines of the log at level error, and on standard error', complaintsOf(diary)),
    convergedRow(diary),
    ...tallyRows(diary.tally),
  ];
}

function slopeRow(name: string, patient: Patient, diary: Diary): Row {
  const { rss, heap } = slopesOf(patient, diary);
  const told = ({ perMinute }: { readonly perMinute: number }) => (perMinute / MB).toFixed(2);
  return {
    measure: `${name}, after garbage collection: slope of its RSS, and of its heap`,
    bar: `< ${SLOPE_MB_MAX} MB/min`,
    measured: `${told(rss)} MB/min; ${told(heap)} MB/min`,
    isMet: [rss, heap].every(({ perMinute }) => perMinute / MB < SLOPE_MB_MAX),
  };
}

/** All kinds are named: the one that nobody thought of would be the one that leaks. */
function growthRow(name: string, patient: Patient, diary: Diary): Row {
  const changes = changesOf(patient, diary);
  const told = changes.map(({ kind, before, after }) => `${kind} ${before} -> ${after}`);
  const isKnown = changes.every(({ before, after }) => Number.isFinite(before + after));
  return {
    measure: `${name}, at rest before and after: timers, sockets and open files`,
    bar: `each <= ${GROWTH_MAX} more`,
    measured: told.join('; '),
    isMet:
      isKnown && changes.length > 0
        ? changes.every(({ before, after }) => after - before <= GROWTH_MAX)
        : undefined,
  };
}

/* -------------------------------------------------------------------------- edits */

function editRow({ wishes }: Diary): Row {
  const edits = wishes.filter(({ kind, crew, atMs }) => kind === 'Edit' && isLed(crew, atMs));
  const p99 = percentile(edits.map(tookMs), 99);
  return {
    measure: `edit to Ready of its generation, ${edits.length} made while somebody led: p99`,
    bar: `< ${seconds(EDIT_MS_MAX)}`,
    measured: `${seconds(p99)} (p50 ${seconds(percentile(edits.map(tookMs), 50))})`,
    isMet: p99 < EDIT_MS_MAX,
  };
}

export function tookMs({
  atMs,
  fulfilledAtMs = Number.POSITIVE_INFINITY,
}: Pick<Wish, 'atMs' | 'fulfilledAtMs'>): number {
  return fulfilledAtMs - atMs;
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** What reliability asks at the lease as installed, 20 s of 15 s. */
const FAILOVER_REST_MS = 5_000;

function failoverRow(diary: Diary): Row {
  const leaseMs = 1_000 * Number.parseInt(diary.plan.flags['lease-duration'] ?? '', 10);
  const barMs = leaseMs + FAILOVER_REST_MS;
  const failovers = failoversOf(diary);
  const worstMs = Math.max(...failovers.map(({ toLeadingMs }) => toLeadingMs));
  return {
    measure: `SIGKILL of a leader to the next one leading, ${failovers.length} times: the worst`,
    bar: `<= ${seconds(barMs)} (lease ${seconds(leaseMs)})`,
    measured: seconds(worstMs),
    isMet: failovers.length === 0 ? undefined : worstMs <= barMs,
  };
}

/* ------------------------------------------------------------------------- health */

const [, WATCH_SECONDS_MAX] = REFLECTOR_SETTINGS.watchTimeoutSeconds;

/** A load that outlasts every watch has seen some renewed, or nobody told of watches at all. */
export function watchRow(diary: Pick<Diary, 'crews' | 'plan'>): Row {
  const { renewed, troubled } = watchesOf(diary);
  const least = diary.plan.seconds > WATCH_SECONDS_MAX ? 1 : 0;
  return {
    measure: 'watches that ended otherwise than because their time was over',
    bar: '0',
    measured: `${findingsText(troubled)} (${renewed} renewed)`,
    isMet: isNothing(troubled) && renewed >= least,
  };
}

function nothingRow(measure: string, findings: Findings): Row {
  return { measure, bar: '0', measured: findingsText(findings), isMet: isNothing(findings) };
}

const NAMED_MAX = 3;

/** The first few are named. */
function listRow(measure: string, found: readonly string[]): Row {
  const named = found.slice(0, NAMED_MAX).join(', ');
  const measured = found.length === 0 ? '0' : `${found.length}: ${named}`;
  return { measure, bar: '0', measured, isMet: found.length === 0 };
}

/* -------------------------------------------------------------------- what became */

function convergedRow({ convergedInMs, plan }: Diary): Row {
  return {
    measure: 'from the end of the load until every wish had come true',
    bar: `<= ${seconds(plan.convergedWithinMs)}`,
    measured: seconds(convergedInMs),
    isMet: convergedInMs <= plan.convergedWithinMs,
  };
}

function tallyRows({ lost, orphans, doubled, missing, stolen }: Tally): readonly Row[] {
  return [
    listRow('lost: resources and servers that are not as people said', [...lost, ...orphans]),
    listRow('doubled: mutations at Cognito beyond one for each wish', doubled),
    listRow('wishes that took no mutation', missing),
    listRow("stolen: what is somebody else's, called or changed", stolen),
  ];
}
