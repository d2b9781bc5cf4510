/** `helm upgrade` under load, `helm uninstall`, and `helm install` again. */
import { expect } from 'vitest';
import { isMutation } from '../sandbox/cognito/log.ts';
import type { Installation } from './installation.ts';
import { testInstalled } from './installed-test.ts';

const POOLS = ['eu-west-1_Upgrade01', 'eu-west-1_Upgrade02', 'eu-west-1_Upgrade03'];
const COUNT = 90;
const OURS = Array.from({ length: COUNT }, (_, number) => number);
const FOREIGN = { identifier: 'https://foreign.example.com', name: 'Not ours', scopes: [] };

const test = testInstalled({ cognito: { pools: POOLS, serversPerPool: 50 } });

const poolOf = (number: number): string => POOLS[number % POOLS.length] ?? '';
const nameOf = (number: number): string => `upgrade-${number}`;
const identifierOf = (number: number): string => `https://upgrade-${number}.example.com`;

test('an upgrade under load doubles, loses and steals nothing', async ({ installation }) => {
  const { cognito, resources } = installation;
  for (const pool of POOLS) cognito.console.put(pool, FOREIGN);
  const before = await installation.pods();
  const annotations = { 'example.com/round': 'second' };
  const upgrade = installation.upgrade({ podAnnotations: annotations });
  for (const number of OURS) {
    const spec = { userPoolId: poolOf(number), identifier: identifierOf(number), name: 'First' };
    await resources.create(nameOf(number), spec);
    if (number >= 10) await resources.edit(nameOf(number - 10), { name: 'Second' });
  }
  await upgrade;
  for (const number of OURS.slice(-10)) await resources.edit(nameOf(number), { name: 'Second' });
  await resources.untilReady(COUNT);
  const kept = (await installation.pods()).filter(({ uid }) => before.some((b) => b.uid === uid));
  expect(kept.filter(({ isLeaving }) => !isLeaving)).toEqual([]);
  expectAllToBe(installation, 'Second');
});

test('what is uninstalled leaves CRD, resources and Cognito alone; once more it resumes', async ({
  installation,
}) => {
  const { cognito, cluster, resources } = installation;
  await installation.uninstall();
  const crds = await cluster.kubectl(['get', 'crd', '--output=name']);
  expect(crds).toContain('customresourcedefinition.apiextensions.k8s.io/resourceservers');
  expect(await resources.list()).toHaveLength(COUNT);
  expectAllToBe(installation, 'Second');
  for (const number of OURS.slice(0, 10)) await resources.edit(nameOf(number), { name: 'Third' });
  const callsBefore = cognito.log.size;
  await installation.install();
  await resources.untilReady(COUNT);
  const mutations = cognito.log.since(callsBefore).filter(isMutation);
  const made = mutations.map(({ operation, identifier }) => `${operation} ${identifier}`);
  const wanted = OURS.slice(0, 10).map((each) => `UpdateResourceServer ${identifierOf(each)}`);
  expect(made.toSorted(byText)).toEqual(wanted.toSorted(byText));
});

const byText = (one: string, other: string): number => one.localeCompare(other);

/** Each was created once and never deleted, and says what its spec says; the foreign ones stay. */
function expectAllToBe({ cognito }: Installation, name: string): void {
  for (const number of OURS) {
    const [pool, identifier] = [poolOf(number), identifierOf(number)];
    const effects = cognito.log
      .mutationsOf(pool, identifier)
      .filter(({ effect }) => effect)
      .map(({ operation }) => operation.replace('ResourceServer', ''));
    expect(
      effects.filter((each) => each === 'Create'),
      identifier,
    ).toHaveLength(1);
    expect(effects, identifier).not.toContain('Delete');
    expect(cognito.console.get(pool, identifier)).toMatchObject({ name });
  }
  for (const pool of POOLS) {
    expect(cognito.console.list(pool)).toHaveLength(COUNT / POOLS.length + 1);
    expect(cognito.console.get(pool, FOREIGN.identifier)).toEqual(FOREIGN);
    expect(cognito.log.mutationsOf(pool, FOREIGN.identifier)).toEqual([]);
  }
}
