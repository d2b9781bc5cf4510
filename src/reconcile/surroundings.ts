/** What a climb stands in: the ports, the gate, what is remembered, and who may act. */
import type { ResourceServer } from '../api/parse.ts';
import type { Requeue } from '../core/backoff.ts';
import type { Withheld } from '../core/failure.ts';
import type { Deserving } from '../core/trigger.ts';
import type { Lane, Place, RateGate } from '../gate.ts';
import type { Memory } from '../memory/memory.ts';
import type { Ports } from '../ports.ts';

export interface Surroundings {
  readonly ports: Ports;
  readonly gate: RateGate;
  readonly memory: Memory;
  readonly shelf: Shelf;
  readonly term: Term;
  readonly lanes: Lanes;
  readonly settings: ClimbSettings;
}

export interface ClimbSettings {
  /** How long an unanswered request may still land. */
  readonly lateMs: number;
  /** How often each pool is compared. */
  readonly resyncMs: number;
  /** Names this process in its records. */
  readonly instance: string;
}

/** The leader's term. */
export interface Term {
  readonly startedAtMs: number;
  assertLeader(): Withheld | undefined;
  /** The process was asked to stop: what is begun ends, nothing new begins. */
  isEnding(): boolean;
}

/** The resources as we know them. What a change means for other keys is returned. */
export interface Shelf {
  get(key: string): ResourceServer | undefined;
  /** The answer of a write of ours, or of a live read. */
  wrote(resource: ResourceServer): readonly Deserving[];
  removed(key: string, uid: string): readonly Deserving[];
}

/** The lanes of a pool. */
export interface Lanes {
  read(userPoolId: string): Lane;
  write(userPoolId: string): Lane;
}

/** One run of one key. */
export interface Run {
  /** No other run of any process has it. */
  readonly id: string;
  readonly key: string;
  readonly priority: number;
  readonly signal: AbortSignal;
  /** Keys that this run gave a reason to run. */
  readonly deserving: Deserving[];
  /** Places taken and not spent; they go back at the end of the run. */
  readonly places: Map<string, Place>;
}

/** What becomes of the key, and who else is to run. */
export interface Ending {
  readonly requeue: Requeue;
  readonly deserving: readonly Deserving[];
  /** The pool whose sweep this key waits for. */
  readonly awaitsSweepOf?: string;
  /** `terminal`: only the user can change it. */
  readonly result: 'success' | 'error' | 'terminal';
}
