// One generated file: where it is and how its text is made.

import type { Crd } from './crd.ts';

export interface Source {
  readonly crd: Crd;
  /** The file as it is, empty when there is none: some files are generated only in part. */
  readonly committed: string;
  /** Another file of the project, by its path from the root. */
  readonly read: (path: string) => string;
}

export interface Output {
  /** Relative to the root of the project. */
  readonly path: string;
  readonly render: (source: Source) => string;
}
