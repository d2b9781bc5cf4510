/**
 * Holds: calls that stand still at an exact point until a test says how they go on. What a test
 * does in between (say, killing the client) happens exactly there.
 */
import type { Call } from './call.ts';
import type { Exchange } from './exchange.ts';
import type { CallRecord } from './log.ts';

export type Stage = 'before-effect' | 'after-effect';

export interface HeldCall {
  readonly call: Call;
  readonly record: CallRecord;
  /** Takes effect now, once; also after `drop`, as a request that lands late. */
  apply(): void;
  /** Takes effect unless it did, and is answered. */
  release(): void;
  /** Resets the connection, and by itself takes no effect. */
  drop(): void;
}

interface Hold {
  readonly matches: (call: Call) => boolean;
  readonly stage: Stage;
  readonly arrived: (held: HeldCall) => void;
  readonly failed: (reason: Error) => void;
}

export class Holds {
  readonly #holds = new Set<Hold>();

  place(matches: Hold['matches'], stage: Stage): Promise<HeldCall> {
    const { promise, resolve, reject } = Promise.withResolvers<HeldCall>();
    // Whoever awaits still sees the rejection; whoever no longer does must not crash for it.
    promise.catch(() => {});
    this.#holds.add({ matches, stage, arrived: resolve, failed: reject });
    return promise;
  }

  /** Whether a hold was waiting for this call, and has it now. */
  take(exchange: Exchange): boolean {
    for (const hold of this.#holds) {
      if (!hold.matches(exchange.call)) continue;
      this.#holds.delete(hold);
      exchange.backend.log.note(exchange.record, { fault: 'hold' });
      if (hold.stage === 'after-effect') exchange.land();
      hold.arrived(heldCall(exchange));
      return true;
    }
    return false;
  }

  /** Rejects the holds no call has come for. */
  clear(): void {
    for (const hold of this.#holds) hold.failed(new Error('no matching call arrived in time'));
    this.#holds.clear();
  }
}

const heldCall = (exchange: Exchange): HeldCall => ({
  call: exchange.call,
  record: exchange.record,
  apply: () => void exchange.land(),
  release: () => exchange.send(exchange.land()),
  drop: () => exchange.reset(),
});
