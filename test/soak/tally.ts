/** What became of it all, by Cognito's own log and what both sides hold at the end. */
import { isDeepStrictEqual } from 'node:util';
import { isMutation } from '../sandbox/cognito/log.ts';
import type { EmbeddedCognito } from '../sandbox/cognito/server.ts';
import { FOREIGN } from '../support/builders.ts';
import { conditionOf, type StoredResource, type User } from '../support/user.ts';
import { type Fleet, type Member, THEIRS } from './fleet.ts';
import { isReady } from './onlooker.ts';

export interface Tally {
  /** Resources that are not there, not Ready, not what people said, or not what Cognito holds. */
  readonly lost: readonly string[];
  /** Servers that no resource names. */
  readonly orphans: readonly string[];
  /** Mutations within the rates, beyond one for each wish. */
  readonly doubled: readonly string[];
  /** Wishes that came true, and yet no mutation was called for them. */
  readonly missing: readonly string[];
  /** Calls that would change what is somebody else's, and what of it was changed. */
  readonly stolen: readonly string[];
}

/** What is asked of the stage. */
export interface Ledgers {
  readonly cognito: EmbeddedCognito;
  readonly user: Pick<User, 'all'>;
}

export async function tallyOf(stage: Ledgers, fleet: Fleet): Promise<Tally> {
  const stored = new Map((await stage.user.all()).map((each) => [each.metadata.name, each]));
  const surplus = fleet.members.map((member) => ({ member, by: surplusOf(stage, fleet, member) }));
  const named = (those: readonly { readonly member: Member; readonly by: number }[]) =>
    those.map(({ member, by }) => `${member.name}: ${by}`);
  return {
    lost: fleet.members
      .filter((member) => isLost(stage, fleet, member, stored.get(member.name)))
      .map(({ name }) => name)
      .concat(fleet.greedy.filter(({ name }) => !isRefused(stored.get(name))).map(nameOf)),
    orphans: orphansOf(stage, fleet),
    doubled: named(surplus.filter(({ by }) => by > 0)),
    missing: named(surplus.filter(({ by }) => by < 0)),
    stolen: stolenFrom(stage, fleet),
  };
}

function nameOf({ name }: Member): string {
  return name;
}

function isLost(
  { cognito }: Ledgers,
  fleet: Fleet,
  member: Member,
  stored: StoredResource | undefined,
): boolean {
  const { userPoolId, identifier, scopes } = member;
  const { title } = fleet.asked(member);
  const server = cognito.console.get(userPoolId, identifier);
  const isServed = isDeepStrictEqual(server, { identifier, name: title, scopes });
  const isSaid = stored?.spec['name'] === title;
  return !(isServed && isSaid && isReady(stored, stored?.metadata.generation ?? 0));
}

function isRefused(stored: StoredResource | undefined): boolean {
  return conditionOf(stored, 'Ready')?.reason === 'AlreadyExists';
}

function orphansOf({ cognito }: Ledgers, { members, pools }: Fleet): readonly string[] {
  const identifiers = new Set(members.map(({ identifier }) => identifier)).add(THEIRS);
  return pools.flatMap((pool) =>
    cognito.console
      .list(pool)
      .filter(({ identifier }) => !identifiers.has(identifier))
      .map(({ identifier }) => `${pool} ${identifier}`),
  );
}

function surplusOf({ cognito }: Ledgers, fleet: Fleet, member: Member): number {
  const calls = cognito.log.mutationsOf(member.userPoolId, member.identifier);
  return calls.filter(({ admitted }) => admitted).length - fleet.asked(member).mutations;
}

function stolenFrom({ cognito }: Ledgers, { pools }: Fleet): readonly string[] {
  const tried = cognito.log
    .calls()
    .filter((call) => isMutation(call) && call.identifier === THEIRS)
    .map(({ pool }) => `called: ${pool}`);
  const changed = pools.filter((pool) => {
    const { name, scopes } = cognito.console.get(pool, THEIRS) ?? {};
    return !isDeepStrictEqual({ name, scopes }, FOREIGN);
  });
  return [...tried, ...changed.map((pool) => `changed: ${pool}`)];
}
