/** How each fate strikes: a toll for every life of a world. */
import type { Call } from './call.ts';
import type { Life } from './life.ts';
import type { Blow, Fate } from './plan.ts';
import type { Stage, Wire } from './proxy.ts';
import type { Watcher } from './watcher.ts';

/* ------------------------------------------------------------------------- kill */

/** Blow by blow: each falls on the life after the one that the last blow ended. */
export class Reaper {
  readonly #blows: readonly Blow[];
  readonly #watcher: Watcher;
  #victim = 0;
  #fallen = 0;

  constructor(blows: readonly Blow[], watcher: Watcher) {
    this.#blows = blows;
    this.#watcher = watcher;
  }

  /** The first blow falls on this life, or on one after it. */
  listen(victim: number): void {
    this.#victim = victim;
  }

  get fallen(): number {
    return this.#fallen;
  }

  /** Whether the call goes on. */
  async pass(life: Life, call: Call, stage: Stage): Promise<boolean> {
    const blow = this.#blows[this.#fallen];
    const isMeant = blow?.stage === stage && blow.call === this.#watcher.nameOf(call);
    if (!isMeant || life.number < this.#victim) return life.isAlive();
    this.#fallen += 1;
    this.#victim = life.number + 1;
    await life.kill();
    return false;
  }
}

/* -------------------------------------------------------------------------- past */

/** As a list tells it. */
export interface Snapshot {
  readonly resourceVersion: string;
  readonly objects: ReadonlyMap<string, KubernetesObject>;
}

interface KubernetesObject {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

interface KubernetesFrame {
  readonly type: string;
  readonly object: KubernetesObject;
}

const isOfResources = ({ request }: Call): boolean => request?.resource === 'resourceservers';

/** Remembers what a list would have told after each notification to one life. */
export class History {
  readonly #snapshots: Snapshot[] = [];
  #from = 0;

  /** From here on notifications count. */
  listen(): void {
    this.#from = Math.max(0, this.#snapshots.length - 1);
  }

  /** How many notifications there were. */
  get length(): number {
    return Math.max(0, this.#snapshots.length - this.#from - 1);
  }

  after(frames: number): Snapshot | undefined {
    return this.#snapshots[this.#from + frames];
  }

  saw(call: Call, body: string): void {
    if (!isOfResources(call) || call.request?.verb !== 'list' || this.#snapshots.length > 0) return;
    const { metadata, items } = JSON.parse(body) as {
      readonly metadata: { readonly resourceVersion: string };
      readonly items: readonly KubernetesObject[];
    };
    const objects = new Map(items.map((each) => [each.metadata.name, each]));
    this.#snapshots.push({ resourceVersion: metadata.resourceVersion, objects });
  }

  heard(text: string): void {
    const { type, object } = JSON.parse(text) as KubernetesFrame;
    if (!/ADDED|MODIFIED|DELETED/.test(type)) return;
    const last = this.#snapshots.at(-1);
    if (last === undefined) return;
    const objects = new Map(last.objects);
    const { name, resourceVersion } = object.metadata;
    if (type === 'DELETED') objects.delete(name);
    else objects.set(name, object);
    this.#snapshots.push({ resourceVersion, objects });
  }
}

/** An API server that stands still in the past, until it is thawed. */
export class Past {
  readonly #list: string;
  #waiting: (() => void)[] | undefined = [];

  constructor({ resourceVersion, objects }: Snapshot) {
    this.#list = JSON.stringify({
      apiVersion: 'cognito-operator.io/v1',
      kind: 'ResourceServerList',
      metadata: { resourceVersion },
      items: [...objects.values()],
    });
  }

  instead(call: Call): string | undefined {
    const isFrozen = this.#waiting !== undefined;
    return isFrozen && isOfResources(call) && call.request?.verb === 'list'
      ? this.#list
      : undefined;
  }

  frames(wire: Wire): (frame: string) => void {
    return (frame) => {
      if (this.#waiting === undefined) wire.write(frame);
      else this.#waiting.push(() => wire.write(frame));
    };
  }

  thaw(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const write of waiting) write();
  }
}

/* -------------------------------------------------------------------- withhold, cut */

/** As long as a successor may well come by itself. */
const LATE_MS = 600;

/** Keeps one notification back until the next one comes. */
export class Censor {
  readonly #frame: number;
  readonly #isCut: boolean;
  readonly #caught = Promise.withResolvers<void>();
  readonly #late = Promise.withResolvers<void>();
  /** It, and what came behind it. */
  readonly #kept: string[] = [];
  #seen = 0;
  #fallen = 0;
  #isListening = false;
  #tooLate: NodeJS.Timeout | undefined;

  constructor({ kind, frame }: Extract<Fate, { readonly kind: 'withhold' | 'cut' }>) {
    this.#frame = frame;
    this.#isCut = kind === 'cut';
  }

  listen(): void {
    this.#isListening = true;
  }

  /** Resolves when it has the notification. */
  get caught(): Promise<void> {
    return this.#caught.promise;
  }

  /** Resolves when it has it still, and no successor: without one nothing befalls. */
  get late(): Promise<void> {
    return this.#late.promise;
  }

  /** 1 once the successor came with it, or both were lost. */
  get fallen(): number {
    return this.#fallen;
  }

  pass(text: string, wire: Wire): void {
    const isNews = this.#isListening && !text.startsWith('{"type":"BOOKMARK"');
    if (isNews) this.#seen += 1;
    if (isNews && this.#seen === this.#frame) return this.#keep(text);
    if (this.#kept.length === 0) return wire.write(text);
    this.#kept.push(text);
    if (isNews) this.#befall(wire);
  }

  #keep(text: string): void {
    this.#kept.push(text);
    this.#tooLate = setTimeout(this.#late.resolve, LATE_MS);
    this.#caught.resolve();
  }

  /** After a cut neither it nor its successor came through: the next watch tells both. */
  #befall(wire: Wire): void {
    this.#fallen = 1;
    clearTimeout(this.#tooLate);
    const kept = this.#kept.splice(0);
    if (this.#isCut) return wire.cut();
    for (const each of kept) wire.write(each);
  }
}
