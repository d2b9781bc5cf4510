/**
 * People who edit resources, delete them and create them anew, and somebody at the console. Of one
 * resource nobody wishes two things at once, so that each wish takes exactly one mutation.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GROUP } from '../contract/kubernetes-world.ts';
import { nowMs } from '../ha/moments.ts';
import type { Stage } from '../ha/stage.ts';
import type { Beside } from './beside.ts';
import type { Crew } from './crew.ts';
import { type Asked, type Fleet, type Member, manifestOf } from './fleet.ts';
import { isReady, type Onlooker } from './onlooker.ts';
import type { Paces } from './plan.ts';

export type WishKind = 'Edit' | 'Delete' | 'Create' | 'Repair';

export interface Wish {
  readonly kind: WishKind;
  readonly crew: Crew;
  readonly member: Member;
  /** Before it was said. */
  readonly atMs: number;
  /** Undefined until it came true, as the API server or the console shows it. */
  fulfilledAtMs: number | undefined;
}

export interface World {
  readonly stage: Stage;
  readonly fleet: Fleet;
  readonly onlooker: Onlooker;
  /** In [0, 1). */
  readonly roll: () => number;
  /** Learns of a wish that could not even be said. */
  readonly beside: Beside;
}

export interface People {
  readonly wishes: readonly Wish[];
  /** One edit more. */
  edit(crew: Crew): void;
  /** All that were said came true. */
  untilFulfilled(): Promise<void>;
  /**
   * Wishes at these paces, on the average, until `signal` is aborted: at one beat with the kills,
   * each of them would meet an edit under way, or none.
   */
  live(crew: Crew, paces: Paces, signal: AbortSignal): Promise<void>;
}

export function peopleOf(world: World): People {
  const wishes: Wish[] = [];
  const open = new Set<Promise<void>>();
  const voice = new Voice(world, wishes);
  const act = (acting: Acting, crew: Crew): void => {
    const member = pick(world, crew, acting);
    if (member === undefined) return;
    const wishing = voice[acting](crew, member).finally(() => open.delete(wishing));
    open.add(wishing);
    world.beside.add(wishing);
  };
  const again = async (acting: Acting, crew: Crew, everyMs: number, signal: AbortSignal) => {
    const gapMs = () => 2 * everyMs * world.roll();
    for (let nextMs = nowMs() + gapMs(); ; nextMs += gapMs()) {
      await sleep(Math.max(0, nextMs - nowMs()), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      act(acting, crew);
    }
  };
  return {
    wishes,
    edit: (crew) => act('edit', crew),
    untilFulfilled: async () => {
      while (open.size > 0) await Promise.all(open);
    },
    live: async (crew, paces, signal) => {
      const acts = ['edit', 'replacement', 'drift'] as const;
      await Promise.all(acts.map((acting) => again(acting, crew, paces[acting], signal)));
    },
  };
}

type Acting = keyof Paces;

/** @returns undefined when all are busy */
function pick({ fleet, roll }: World, crew: Crew, acting: Acting): Member | undefined {
  const idle = fleet.members.filter((member) => {
    const { isBusy, isDrifted } = fleet.asked(member);
    return member.crew === crew.name && !isBusy && !(acting === 'drift' && isDrifted);
  });
  return idle[Math.floor(roll() * idle.length)];
}

/** Says a wish, and waits until it came true. */
class Voice implements Record<Acting, (crew: Crew, member: Member) => Promise<void>> {
  readonly #world: World;
  readonly #wishes: Wish[];
  #count = 0;

  constructor(world: World, wishes: Wish[]) {
    this.#world = world;
    this.#wishes = wishes;
  }

  async edit(crew: Crew, member: Member): Promise<void> {
    const { stage, onlooker } = this.#world;
    await this.#busily(member, async (asked) => {
      asked.title = this.#title();
      await this.#wish(asked, { kind: 'Edit', crew, member }, async () => {
        const { metadata } = await stage.user.editSpec({ name: asked.title }, member.name);
        return onlooker.until(member.name, (stored) => isReady(stored, metadata.generation));
      });
    });
  }

  async replacement(crew: Crew, member: Member): Promise<void> {
    const { stage, onlooker } = this.#world;
    await this.#busily(member, async (asked) => {
      await this.#wish(asked, { kind: 'Delete', crew, member }, async () => {
        await stage.user.remove(member.name);
        return onlooker.until(member.name, (stored) => stored === undefined);
      });
      asked.title = this.#title();
      await this.#wish(asked, { kind: 'Create', crew, member }, async () => {
        await this.#apply(member, asked.title);
        return onlooker.until(member.name, (stored) => isReady(stored, 1));
      });
    });
  }

  /** Every other time what they leave is nothing. */
  async drift(crew: Crew, member: Member): Promise<void> {
    const { stage, roll } = this.#world;
    const { console } = stage.cognito;
    const { userPoolId, identifier, scopes } = member;
    await this.#busily(member, async (asked) => {
      asked.isDrifted = true;
      await this.#wish(asked, { kind: 'Repair', crew, member }, async () => {
        if (roll() < 0.5) console.delete(userPoolId, identifier);
        else console.put(userPoolId, { identifier, name: 'Changed at the console', scopes });
        while (console.get(userPoolId, identifier)?.name !== asked.title) await sleep(LOOK_MS);
        return nowMs();
      });
    });
  }

  async #busily(member: Member, act: (asked: Asked) => Promise<void>): Promise<void> {
    const asked = this.#world.fleet.asked(member);
    asked.isBusy = true;
    await act(asked);
    asked.isBusy = false;
  }

  async #wish(
    asked: Asked,
    wish: Pick<Wish, 'kind' | 'crew' | 'member'>,
    act: () => Promise<number>,
  ): Promise<void> {
    asked.mutations += 1;
    const said: Wish = { ...wish, atMs: nowMs(), fulfilledAtMs: undefined };
    this.#wishes.push(said);
    said.fulfilledAtMs = await act();
  }

  async #apply(member: Member, title: string): Promise<void> {
    const { admin, user } = this.#world.stage;
    const path = `${GROUP}/namespaces/${user.namespace}/resourceservers`;
    const { status, body } = await admin.request('POST', path, manifestOf(member, [], title));
    if (status !== 201) throw new Error(`POST ${member.name}: ${status} ${body.message}`);
  }

  #title(): string {
    this.#count += 1;
    return `Title ${this.#count}`;
  }
}

/** At the console, for a repair. */
const LOOK_MS = 250;
