/** What passes between the operators of a world and its servers, as it is told to whoever asks. */
import { lawBrokenBy, statusWriteOf } from '../support/status-writes.ts';
import { waitFor } from '../support/wait.ts';
import type { Call } from './call.ts';
import type { Life } from './life.ts';
import type { Stage } from './proxy.ts';

/** Then what was to be done is done. */
const QUIET_MS = 400;

export class Watcher {
  readonly #counts = new Map<string, number>();
  readonly #names = new WeakMap<Call, string>();
  readonly #calls: string[][] = [];
  readonly #broken: string[] = [];
  #isListening = false;
  #lastAtMs = performance.now();

  /** From now on calls count. */
  listen(): void {
    this.#isListening = true;
  }

  /** By life: its calls, such as `Create https://weather.example.com #1`, in order of arrival. */
  get calls(): readonly (readonly string[])[] {
    return this.#calls;
  }

  /** Laws of status that a write broke. */
  get broken(): readonly string[] {
    return this.#broken;
  }

  /** Undefined for a call from before. */
  nameOf(call: Call): string | undefined {
    return this.#names.get(call);
  }

  note(life: Life, call: Call, stage: Stage): void {
    if (!isOfLease(call)) this.#lastAtMs = performance.now();
    if (stage === 'before' && this.#isListening) this.#name(life, call);
    if (stage !== 'applied' || call.request === undefined) return;
    const write = statusWriteOf(call.request);
    const law = write && lawBrokenBy(write);
    if (law !== undefined) this.#broken.push(law);
  }

  /** Until nobody has called for so long, from now on. */
  async untilQuiet(forMs = QUIET_MS): Promise<void> {
    this.#lastAtMs = performance.now();
    await waitFor('quiet', () => performance.now() - this.#lastAtMs > forMs);
  }

  #name({ number }: Life, call: Call): void {
    const key = `${number} ${call.name}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    const name = `${call.name} #${count}`;
    this.#names.set(call, name);
    (this.#calls[number] ??= []).push(name);
  }
}

function isOfLease({ request }: Call): boolean {
  return request?.resource === 'leases';
}
