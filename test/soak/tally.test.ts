/** The tally finds what is lost, doubled and stolen: a soak without findings has looked. */
import { expect, test } from 'vitest';
import { createClient } from '../contract/cognito-client.ts';
import { type EmbeddedCognito, startCognito } from '../sandbox/cognito/server.ts';
import { FOREIGN } from '../support/builders.ts';
import type { StoredResource } from '../support/user.ts';
import { type Fleet, fleetOf, type Member, manifestOf, THEIRS } from './fleet.ts';
import { SMOKE } from './plan.ts';
import { tallyOf } from './tally.ts';

const NOTHING = { lost: [], orphans: [], doubled: [], missing: [], stolen: [] };

/** As it is when all is well. */
async function flawless() {
  const fleet = fleetOf({ ...SMOKE, resources: 4, pools: 2 });
  const cognito = await startCognito({ pools: fleet.pools });
  for (const pool of fleet.pools) cognito.console.put(pool, { identifier: THEIRS, ...FOREIGN });
  for (const member of fleet.members) cognito.console.put(member.userPoolId, serverOf(member));
  const stored = [
    ...fleet.members.map((member) => storedAs(member, 'True', 'Synced')),
    ...fleet.greedy.map((member) => storedAs(member, 'False', 'AlreadyExists')),
  ];
  const [member] = fleet.members as [Member];
  return { fleet, cognito, stored, member, [Symbol.asyncDispose]: () => cognito.close() };
}

function serverOf({ identifier, name, scopes }: Member) {
  return { identifier, name, scopes };
}

function storedAs(member: Member, status: string, reason: string): StoredResource {
  const { metadata, ...manifest } = manifestOf(member);
  const ready = { type: 'Ready', status, reason, observedGeneration: 1 };
  const stored = { metadata: { ...metadata, generation: 1 }, status: { conditions: [ready] } };
  return { ...manifest, ...stored } as unknown as StoredResource;
}

function tally(cognito: EmbeddedCognito, fleet: Fleet, stored: readonly StoredResource[]) {
  return tallyOf({ cognito, user: { all: async () => stored } }, fleet);
}

async function update(cognito: EmbeddedCognito, { userPoolId, ...server }: Member): Promise<void> {
  using client = createClient(cognito.url);
  const { identifier, name } = server;
  const Scopes = server.scopes.map((scope) => ({
    ScopeName: scope.name,
    ScopeDescription: scope.description,
  }));
  await client.update({ UserPoolId: userPoolId, Identifier: identifier, Name: name, Scopes });
}

test('nothing is amiss when both sides hold what people said', async () => {
  await using world = await flawless();
  expect(await tally(world.cognito, world.fleet, world.stored)).toEqual(NOTHING);
});

test('lost: a server that is gone, one that is another, a resource that is not Ready', async () => {
  await using world = await flawless();
  const { cognito, fleet, stored } = world;
  const [gone, changed, waiting] = fleet.members as [Member, Member, Member];
  cognito.console.delete(gone.userPoolId, gone.identifier);
  cognito.console.put(changed.userPoolId, { ...serverOf(changed), name: 'Another' });
  const others = stored.filter(({ metadata }) => metadata.name !== waiting.name);
  const all = [...others, storedAs(waiting, 'Unknown', 'Progressing')];
  const { lost } = await tally(cognito, fleet, all);
  expect(lost).toEqual([gone, changed, waiting].map(({ name }) => name));
});

test('lost: an edit that both sides forgot', async () => {
  await using world = await flawless();
  world.fleet.asked(world.member).title = 'What somebody said';
  expect((await tally(world.cognito, world.fleet, world.stored)).lost).toEqual(['api-0']);
});

test('an orphan: a server that no resource names', async () => {
  await using world = await flawless();
  const { userPoolId } = world.member;
  world.cognito.console.put(userPoolId, { identifier: 'nobody', ...FOREIGN });
  const { orphans } = await tally(world.cognito, world.fleet, world.stored);
  expect(orphans).toEqual([`${userPoolId} nobody`]);
});

test('doubled: a mutation that nobody asked for, missing: one that nobody called', async () => {
  await using world = await flawless();
  const { cognito, fleet, stored, member } = world;
  await update(cognito, member);
  expect(await tally(cognito, fleet, stored)).toEqual({ ...NOTHING, doubled: ['api-0: 1'] });
  fleet.asked(member).mutations = 2;
  expect(await tally(cognito, fleet, stored)).toEqual({ ...NOTHING, missing: ['api-0: -1'] });
});

test("stolen: a call about what is somebody else's, also one that changes nothing", async () => {
  await using world = await flawless();
  const { cognito, fleet, stored, member } = world;
  await update(cognito, { ...member, ...FOREIGN, identifier: THEIRS });
  const { stolen } = await tally(cognito, fleet, stored);
  expect(stolen).toEqual([`called: ${member.userPoolId}`]);
});
