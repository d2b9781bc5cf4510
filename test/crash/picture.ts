/** What a world came to: all that two runs of one scenario must have in common. */

import { isMutation } from '../sandbox/cognito/log.ts';
import type { EmbeddedCognito } from '../sandbox/cognito/server.ts';
import type { StoredServer } from '../sandbox/cognito/store.ts';
import { ACCOUNT } from '../support/builders.ts';
import type { StoredResource, User } from '../support/user.ts';
import { PASSER_BY, type World } from './world.ts';

export interface Mutations {
  /** That came to Cognito within the rates, whatever became of them. */
  readonly arrived: number;
  /** That changed it. */
  readonly effective: number;
}

export interface Picture {
  /** Each resource, by name; times, revisions and uids are masked. */
  readonly resources: Readonly<Record<string, unknown>>;
  /** Of the pool, by identifier. */
  readonly servers: Readonly<Record<string, StoredServer>>;
  /** By operation and identifier. */
  readonly mutations: Readonly<Record<string, Mutations>>;
  /** By resource, the reasons of its events, each once. */
  readonly events: Readonly<Record<string, readonly string[]>>;
}

export async function pictureOf({ user, neighbour, pool, cognito }: World): Promise<Picture> {
  const stored = [...(await user.all()), ...(await neighbour.all())];
  const all = stored.filter(({ metadata }) => metadata.name !== PASSER_BY);
  const names = ['weather-api', 'elder', 'younger'];
  const events = await Promise.all(
    names.map(async (name) => [name, await reasonsOf([user, neighbour], name)] as const),
  );
  return {
    resources: Object.fromEntries(all.map((each) => [each.metadata.name, masked(each)])),
    servers: Object.fromEntries(
      cognito.console.list(pool.id).map((server) => [server.identifier, server]),
    ),
    mutations: mutationsOf(cognito),
    events: Object.fromEntries(events.filter(([, reasons]) => reasons.length > 0)),
  };
}

async function reasonsOf(users: readonly User[], name: string): Promise<readonly string[]> {
  const reasons = await Promise.all(users.map((user) => user.eventReasons(name)));
  return [...new Set(reasons.flat())].sort();
}

function mutationsOf({ log }: EmbeddedCognito): Readonly<Record<string, Mutations>> {
  const calls = log.calls().filter((call) => isMutation(call) && call.admitted);
  const byName = Map.groupBy(calls, ({ operation, identifier }) => `${operation} ${identifier}`);
  return Object.fromEntries(
    [...byName].map(([name, group]) => {
      const effective = group.filter(({ effect }) => effect).length;
      return [name, { arrived: group.length, effective }];
    }),
  );
}

function masked({ metadata, spec, status }: StoredResource): unknown {
  const { finalizers, deletionTimestamp, uid } = metadata;
  const deleting = deletionTimestamp !== undefined;
  return JSON.parse(
    JSON.stringify({ finalizers, deleting, spec, status }, (field, value: unknown) => {
      if (field === 'lastTransitionTime') return undefined;
      // Asked for aside and recorded with the next write: it may be missing, and never another's.
      if (field === 'accountId' && value === ACCOUNT) return undefined;
      if (field === 'recordUID') return value === uid ? 'its own' : value;
      return value;
    }),
  );
}
