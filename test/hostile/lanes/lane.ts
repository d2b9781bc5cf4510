/** One kind of hostile input, as many of it as the time allows. */
import * as fc from 'fast-check';

export interface Slice {
  readonly seed: number;
  /** Of inputs, or of time: whichever comes first. */
  readonly inputsMax: number;
  readonly seconds: number;
}

export interface Tally {
  /** Inputs by kind. */
  readonly inputs: Readonly<Record<string, number>>;
  /** What the API server let nobody see: none of the inputs. */
  readonly refused?: number;
  /** What did not hold, with the smallest input that shows it. */
  readonly findings: readonly string[];
  /** Why it could not run at all. */
  readonly notRun?: string;
}

export interface Lane {
  readonly name: string;
  /** What has to hold, as a sentence. */
  readonly promise: string;
  /** Kinds of inputs that there have to be some of: those for whose sake the lane is there. */
  readonly reaches: readonly string[];
  run(slice: Slice): Promise<Tally>;
}

export type About = Pick<Lane, 'name' | 'promise' | 'reaches'>;

/** Findings: what the lane should have reached, and has not. */
export function missedBy({ reaches }: Lane, inputs: Tally['inputs']): readonly string[] {
  return reaches.filter((kind) => !inputs[kind]).map((kind) => `it never came to a ${kind}`);
}

const SHOWN_CHARS_MAX = 4_000;

/** Counts what it was given, by kind. */
export type Count = (kind: string, by?: number) => void;

/** A lane of one property: `declare` is given what counts, and what it opened is closed after. */
export function laneOf(about: About, declare: (count: Count) => fc.IRawProperty<unknown>): Lane {
  return {
    ...about,
    async run({ seed, inputsMax, seconds }) {
      const inputs: Record<string, number> = {};
      const count: Count = (kind, by = 1) => {
        inputs[kind] = (inputs[kind] ?? 0) + by;
      };
      const checked = await fc.check(declare(count), {
        seed,
        numRuns: inputsMax,
        interruptAfterTimeLimit: seconds * 1_000,
        endOnFailure: false,
      });
      return { inputs, findings: checked.failed ? [told(checked)] : [] };
    },
  };
}

/** The smallest input that shows it, and what leads the same lane there again. */
function told({ seed, errorInstance, counterexample }: fc.RunDetails<unknown>): string {
  const error = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  return `seed ${seed}: ${error ?? ''}\n${shown(() => fc.stringify(counterexample))}`;
}

/** Whoever prints what is nested calls itself, and some of it has no bottom. */
export function shown(print: () => string): string {
  try {
    const text = print();
    return text.length <= SHOWN_CHARS_MAX ? text : `${text.slice(0, SHOWN_CHARS_MAX)} ...`;
  } catch (error) {
    return `nested too deep to be shown (${String(error)})`;
  }
}

/** @throws with these words when it does not hold */
export function insist(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

/** What a hostile `__proto__` would leave behind. */
export function insistOnPrototypes(): void {
  for (const each of [Object.prototype, Array.prototype, String.prototype]) {
    insist(Object.keys(each).length === 0, 'a prototype was polluted');
  }
}
