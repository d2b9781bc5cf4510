/** What may be played in one search: by which rules, by whom, and with what. */
import type { ResourceServer } from '../../src/api/parse.ts';
import type { Rules } from './rules.ts';
import type { Key, Wish } from './world.ts';

export interface Play {
  readonly rules: Rules;
  /** The resources that users may create; all name the one identity. */
  readonly keys: readonly Key[];
  /** How they begin, where not as usual. */
  readonly spec: Partial<Record<Key, Partial<ResourceServer>>>;
  /** What users may change. */
  readonly edits: readonly Edit[];
  /** What is written at the console. */
  readonly writes: readonly Wish[];
}

export type Edit = 'Wish' | 'Retain' | 'Always' | 'Observe' | 'Pause';
