/** One call of the search: hands out the worlds, keeps and tells what came of them. */
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Crew } from './crew.ts';
import { Kept } from './kept.ts';
import { nameOfReplicas } from './replicas.ts';
import { grouped, type Row, tellRow } from './row.ts';
import { LEASE_WORKLOAD, type Task, WORKLOAD } from './tasks.ts';

export interface ProofOrders {
  readonly seconds: number;
  readonly transitionsMax: number;
  readonly resumes: boolean;
  readonly workers: number;
  readonly sample: number;
  readonly seed: number;
  readonly json: string | undefined;
}

/** Of the time, at the end. */
const WALKS_SHARE = 0.05;
const LOOK_EVERY_MS = 200;

export class Proof {
  readonly #orders: ProofOrders;
  readonly #kept: Kept;
  readonly #crew: Crew;
  /** By name: what was not complete is replaced when it went on. */
  readonly #rows: Map<string, Row>;
  readonly #before: number;
  readonly #begunMs = performance.now();
  #phase: 'Searching' | 'Walking' | 'Over' = 'Searching';

  constructor(orders: ProofOrders) {
    const { resumes, workers, seed, sample } = orders;
    this.#orders = orders;
    this.#kept = new Kept(resumes);
    this.#rows = new Map(this.#kept.rows().map((row) => [row.name, row]));
    this.#before = this.#sum((row) => row.transitions);
    this.#crew = new Crew({ folder: this.#kept.folder, workers, seed, sample });
  }

  /** @returns whether nothing failed, now or before */
  async run(): Promise<boolean> {
    const stop = (): void => this.#end();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const looking = setInterval(() => this.#look(), LOOK_EVERY_MS);
    const note = (row: Row): void => this.#note(row);
    await this.#crew.work(this.#searches(), note);
    if (this.#phase === 'Searching') this.#phase = 'Walking';
    if (this.#phase === 'Walking') await this.#crew.work(walks(), note);
    clearInterval(looking);
    await this.#crew.end();
    this.#tell();
    return this.#sum((row) => row.failures.length) === 0;
  }

  *#searches(): Iterator<Task> {
    for (const [world, { name }] of LEASE_WORKLOAD.entries()) {
      if (!this.#rows.get(nameOfReplicas(name))?.isComplete) yield { kind: 'Lease', world };
    }
    for (const [world, { name }] of WORKLOAD.entries()) {
      if (!this.#rows.get(name)?.isComplete) yield { kind: 'Search', world };
    }
  }

  #look(): void {
    const leftMs = this.#orders.seconds * 1_000 - (performance.now() - this.#begunMs);
    const isEnough = this.#before + this.#crew.transitions >= this.#orders.transitionsMax;
    if (leftMs <= 0 || isEnough) return this.#end();
    const isTimeToWalk = leftMs <= this.#orders.seconds * 1_000 * WALKS_SHARE;
    if (this.#phase !== 'Searching' || !isTimeToWalk) return;
    this.#phase = 'Walking';
    this.#crew.stop();
  }

  #end(): void {
    this.#phase = 'Over';
    this.#crew.stop();
  }

  #note(row: Row): void {
    this.#rows.set(row.name, row);
    this.#kept.write([...this.#rows.values()]);
    console.log(tellRow(row));
  }

  #tell(): void {
    const rows = [...this.#rows.values()];
    const total = {
      states: this.#sum((row) => row.states),
      transitions: this.#sum((row) => row.transitions),
      converged: this.#sum((row) => row.converged),
      failures: this.#sum((row) => row.failures.length),
      /** Of processors, in the searching threads. */
      seconds: this.#sum((row) => row.seconds),
      complete: rows.filter(({ isComplete }) => isComplete).length,
      worlds: WORKLOAD.length + LEASE_WORKLOAD.length,
    };
    const { user, system } = process.cpuUsage();
    const transitions = this.#crew.transitions;
    const perSecond = Math.round(transitions / ((user + system) / 1e6));
    console.log(
      `\n${grouped(total.states)} states, ${grouped(total.transitions)} transitions, ` +
        `${grouped(total.converged)} tried for convergence, ${total.failures} failures; ` +
        `${total.complete} of ${total.worlds} worlds to the end\n` +
        `this call: ${grouped(transitions)} transitions in ` +
        `${((performance.now() - this.#begunMs) / 1_000).toFixed(0)} s, ` +
        `${grouped(perSecond)} for each second of a processor`,
    );
    const { json } = this.#orders;
    if (json !== undefined) writeFileSync(json, `${JSON.stringify({ total, rows }, null, 2)}\n`);
  }

  #sum(of: (row: Row) => number): number {
    return [...this.#rows.values()].reduce((total, row) => total + of(row), 0);
  }
}

/** For as many as there are: each ends when it is told to. */
function* walks(): Iterator<Task> {
  for (;;) yield { kind: 'Walks' };
}
