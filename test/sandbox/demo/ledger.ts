/**
 * What was asked for, held against what Cognito's own log says was called and what Cognito holds:
 * nothing lost, nothing made twice, nothing taken from others, nothing left behind.
 */
import { isDeepStrictEqual } from 'node:util';
import type { MutatingOperation } from '../../../src/core/view.ts';
import type { CallRecord } from '../cognito/log.ts';
import type { EmbeddedCognito } from '../cognito/server.ts';
import type { Scope, StoredServer } from '../cognito/store.ts';
import type { Manifest } from './manifests.ts';
import { ACCESS_KEY } from './stage.ts';

export interface Verdict {
  /** Asked for, and not in Cognito when it had to be there, or not with that content. */
  readonly lost: readonly string[];
  /** Created again though it was there. */
  readonly doubled: readonly string[];
  /** Of others, and changed or removed. */
  readonly stolen: readonly string[];
  /** Withdrawn, and still there at the end. */
  readonly leftBehind: readonly string[];
}

interface Identity {
  readonly pool: string;
  readonly identifier: string;
}

interface Wish extends Identity {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export class Ledger {
  readonly #cognito: EmbeddedCognito;
  readonly #asked = { Create: 0, Update: 0, Delete: 0 };
  readonly #wishes = new Map<string, Wish>();
  readonly #withdrawn = new Map<string, Wish>();
  readonly #foreign = new Map<string, Identity & { readonly server: StoredServer | undefined }>();
  readonly #lost = new Set<string>();

  constructor(cognito: EmbeddedCognito) {
    this.#cognito = cognito;
  }

  /** How often each operation had to change Cognito. */
  get asked(): Readonly<Record<MutatingOperation, number>> {
    return this.#asked;
  }

  /** Servers of others, as they are now. */
  isForeign(pool: string, identifiers: readonly string[]): void {
    for (const identifier of identifiers) {
      const server = this.#cognito.console.get(pool, identifier);
      this.#foreign.set(`${pool} ${identifier}`, { pool, identifier, server });
    }
  }

  isAsked(manifests: readonly Manifest[]): void {
    for (const { metadata, spec } of manifests) {
      if (spec.managementPolicy === 'Observe') continue;
      const { userPoolId: pool, identifier, name = metadata.name, scopes = [] } = spec;
      this.#wishes.set(`${pool} ${identifier}`, { pool, identifier, name, scopes });
      this.#asked[spec.adoptionPolicy === 'Always' ? 'Update' : 'Create'] += 1;
    }
  }

  isToBeRepaired(): void {
    this.#asked.Update += 1;
  }

  /** By the policies of their specs: what was adopted, and what says so, stays. */
  isWithdrawn(manifests: readonly Manifest[]): void {
    for (const { spec } of manifests) {
      const key = `${spec.userPoolId} ${spec.identifier}`;
      const wish = this.#wishes.get(key);
      if (spec.deletionPolicy === 'Retain' || spec.adoptionPolicy === 'Always') continue;
      if (wish === undefined) continue;
      this.#wishes.delete(key);
      this.#withdrawn.set(key, wish);
      this.#asked.Delete += 1;
    }
  }

  /** Wishes that are not in Cognito as they were asked for; each counts as lost from now on. */
  missing(): readonly string[] {
    const missing = [...this.#wishes].flatMap(([key, wish]) => (this.#holds(wish) ? [] : [key]));
    for (const key of missing) this.#lost.add(key);
    return missing;
  }

  /** Wishes that Cognito holds, of these manifests. */
  held(manifests: readonly Manifest[]): number {
    const keys = manifests.map(({ spec }) => `${spec.userPoolId} ${spec.identifier}`);
    const wishes = keys.flatMap((key) => this.#wishes.get(key) ?? []);
    return wishes.filter((wish) => this.#holds(wish)).length;
  }

  /** What we called, in order of arrival. */
  calls(): readonly CallRecord[] {
    return this.#cognito.log.calls().filter(({ accessKey }) => accessKey === ACCESS_KEY);
  }

  verdict(): Verdict {
    this.missing();
    return {
      lost: [...this.#lost],
      doubled: this.doubled(),
      stolen: this.#stolen(),
      leftBehind: this.leftBehind(),
    };
  }

  leftBehind(): readonly string[] {
    return [...this.#withdrawn].flatMap(([key, { pool, identifier }]) =>
      this.#cognito.console.get(pool, identifier) === undefined ? [] : [key],
    );
  }

  /** A Create that Cognito carried out, or refused because the server was there, counts. */
  doubled(): readonly string[] {
    const meant = new Map<string, number>();
    for (const { operation, outcome, pool, identifier } of this.calls()) {
      const counts = outcome === 'Success' || outcome === 'InvalidParameterException';
      if (operation !== 'CreateResourceServer' || !counts) continue;
      const key = `${pool} ${identifier}`;
      meant.set(key, (meant.get(key) ?? 0) + 1);
    }
    return [...meant].flatMap(([key, times]) => (times > 1 ? [key] : []));
  }

  #stolen(): readonly string[] {
    const touched = new Set(
      this.calls()
        .filter(({ effect }) => effect)
        .map(({ pool, identifier }) => `${pool} ${identifier}`),
    );
    return [...this.#foreign].flatMap(([key, { pool, identifier, server }]) => {
      const isAsItWas = isDeepStrictEqual(this.#cognito.console.get(pool, identifier), server);
      return isAsItWas && !touched.has(key) ? [] : [key];
    });
  }

  #holds({ pool, identifier, name, scopes }: Wish): boolean {
    const server = this.#cognito.console.get(pool, identifier);
    return server?.name === name && isDeepStrictEqual(byName(server.scopes), byName(scopes));
  }
}

function byName(scopes: readonly Scope[]): Readonly<Record<string, string>> {
  return Object.fromEntries(scopes.map(({ name, description }) => [name, description]));
}
