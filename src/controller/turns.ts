/**
 * Groups take turns, so that a large one keeps no other waiting; inside a group first come is first
 * served. Who comes anew waits for at most two of each other group, however many those have.
 *
 * A slot gets the number of its turn when it comes, one after the last of its group, or after the
 * turn that is being served. The lowest goes first; of equal ones, who came first.
 */
export class Turns {
  /** The turn that is being served. */
  #now = 0;
  /** The last turn that was given out, of groups that are ahead of `#now`. */
  readonly #last = new Map<string, number>();

  give(group: string): number {
    const turn = Math.max(this.#now, this.#last.get(group) ?? 0) + 1;
    this.#last.set(group, turn);
    return turn;
  }

  serve(group: string, turn: number): void {
    this.#now = turn;
    if (this.#last.get(group) === turn) this.#last.delete(group);
  }

  /** Nobody waits: nobody is ahead. */
  rest(): void {
    this.#last.clear();
  }
}
