/** Every mutant there is. */
import type { Mutant } from './mutant.ts';
import { MUTANTS_OF_EVIDENCE } from './mutants-of-evidence.ts';
import { MUTANTS_OF_THE_EDGES } from './mutants-of-the-edges.ts';
import { MUTANTS_OF_THE_HAND_OVER } from './mutants-of-the-hand-over.ts';
import { MUTANTS_OF_THE_MACHINERY } from './mutants-of-the-machinery.ts';
import { MUTANTS_OF_THE_PROTOCOL } from './mutants-of-the-protocol.ts';
import { MUTANTS_OF_TRUTH } from './mutants-of-truth.ts';

export const MUTANTS: readonly Mutant[] = [
  ...MUTANTS_OF_THE_PROTOCOL,
  ...MUTANTS_OF_EVIDENCE,
  ...MUTANTS_OF_THE_HAND_OVER,
  ...MUTANTS_OF_TRUTH,
  ...MUTANTS_OF_THE_MACHINERY,
  ...MUTANTS_OF_THE_EDGES,
];
