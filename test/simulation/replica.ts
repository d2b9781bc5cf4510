/** One process of the operator in a world: run, frozen, thawed, stopped, killed. */
import { createOperator, type OperatorSettings } from '../../src/operator.ts';
import type { Ports } from '../../src/ports.ts';
import type { Passage } from './moment.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

export interface Replica extends Life {
  readonly instance: string;
  /** Whose credentials it was started with. */
  readonly account: string;
  /** What it sent may still land, and it learns nothing any more. */
  kill(): void;
  /** As by SIGSTOP: time goes on without it. */
  freeze(): void;
  thaw(): void;
  /** As by SIGTERM. */
  stop(): void;
}

export interface Birth {
  readonly instance: string;
  readonly account: string;
  readonly settings: OperatorSettings;
  readonly time: VirtualTime;
  readonly portsOf: (replica: Replica) => Ports;
  readonly tell: (passage: Passage, how: string) => void;
  readonly onBug: (sentence: string) => void;
}

export function startReplica(birth: Birth): Replica {
  const replica = new Mortal(birth);
  void replica.run();
  return replica;
}

class Mortal implements Replica {
  readonly instance: string;
  readonly account: string;
  readonly backlog: (() => void)[] = [];
  readonly #birth: Birth;
  readonly #stop = new AbortController();
  isOver = false;
  isFrozen = false;

  constructor(birth: Birth) {
    this.#birth = birth;
    this.instance = birth.instance;
    this.account = birth.account;
  }

  async run(): Promise<void> {
    const { settings, portsOf, tell, onBug } = this.#birth;
    tell('Started', this.account);
    try {
      const ended = await createOperator(portsOf(this), settings).run(this.#stop.signal);
      if (this.isOver) return;
      this.isOver = true;
      tell('Ended', ended);
    } catch (error) {
      if (!this.isOver) onBug(`the operator threw: ${String(error)}`);
    }
  }

  kill(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.backlog.length = 0;
    this.#birth.tell('Killed', '');
  }

  freeze(): void {
    if (this.isOver || this.isFrozen) return;
    this.isFrozen = true;
    this.#birth.tell('Frozen', '');
  }

  thaw(): void {
    if (this.isOver || !this.isFrozen) return;
    this.isFrozen = false;
    this.#birth.tell('Thawed', '');
    for (const happen of this.backlog.splice(0)) this.#birth.time.after(0, happen, this);
  }

  stop(): void {
    if (this.#stop.signal.aborted) return;
    this.#birth.tell('Asked to stop', '');
    this.#stop.abort();
  }
}
