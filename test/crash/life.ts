/** The life of one operator process, from before its start to its death. */
import type { OperatorProcess } from '../support/launch.ts';

export class Life {
  /** Of all lives of its world, from 0. */
  readonly number: number;
  #operator: OperatorProcess | undefined;
  #isStruck = false;

  constructor(number: number) {
    this.number = number;
  }

  /** Once. */
  begin(operator: OperatorProcess): void {
    this.#operator = operator;
  }

  get operator(): OperatorProcess {
    if (this.#operator === undefined) throw new Error('this life has not begun');
    return this.#operator;
  }

  /** By us. */
  get isStruck(): boolean {
    return this.#isStruck;
  }

  /** False from the very moment of a blow: what is still on its way from it is dropped. */
  isAlive(): boolean {
    return !this.#isStruck && this.operator.isRunning();
  }

  /** It began a term and knows of no end of it. */
  isLeading(): boolean {
    const { operator } = this;
    return operator.said('leading').length > operator.said('leadership lost').length;
  }

  /** SIGKILL, sent at once; resolves when it is dead. */
  kill(): Promise<void> {
    this.#isStruck = true;
    return this.operator.kill();
  }
}
