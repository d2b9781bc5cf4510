/** What the replicas said of themselves: metrics, log, standard error. */
import { REASONS } from '../../src/api/conditions.ts';
import type { Diary, Span } from './diary.ts';
import type { Patient, Sample } from './vitals.ts';

/** Each by its number; empty when there is nothing to say. */
export type Findings = Readonly<Record<string, number>>;

export function patientsOf({ crews }: Pick<Diary, 'crews'>): readonly Patient[] {
  return [...crews.steady.patients, ...crews.struck.patients];
}

/** What each told last; who was killed before it was looked at told nothing. */
function pagesOf(diary: Pick<Diary, 'crews'>): readonly Sample['metrics'][] {
  return patientsOf(diary).flatMap(({ samples }) => samples.at(-1)?.metrics ?? []);
}

/** NaN, which nothing is equal to, when nobody told anything, or one of them not this. */
function sumOf(pages: readonly Sample['metrics'][], key: string): number {
  if (pages.length === 0) return Number.NaN;
  return pages.reduce((sum, page) => sum + (page.get(key) ?? Number.NaN), 0);
}

const RECONNECTS = 'cognito_operator_watch_reconnects_total';
/** Its time was over, as the API server was told. */
const IN_GOOD_ORDER = `${RECONNECTS} Renewed`;

export interface Watches {
  readonly renewed: number;
  /** By the reason. */
  readonly troubled: Findings;
  /** Complete lists: one when a watch begins, and one when a term does. */
  readonly lists: number;
}

/** Of all that ever ran, as each told it last. */
export function watchesOf(diary: Pick<Diary, 'crews'>): Watches {
  const pages = pagesOf(diary);
  const sum = (key: string) => sumOf(pages, key);
  const reasons = new Set(pages.flatMap((each) => [...each.keys()]).filter(isTrouble));
  return {
    renewed: sum(IN_GOOD_ORDER),
    troubled: counted([...reasons].map((key) => [key.replace(`${RECONNECTS} `, ''), sum(key)])),
    lists: sum('cognito_operator_lists_total'),
  };
}

function isTrouble(key: string): boolean {
  return key.startsWith(`${RECONNECTS} `) && key !== IN_GOOD_ORDER;
}

/* -------------------------------------------------------------------- work left over */

const WORK = [
  'workqueue_depth',
  'workqueue_unfinished_work_seconds',
  'cognito_operator_gate_waiting',
];

/** At rest at the end: work that was there in every sample of a replica. */
export function workLeftOf(diary: Pick<Diary, 'crews' | 'spans'>): Findings {
  const all = patientsOf(diary)
    .map(({ samples }) => within(samples, diary.spans.after))
    .filter((samples) => samples.length > 0);
  const least = (samples: readonly Sample[], key: string) =>
    Math.min(...samples.map(({ metrics }) => metrics.get(key) ?? Number.NaN));
  const leasts = all.map(
    (samples) => new Map(WORK.map((key) => [key, least(samples, key)] as const)),
  );
  return counted(WORK.map((key) => [key, sumOf(leasts, key)]));
}

function within<T extends { readonly atMs: number }>(samples: readonly T[], span: Span) {
  return samples.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs);
}

/** Resources that are neither Synced nor refused as they have to be, as a leader counts them. */
export function unwellOf({ leader, fleet }: Pick<Diary, 'leader' | 'fleet'>): Findings {
  const metrics = leader.samples.at(-1)?.metrics;
  const count = (reason: string) =>
    metrics?.get(`cognito_operator_resources ${reason}`) ?? Number.NaN;
  const others = ['Unseen', ...REASONS].filter((each) => each !== 'Synced' && each !== REFUSED);
  return counted([
    ...others.map((reason): [string, number] => [reason, count(reason)]),
    [`${REFUSED}, and should not be`, count(REFUSED) - fleet.greedy.length],
  ]);
}

const REFUSED = 'AlreadyExists';

const NEVER = [
  'controller_runtime_reconcile_panics_total',
  'cognito_operator_aws_unknown_errors_total',
  'cognito_operator_unidentified_objects_total',
  'cognito_operator_events_dropped_total',
];

/** What nobody will come back to. */
export function deadLettersOf(diary: Pick<Diary, 'crews'>): Findings {
  const pages = pagesOf(diary);
  return counted(NEVER.map((key) => [key, sumOf(pages, key)]));
}

/* ------------------------------------------------------------------------------ words */

/** None of the faults is one of the operator's own: all that is loud would need an explanation. */
const LOUD = ['error', 'fatal', 'raw'];
/** Node's, of a process that is inspected. */
const INSPECTORS = /^(Debugger (listening|attached|ending)|For help, see|$)/;

export function complaintsOf(diary: Diary): readonly string[] {
  return patientsOf(diary).flatMap(({ replica }) => [
    ...replica.lines
      .filter(({ level }) => LOUD.includes(level))
      .map((line) => JSON.stringify(line)),
    ...replica.complaints.split('\n').filter((line) => !INSPECTORS.test(line)),
  ]);
}

/** How often which warning was logged. */
export function warningsOf(diary: Diary): Findings {
  const warned = patientsOf(diary)
    .flatMap(({ replica }) => replica.lines)
    .filter(({ level }) => level === 'warn')
    .map(({ msg, outcome }) => [msg, ...kindOf(outcome)].join(': '));
  const groups = Map.groupBy(warned, (each) => each);
  return counted([...groups].map(([msg, { length }]) => [msg, length]));
}

function kindOf(outcome: unknown): readonly string[] {
  const { kind, reason } = (outcome ?? {}) as { readonly kind?: string; readonly reason?: string };
  return [kind, reason].filter((each) => each !== undefined);
}

function counted(pairs: readonly (readonly [string, number])[]): Findings {
  return Object.fromEntries(pairs.filter(([, count]) => count !== 0));
}

export function findingsText(findings: Findings): string {
  const texts = Object.entries(findings).map(([name, count]) => `${name} ${count}`);
  return texts.length === 0 ? '0' : texts.join('; ');
}

export function isNothing(findings: Findings): boolean {
  return Object.keys(findings).length === 0;
}
