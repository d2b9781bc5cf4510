/**
 * The windows that no protocol can close on this API, each with a world in which it opens and what
 * happens there. W1 to W4 as the documents name them.
 */
import type { Violation } from './laws.ts';
import type { Window } from './world.ts';
import type { Setup } from './worlds.ts';

export interface WindowRow {
  readonly window: Window;
  readonly law: Violation['law'];
  readonly because: string;
  readonly setup: Setup;
  /** What happens, in this order, among other things. */
  readonly story: readonly string[];
}

const LIFE = { creations: 1, removals: 1 };

export const WINDOWS: readonly WindowRow[] = [
  {
    window: 'W1',
    law: 'leak',
    because: 'our Delete does not land, and somebody edits the server before we know',
    setup: {
      writes: ['foreign'],
      standing: ['n/a'],
      budget: { removals: 1, losses: 1, consoles: 1 },
    },
    story: [
      'a: described: one, prepare to record Delete ...',
      'a: record unanswered, took effect, end: KubernetesFailed',
      'console: writes foreign',
      'a: described: foreign, remove the finalizer ...',
    ],
  },
  {
    window: 'W1',
    law: 'disowned',
    because: 'our Create lands, a crash, and somebody edits the server before we look',
    setup: { writes: ['foreign'], budget: { creations: 1, crashes: 1, consoles: 1 } },
    story: [
      'a: Create answered, settle Synced ...',
      'crash: a new leader',
      'console: writes foreign',
      'a: described: foreign, resolve the record, settle Refused(AlreadyExists) ...',
    ],
  },
  {
    window: 'W2',
    law: 'theft',
    because: 'somebody creates the server anew between our look and our Delete',
    setup: { writes: ['foreign'], standing: ['n/a'], budget: { removals: 1, consoles: 2 } },
    story: [
      'a: described: one, prepare to record Delete ...',
      'console: deletes',
      'console: writes foreign',
      'a: Delete answered, remove the finalizer ...',
    ],
  },
  {
    window: 'W2',
    law: 'mistaken',
    because: 'our Delete lands, its answer is lost, and somebody creates an equal server',
    setup: {
      writes: ['one'],
      standing: ['n/a'],
      budget: { removals: 1, losses: 1, consoles: 1 },
    },
    story: [
      'a: Delete 5xx, took effect, settle Unavailable ...',
      'console: writes one',
      'a: described: one, resolve the record, prepare to record Delete ...',
    ],
  },
  {
    window: 'W3',
    law: 'leak',
    because: 'a Create lands later than any request should',
    setup: { budget: { ...LIFE, lates: 1, overdues: 1 } },
    story: [
      'a: Create unanswered, on its way, settle Unanswered ...',
      'time: passes, what is late lives on',
      'a: finalizer written, end: Released',
      'Cognito: late Create of a1 lands',
    ],
  },
  {
    window: 'W4',
    law: 'mistaken',
    because: 'somebody makes an equal server where our Create was lost',
    setup: { writes: ['one'], budget: { creations: 1, losses: 1, consoles: 1 } },
    story: ['console: writes one', 'a: described: one, resolve the record, describe ...'],
  },
  {
    window: 'W4',
    law: 'haste',
    because: 'somebody writes what our Update asked for, and that may still land',
    setup: {
      writes: ['two'],
      standing: ['n/a'],
      budget: { edits: 1, lates: 1, consoles: 1 },
    },
    story: [
      'a: Update unanswered, on its way, settle Unanswered ...',
      'console: writes two',
      'a: described: two, resolve the record, describe ...',
    ],
  },
];
