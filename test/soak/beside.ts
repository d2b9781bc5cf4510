/** What goes on beside the story: the first failure of any of it ends the story. */
export interface Beside {
  add(going: Promise<unknown>): void;
  /** Rejects with that failure, and never resolves. */
  readonly failed: Promise<never>;
}

export function createBeside(): Beside {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  return { failed: promise, add: (going) => void going.catch(reject) };
}
