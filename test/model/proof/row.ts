/** What is known of one world, or of many walks; printed, kept, and read by `docs/assurance.md`. */
import type { Violation } from '../laws.ts';

export interface Row {
  readonly name: string;
  readonly kind: 'Search' | 'Lease' | 'Walks';
  readonly states: number;
  readonly transitions: number;
  /** Of processors, all calls of a resumed search together. */
  readonly seconds: number;
  /** Whether everything that can be reached was reached. */
  readonly isComplete: boolean;
  /** Worlds that were tried for convergence. */
  readonly converged: number;
  readonly violations: readonly Broken[];
  /** What no documented window excuses, and what does not converge: told with a shortest trace. */
  readonly failures: readonly string[];
}

export interface Broken {
  readonly law: Violation['law'];
  readonly window: Violation['window'] | null;
  readonly count: number;
  /** Of the shortest trace. */
  readonly steps: number;
}

export function tellRow({ name, kind, states, transitions, seconds, ...row }: Row): string {
  const extent = row.isComplete ? 'to the end' : 'as far as there was time';
  const counts = [
    ...(kind !== 'Walks' ? [`${grouped(states)} states`] : []),
    `${grouped(transitions)} transitions`,
    kind !== 'Walks' ? extent : 'at random',
    `${grouped(row.converged)} tried for convergence`,
    `${row.failures.length} failures`,
    `${seconds.toFixed(0)} s`,
  ];
  const windows = row.violations.filter(({ window }) => window !== null).map(tellBroken);
  const excused = windows.length === 0 ? [] : [`  excused: ${windows.join(', ')}`];
  return [name, `  ${counts.join(', ')}`, ...excused, ...row.failures].join('\n');
}

function tellBroken({ window, law, count, steps }: Broken): string {
  return `${window} ${law} ${count} times, first after ${steps} steps`;
}

export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ');
}
