/** All that was written down of a soak. */
import type { Stage } from '../ha/stage.ts';
import type { Crew } from './crew.ts';
import type { Fleet } from './fleet.ts';
import type { Wish } from './people.ts';
import type { CrewName, Plan } from './plan.ts';
import type { Tally } from './tally.ts';
import type { Patient } from './vitals.ts';

export interface Diary {
  readonly plan: Plan;
  readonly stage: Stage;
  readonly fleet: Fleet;
  readonly crews: Readonly<Record<CrewName, Crew>>;
  /** Of the steady crew, from the start to the end: who leads, and who stands by. */
  readonly leader: Patient;
  readonly standby: Patient;
  readonly wishes: readonly Wish[];
  readonly spans: Spans;
  /** From the last wish until all had come true; Infinity when that was waited for in vain. */
  readonly convergedInMs: number;
  readonly handOver: HandOver;
  readonly tally: Tally;
}

/** At rest before the load, under load, at rest after all had come true. */
export interface Spans {
  readonly before: Span;
  readonly load: Span;
  readonly after: Span;
}

/** Moments. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** At the very end the steady leader is asked to stop, and its standby takes over. */
export interface HandOver {
  /** Of the leader. */
  readonly exit: number | string;
  /** From the signal, and from there to an edit that the next leader made come true. */
  readonly toLeadingMs: number;
  readonly toReadyMs: number;
}
