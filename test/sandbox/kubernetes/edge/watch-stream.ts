/** The connection of one watch, with the ways in which it can go wrong. */
import type { ServerResponse } from 'node:http';
import type { FrameSink } from '../answer.ts';

export class WatchStream implements FrameSink {
  readonly #response: ServerResponse;
  #garbled: string | undefined;
  #isStalled = false;
  /** Frames that wait for a thaw; undefined when not frozen. */
  #frozen: (() => void)[] | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  readonly write = (frame: string): void => {
    const text = this.#garbled ?? frame;
    this.#garbled = undefined;
    this.#send(() => this.#response.write(text));
  };

  readonly end = (): void => {
    this.#send(() => this.#response.end());
  };

  garbleNext(text: string): void {
    this.#garbled = text;
  }

  stall(): void {
    this.#isStalled = true;
  }

  freeze(): void {
    this.#frozen ??= [];
  }

  thaw(): void {
    const waiting = this.#frozen ?? [];
    this.#frozen = undefined;
    for (const send of waiting) send();
  }

  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  #send(send: () => void): void {
    if (this.#isStalled || this.#response.writableEnded) return;
    if (this.#frozen === undefined) send();
    else this.#frozen.push(send);
  }
}
