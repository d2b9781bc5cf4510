/**
 * What Describe showed each process of the server of a resource, since the operator last wrote to
 * that resource: what its next write may stand on. A look shows what was there as it landed, and
 * only who heard the answer knows.
 */
import type { StoredServer } from '../sandbox/cognito/store.ts';
import type { SimulatedCognito } from './cognito.ts';
import type { Moment } from './moment.ts';
import type { Change, Objects } from './objects.ts';
import { identityOf } from './records.ts';

type Call = Extract<Moment, { readonly kind: 'Cognito' }>;

interface Look {
  readonly by: string;
  readonly server: StoredServer;
}

/** So many looks of one resource are remembered. */
const LOOKS_MAX = 64;

export class Looks {
  readonly #objects: Objects;
  readonly #cognito: SimulatedCognito;
  readonly #landed = new WeakMap<Call['request'], StoredServer>();
  readonly #looks = new Map<string, readonly Look[]>();

  constructor(objects: Objects, cognito: SimulatedCognito) {
    this.#objects = objects;
    this.#cognito = cognito;
  }

  see({ by, request, stage }: Call): void {
    if (request.operation !== 'Describe') return;
    const { pool: userPoolId, identifier } = request;
    if (stage.kind === 'Landed') {
      const there = this.#cognito.get({ userPoolId, identifier });
      if (there !== undefined) this.#landed.set(request, there);
    }
    if (stage.kind !== 'Answered' || stage.failure !== undefined) return;
    const server = this.#landed.get(request);
    if (server !== undefined) this.#show(`${userPoolId}/${identifier}`, { by, server });
  }

  #show(identity: string, look: Look): void {
    for (const object of this.#objects.all()) {
      if (identityOf(object) !== identity) continue;
      const { uid } = object.metadata;
      const looks = this.#looks.get(uid) ?? [];
      this.#looks.set(uid, [...looks.slice(1 - LOOKS_MAX), look]);
    }
  }

  judge({ by, object }: Change): void {
    if (by === 'Operator') this.#looks.delete(object.metadata.uid);
  }

  shownTo(process: string, uid: string): readonly StoredServer[] {
    const looks = this.#looks.get(uid) ?? [];
    return looks.filter(({ by }) => by === process).map(({ server }) => server);
  }
}
