/** What is told beside the bars. */
import { percentile } from '../bench/statistics.ts';
import type { Counts } from '../sandbox/cognito/log.ts';
import { type Crew, isLed } from './crew.ts';
import type { Diary, HandOver } from './diary.ts';
import { failoversOf } from './failovers.ts';
import { findingsText, patientsOf, warningsOf, watchesOf } from './health.ts';
import type { Wish } from './people.ts';
import { seconds, tookMs } from './rows.ts';

export type Told = Readonly<Record<string, string>>;

export function toldOf(diary: Diary): Told {
  const { wishes, crews, stage, handOver } = diary;
  const ofKind = (kind: Wish['kind']) => wishes.filter((wish) => wish.kind === kind);
  const edits = ofKind('Edit');
  const led = (crew: Crew) => edits.filter((each) => each.crew === crew && isLed(crew, each.atMs));
  const failovers = failoversOf(diary);
  const mutations = failovers.flatMap(({ toMutationMs = [] }) => toMutationMs);
  return {
    'the leader led': ledText(diary),
    edits: spread(edits),
    'edits, steady crew': spread(led(crews.steady)),
    'edits, struck crew, made while somebody led': spread(led(crews.struck)),
    'edits, made while nobody led': spread(edits.filter((each) => !isLed(each.crew, each.atMs))),
    deletions: spread(ofKind('Delete')),
    creations: spread(ofKind('Create')),
    'repairs of drift': spread(ofKind('Repair')),
    'SIGKILL to the next leading': milliseconds(failovers.map(({ toLeadingMs }) => toLeadingMs)),
    'SIGKILL to the next mutation': milliseconds(mutations),
    'SIGTERM at the end to the standby leading': handOverText(handOver),
    'calls to Cognito': callsText(stage.cognito.counts()),
    'faults played': findingsText(faultsOf(diary)),
    'throttled by the rates themselves': String(throttledOf(diary)),
    lists: String(watchesOf(diary).lists),
    processes: String(patientsOf(diary).length),
    warnings: findingsText(warningsOf(diary)),
  };
}

function ledText({ crews, leader, spans }: Diary): string {
  const { load } = spans;
  const { fromMs = Number.NaN, toMs = Number.NaN } =
    crews.steady.terms.find(({ replica }) => replica === leader.replica) ?? {};
  const ledMs = Math.min(toMs, load.toMs) - Math.max(fromMs, load.fromMs);
  const minutes = (ms: number) => (ms / 60_000).toFixed(1);
  return `${minutes(ledMs)} of ${minutes(load.toMs - load.fromMs)} min of load, in one process`;
}

function handOverText({ toLeadingMs, exit, toReadyMs }: HandOver): string {
  const edit = `an edit then takes ${seconds(toReadyMs)}`;
  return `${seconds(toLeadingMs)}, exit code ${exit}; ${edit}`;
}

function spread(wishes: readonly Wish[]): string {
  return milliseconds(wishes.map(tookMs));
}

function milliseconds(all: readonly number[]): string {
  if (all.length === 0) return 'none';
  const [p50, p90, p99, max] = [50, 90, 99, 100].map((each) => seconds(percentile(all, each)));
  return `${all.length}: p50 ${p50}, p90 ${p90}, p99 ${p99}, max ${max}`;
}

function callsText(counts: Counts): string {
  return Object.entries(counts)
    .map(([operation, outcomes]) => `${operation} (${findingsText(outcomes)})`)
    .join('; ');
}

function faultsOf({ stage }: Diary): Readonly<Record<string, number>> {
  const faults = stage.cognito.log.calls().flatMap(({ fault = [] }) => fault);
  const groups = Map.groupBy(faults, (fault) => fault);
  return Object.fromEntries([...groups].map(([fault, { length }]) => [fault, length]));
}

function throttledOf({ stage }: Diary): number {
  return stage.cognito.log
    .calls()
    .filter(({ outcome, fault }) => outcome === 'TooManyRequestsException' && fault === undefined)
    .length;
}
