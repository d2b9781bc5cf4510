/**
 * The real reconciler beside the model, step for step. What the model says happens is made to
 * happen to the real thing: it must ask for the same, of the same, at the same moment, and have
 * the same keys to run. The API server and Cognito are the model's.
 */
import { setImmediate } from 'node:timers/promises';
import type { Step } from '../climbing.ts';
import { visible } from '../look.ts';
import { KEYS, type Key, type Sweeping, type World } from '../world.ts';
import {
  cognitoAnswer,
  kubernetesAnswer,
  missingPool,
  page,
  readAnswer,
  SILENCE,
} from './answers.ts';
import { createRealOperator, type RealOperator, SWEEP } from './operator.ts';
import type { Asked } from './ports.ts';
import { isRecord, type Words, wordsOfAsked, wordsOfDoing } from './words.ts';

/** What either has to say after a step; equal, or one of them is wrong. */
export interface Told {
  readonly asks: Readonly<Record<Key, Words | undefined>>;
  /** Compared only while nothing runs: within a run the real thing keeps it to itself. */
  readonly due: readonly Key[] | undefined;
}

export class Lockstep {
  #world: World;
  #real: RealOperator;

  constructor(world: World) {
    this.#world = world;
    this.#real = createRealOperator(() => this.#world, world);
  }

  /** Makes the step happen. @param isLate whether a sweep saw what was there at its end */
  async follow({ who, what, world }: Step, isLate: boolean): Promise<void> {
    const before = this.#world;
    this.#world = world;
    switch (who) {
      case 'crash':
        this.#real = createRealOperator(() => this.#world, world);
        break;
      case 'watch':
        this.#real.observe(`n/${what.slice(-1)}` as Key, world);
        break;
      case 'sweep':
        await this.#sweep(before, isLate);
        break;
      case 'a':
      case 'b':
        await this.#climb(`n/${who}` as Key, what.split(', ')[0] ?? '', before);
        break;
      default:
    }
    await setImmediate();
  }

  /**
   * Makes two steps happen at once: who finds no place for a List never asks for it, and the model
   * says so only when it answers.
   */
  async followPlaceless({ who, what }: Step, { world }: Step): Promise<void> {
    this.#real.fill(true);
    await this.follow({ who, what, world, violation: undefined }, false);
    this.#real.fill(false);
  }

  ofModel(): Told {
    const { climbs, due, sweeping } = this.#world.mind;
    const isQuiet = Object.keys(climbs).length === 0 && sweeping === undefined;
    return {
      asks: byKey((key) => {
        const doing = climbs[key]?.doing;
        return doing && wordsOfDoing(doing);
      }),
      due: isQuiet ? due : undefined,
    };
  }

  ofReal(): Told {
    const { desk, running } = this.#real;
    return {
      asks: byKey((key) => {
        const [asked] = desk.waiting(key);
        return asked && wordsOfAsked(asked);
      }),
      due: running.size === 0 ? this.#real.due() : undefined,
    };
  }

  /* ------------------------------------------------------------------- what happens */

  async #sweep({ mind, ...before }: World, isLate: boolean): Promise<void> {
    const { sweeping } = mind;
    if (sweeping === undefined) return this.#real.sweep();
    const [list] = this.#real.desk.waiting(SWEEP);
    if (list === undefined) throw new Error('no sweep is under way');
    const end: Sweeping = isLate
      ? { ...sweeping, found: visible({ mind, ...before }), poolAnswers: !before.blind }
      : sweeping;
    this.#real.desk.answer(list, end.poolAnswers ? page(end.found) : missingPool());
  }

  async #climb(key: Key, what: string, before: World): Promise<void> {
    if (this.#real.running.has(key)) this.#end(key, what, before);
    else this.#real.start(key);
    await this.#rest(key);
  }

  #end(key: Key, what: string, before: World): void {
    const { desk } = this.#real;
    const [asked] = desk.waiting(key);
    if (asked === undefined) throw new Error(`${key} waits for nothing: ${what}`);
    if (before.mind.climbs[key]?.doing?.kind === 'Preparing') return this.#ask(asked, what);
    desk.answer(asked, this.#answerTo(asked, what, before));
  }

  /** The last step before a record leaves: what is asked there is asked now. */
  #ask(asked: Asked, what: string): void {
    const withheld = asked.guard();
    if ((withheld !== undefined) !== (what === 'withheld')) {
      throw new Error(`${asked.key}: ${what}, and really ${withheld ?? 'sent'}`);
    }
    if (withheld === undefined) return;
    const failure = { kind: 'NotSent', withheld, message: '' } as const;
    this.#real.desk.answer(asked, { kind: 'Failed', failure });
  }

  #answerTo(asked: Asked, what: string, before: World) {
    switch (asked.port) {
      case 'read':
        if (what === 'rivals cannot be read') return SILENCE;
        return readAnswer(asked.key, this.#world);
      case 'patchObject':
      case 'patchStatus':
        return kubernetesAnswer(what, asked.key as Key, before, this.#world);
      case 'list':
      case 'describe':
      case 'create':
      case 'update':
      case 'delete':
        return cognitoAnswer(what, asked);
    }
  }

  /** Goes on until the run waits for what the model waits for: live reads are answered at once. */
  async #rest(key: Key): Promise<void> {
    const { desk } = this.#real;
    for (;;) {
      await setImmediate();
      const [asked] = desk.waiting(key);
      if (asked === undefined) return;
      if (asked.port !== 'read') return this.#depart(asked, key);
      if (this.#world.mind.climbs[key]?.doing?.kind === 'ReadingRivals') return;
      desk.answer(asked, readAnswer(asked.key, this.#world));
    }
  }

  /** All but records leave at once. */
  #depart(asked: Asked, key: Key): void {
    const live = this.#world.mind.climbs[key]?.resource;
    if (asked.port === 'patchStatus' && live !== undefined && isRecord(asked, live)) return;
    asked.guard();
  }
}

function byKey<T>(make: (key: Key) => T): Readonly<Record<Key, T>> {
  const [a, b] = KEYS.map(make) as [T, T];
  return { 'n/a': a, 'n/b': b };
}
