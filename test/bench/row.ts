/** One line of the table: a bar, and whether what was measured meets it. */
export interface Row {
  readonly measure: string;
  readonly bar: string;
  readonly measured: string;
  /** `undefined`: it could not be measured here. */
  readonly isMet: boolean | undefined;
}

/** Rows that come out of the same play. */
export interface Scene {
  /** For choosing it alone. */
  readonly name: string;
  readonly play: (conditions: Conditions) => Promise<readonly Row[]>;
}

/** What a scene is played under. */
export interface Conditions {
  /** The bundle that the image runs. */
  readonly bundle: string;
  /** The flags of Node that the image sets, and those of whoever looks for a cause. */
  readonly nodeOptions: string;
  readonly say: (line: string) => void;
}
