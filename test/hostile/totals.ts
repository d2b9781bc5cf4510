/** What a run of lanes came to, in numbers: for people, and as JSON. */
import { type Lane, missedBy, type Tally } from './lanes/lane.ts';

export interface Totals {
  readonly seed: number;
  readonly seconds: number;
  /** That the operator, or a part of it, was given. */
  readonly inputs: number;
  /** By the API server, before the operator saw them: none of the inputs. */
  readonly refused: number;
  /** By lane and kind. */
  readonly lanes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly peakRssMiB: number;
  /** Lanes that could not run here, and why. */
  readonly notRun: readonly string[];
  readonly findings: readonly string[];
}

export interface Outcome {
  readonly seed: number;
  readonly seconds: number;
  readonly peakRssMiB: number;
  readonly lanes: readonly Lane[];
  /** Of every turn of every lane. */
  readonly tallies: readonly (Tally & { readonly lane: string })[];
}

/**
 * Half as much again as an hour of all lanes takes, servers and inputs included. Four calls at once
 * whose answers of 200 MB are unpacked or kept, as in the lane `cognito`, take more.
 */
const RSS_MIB_MAX = 768;

export function totalsOf({ lanes, tallies, ...told }: Outcome): Totals {
  const { peakRssMiB } = told;
  const notRun = tallies.filter((each) => each.notRun !== undefined);
  const ran = lanes.filter(({ name }) => !notRun.some(({ lane }) => lane === name));
  const byLane = Object.fromEntries(lanes.map(({ name }) => [name, inputsOf(name, tallies)]));
  const missed = ran.flatMap((lane) =>
    missedBy(lane, byLane[lane.name] ?? {}).map((each) => `${lane.name}: ${each}`),
  );
  const heavy = `the lanes took ${peakRssMiB} MiB, not at most ${RSS_MIB_MAX}`;
  return {
    ...told,
    inputs: tallies.reduce((total, { inputs }) => total + sum(inputs), 0),
    refused: tallies.reduce((total, { refused = 0 }) => total + refused, 0),
    lanes: byLane,
    notRun: [...new Set(notRun.map(({ lane, notRun: reason }) => `${lane}: ${reason}`))],
    findings: [
      ...tallies.flatMap(({ lane, findings }) => findings.map((each) => `${lane}: ${each}`)),
      ...missed,
      ...(peakRssMiB > RSS_MIB_MAX ? [heavy] : []),
    ],
  };
}

/** Of two processes that ran beside each other: times and memory are those of the first. */
export function together(own: Totals, beside: Totals): Totals {
  return {
    ...own,
    inputs: own.inputs + beside.inputs,
    refused: own.refused + beside.refused,
    lanes: { ...own.lanes, ...beside.lanes },
    notRun: [...own.notRun, ...beside.notRun],
    findings: [...own.findings, ...beside.findings],
  };
}

/** @param everyLane whether a lane that could not run is a failure: it was asked for, or in CI */
export function isPassed(
  { findings, notRun }: Totals,
  everyLane: 'must run' | 'may be missing',
): boolean {
  return findings.length === 0 && (notRun.length === 0 || everyLane === 'may be missing');
}

export function totalsText(totals: Totals): string {
  const { seed, seconds, inputs, refused, lanes, peakRssMiB, notRun, findings } = totals;
  const rows = Object.entries(lanes).flatMap(([lane, kinds]) =>
    Object.entries(kinds).map(([kind, count]) => `  ${lane}: ${kind}: ${count}\n`),
  );
  const rate = Math.round(inputs / Math.max(seconds, 1));
  return [
    `seed ${seed}: ${inputs} inputs in ${seconds} s (${rate}/s), at most ${peakRssMiB} MiB, `,
    `${findings.length} findings; ${refused} more refused by the API server\n`,
    ...rows,
    ...notRun.map((each) => `NOT RUN: ${each}\n`),
  ].join('');
}

type Inputs = Tally['inputs'];

function inputsOf(name: string, tallies: Outcome['tallies']): Inputs {
  const own = tallies.filter(({ lane }) => lane === name).map(({ inputs }) => inputs);
  return own.reduce(added, {});
}

function added(one: Inputs, other: Inputs): Inputs {
  const kinds = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...kinds].map((kind) => [kind, (one[kind] ?? 0) + (other[kind] ?? 0)]),
  );
}

export function sum(inputs: Inputs): number {
  return Object.values(inputs).reduce((total, count) => total + count, 0);
}
