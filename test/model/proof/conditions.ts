/** What a worker is told: where to keep what it has, and when to stop. */
export interface Conditions {
  /** Where an unfinished search is kept. */
  readonly folder: string;
  readonly seed: number;
  /** The part of its worlds that must converge, chosen at random. */
  readonly sample: number;
  readonly isStopped: () => boolean;
  /** Told now and then of how many transitions were made since. */
  readonly count: (transitions: number) => void;
}
