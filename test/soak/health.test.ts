/** What a metric does not tell is no zero: a check of one that is not there is not met. */
import { describe, expect, test } from 'vitest';
import type { Replica } from '../ha/replica.ts';
import type { Diary } from './diary.ts';
import { deadLettersOf, watchesOf, workLeftOf } from './health.ts';
import { SMOKE } from './plan.ts';
import { watchRow } from './rows.ts';
import { type Sample, sumsOf } from './vitals.ts';

const SPAN = { fromMs: 0, toMs: 10 };
const PAGE = `
# TYPE workqueue_depth gauge
workqueue_depth{name="resourceserver"} 0
# TYPE workqueue_unfinished_work_seconds gauge
workqueue_unfinished_work_seconds 0
# TYPE cognito_operator_gate_waiting gauge
cognito_operator_gate_waiting{access="read"} 0
# TYPE controller_runtime_reconcile_panics_total counter
controller_runtime_reconcile_panics_total 0
# TYPE cognito_operator_aws_unknown_errors_total counter
# TYPE cognito_operator_unidentified_objects_total counter
cognito_operator_unidentified_objects_total 0
# TYPE cognito_operator_events_dropped_total counter
cognito_operator_events_dropped_total 0
# TYPE cognito_operator_lists_total counter
cognito_operator_lists_total 2
# TYPE cognito_operator_watch_reconnects_total counter
cognito_operator_watch_reconnects_total{reason="Renewed"} 3
cognito_operator_watch_reconnects_total{reason="Short"} 0
`;

/** One replica of the steady crew, and one of the other that was killed before it was looked at. */
function diaryOf(...pages: readonly string[]): Pick<Diary, 'crews' | 'spans' | 'plan'> {
  const samples = pages.map(
    (page): Sample => ({ atMs: 5, rssBytes: 0, metrics: sumsOf(page), inside: undefined }),
  );
  const crewOf = (all: Sample[]) => ({
    patients: [{ replica: {} as Replica, inspector: undefined, samples: all }],
  });
  const crews = { steady: crewOf(samples), struck: crewOf([]) } as unknown as Diary['crews'];
  return { crews, spans: { before: SPAN, load: SPAN, after: SPAN }, plan: SMOKE };
}

const without = (name: string) => PAGE.replaceAll(name, 'another_name');
const OF_WORK = 'workqueue_depth';
const OF_BUGS = 'controller_runtime_reconcile_panics_total';
const OF_WATCHES = 'cognito_operator_watch_reconnects_total';

test('nothing is found when everything is told to be 0', () => {
  expect(workLeftOf(diaryOf(PAGE))).toEqual({});
  expect(deadLettersOf(diaryOf(PAGE))).toEqual({});
  expect(watchesOf(diaryOf(PAGE))).toEqual({ renewed: 3, troubled: {}, lists: 2 });
});

test('a metric that is not there is found', () => {
  expect(workLeftOf(diaryOf(without(OF_WORK)))).toEqual({ [OF_WORK]: Number.NaN });
  expect(deadLettersOf(diaryOf(without(OF_BUGS)))).toEqual({ [OF_BUGS]: Number.NaN });
});

test('so is all of it when nobody was looked at', () => {
  expect(Object.keys(workLeftOf(diaryOf()))).toHaveLength(3);
  expect(Object.keys(deadLettersOf(diaryOf()))).toHaveLength(4);
});

describe('the row of watches', () => {
  const isMet = (page: string, seconds: number) =>
    watchRow({ ...diaryOf(page), plan: { ...SMOKE, seconds } }).isMet;
  const NEVER_RENEWED = PAGE.replace('"Renewed"} 3', '"Renewed"} 0');
  const TROUBLED = PAGE.replace('"Short"} 0', '"Short"} 1');

  test.each([
    ['some were renewed', PAGE, 1_800, true],
    ['there was no time for it', NEVER_RENEWED, 10, true],
    ['there was time, and none was', NEVER_RENEWED, 1_800, false],
    ['nothing tells of watches', without(OF_WATCHES), 10, false],
    ['one ended otherwise', TROUBLED, 1_800, false],
  ])('when %s', (_, page, seconds, want) => {
    expect(isMet(page, seconds)).toBe(want);
  });
});
