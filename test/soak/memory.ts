/** What the samples of one replica say: does it grow? */
import type { Diary, Span } from './diary.ts';
import { type Line, lineThrough } from './line.ts';
import { JUDGED } from './plan.ts';
import type { Inside, Patient, Sample } from './vitals.ts';

export interface Slopes {
  /** Bytes a minute, after garbage collection, in the judged part of the load. */
  readonly rss: Line;
  readonly heap: Line;
}

export function slopesOf(patient: Patient, { spans }: Pick<Diary, 'spans'>): Slopes {
  const judged = judgedSpan(spans.load);
  const line = (value: (inside: Inside) => number) =>
    lineThrough(
      insideOf(patient, judged).map(({ atMs, inside }) => ({ atMs, value: value(inside) })),
    );
  return { rss: line(({ rssBytes }) => rssBytes), heap: line(({ heapBytes }) => heapBytes) };
}

export function judgedSpan({ fromMs, toMs }: Span): Span {
  return { fromMs: toMs - JUDGED * (toMs - fromMs), toMs };
}

/** Of one kind, at rest: what there was at the fewest before, and after. */
export interface Change {
  readonly kind: string;
  readonly before: number;
  readonly after: number;
}

/** Kinds that keep the process up, and open files: calls come and go, so that the least counts. */
export function changesOf(patient: Patient, { spans }: Pick<Diary, 'spans'>): readonly Change[] {
  const [before, after] = [spans.before, spans.after].map((span) =>
    insideOf(patient, span).map(({ inside }) => countsOf(inside)),
  );
  const kinds = new Set([...(before ?? []), ...(after ?? [])].flatMap((each) => Object.keys(each)));
  const least = (all: readonly Counts[] = [], kind: string) =>
    Math.min(...all.map((each) => each[kind] ?? 0));
  return [...kinds]
    .sort()
    .map((kind) => ({ kind, before: least(before, kind), after: least(after, kind) }));
}

type Counts = Readonly<Record<string, number>>;

function countsOf({ resources, descriptors }: Inside): Counts {
  return { ...resources, [DESCRIPTORS]: descriptors };
}

export const DESCRIPTORS = 'open files';

type Inspected = Sample & { readonly inside: Inside };

export function insideOf({ samples }: Patient, { fromMs, toMs }: Span): readonly Inspected[] {
  return samples.filter(
    (sample): sample is Inspected =>
      sample.inside !== undefined && sample.atMs >= fromMs && sample.atMs <= toMs,
  );
}
