/**
 * The runbooks: the commands of each page run one after the other, and Cognito holds then what the
 * page promises. What only a whole cluster has, or AWS, is played by the hands of the test.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { fencesOf } from '../golden/markdown.ts';
import { startKubernetes } from '../sandbox/kubernetes/server.ts';
import { FOREIGN } from '../support/builders.ts';
import { WHOLE_CRD } from '../support/crd.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import { findKubectl } from '../support/kubectl.ts';
import { type OpenShell, openShell, type Shell } from '../support/shell.ts';
import { type BackDoor, type StoredResource, User } from '../support/user.ts';

const PAGE = readFileSync(new URL('../../docs/runbooks.md', import.meta.url), 'utf8');
const RESOURCES = '/apis/cognito-operator.io/v1/namespaces/default/resourceservers';
const POOL = 'eu-west-1_AbCdEfGhI';
const [NAME, WEATHER, ORDERS] = ['weather-api', 'https://weather.example.com', 'orders-api'];

const lookup = await findKubectl();
if (lookup.kind === 'missing') console.warn(`SKIPPED: the runbooks: ${lookup.reason}`);
const kubectl = lookup.kind === 'found' ? lookup.path : '';

/** Someone in the namespace `default`, where the examples go. */
const someoneIn = (kubernetes: BackDoor) => new User(kubernetes, 'default', () => '');

const test = testInOwnHouse(UNMETERED)
  .extend('user', ({ house }) => someoneIn(house.kubernetes))
  .extend('pool', ({ house }) => house.pool(POOL))
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from it what a fixture builds on
  .extend('open', ({}, { onCleanup }) => {
    const shells: OpenShell[] = [];
    onCleanup(() => shells.forEach(({ close }) => close()));
    return (kubeconfig: string): OpenShell => {
      const opened = openShell(kubectl, kubeconfig);
      shells.push(opened);
      return opened;
    };
  });

/** What is done in place of a command that has no place here. */
type Hands = readonly (readonly [RegExp, (command: string) => Promise<unknown>])[];

async function follow(shell: Shell, title: string, hands: Hands = []): Promise<void> {
  const [section] = PAGE.split(/^## /m).filter((each) => each.startsWith(`${title}\n`));
  const commands = fencesOf(section ?? '', 'sh').flatMap((fence) =>
    fence.trimEnd().replaceAll('|\n', '|').split('\n'),
  );
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const [, hand] = hands.find(([pattern]) => pattern.test(command)) ?? [];
    await (hand === undefined ? succeed(shell, command) : hand(command));
  }
}

async function succeed(shell: Shell, command: string): Promise<void> {
  const { code, complaint } = await shell(command);
  expect(code, `${command}\n${complaint}`).toBe(0);
}

/** Of the examples, in the namespace `default`. */
async function isReady({ kubernetes }: House, user: User, ...names: readonly string[]) {
  const files = ['one', 'many'].map(
    (name) => new URL(`../../examples/${name}.yaml`, import.meta.url),
  );
  const examples = files.flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')));
  for (const example of examples.map((each) => each.toJS())) {
    if (!names.includes(example.metadata.name)) continue;
    expect((await kubernetes.request('POST', RESOURCES, example)).status).toBe(201);
  }
  for (const name of names) await user.untilReady(name);
}

describe.skipIf(lookup.kind === 'missing')('the runbook', { concurrent: true }, () => {
  test('of a restore adopts what is equal and asks about the rest', async ({
    house,
    user,
    pool,
    open,
  }) => {
    const { shell } = open(house.kubernetes.kubeconfig());
    await isReady(house, user, NAME, ORDERS, 'payments-api');
    const lost = await loseCluster(house, user, [NAME, ORDERS, 'payments-api']);
    pool.put(FOREIGN, 'https://orders.example.com');
    pool.drop('https://payments.example.com');
    house.start();
    await follow(shell, 'Restore from a backup', [
      [/^velero/, () => restore(house, lost)],
      [/status\.drift/, () => user.untilReason('AlreadyExists', ORDERS)],
    ]);
    for (const name of [NAME, 'payments-api']) {
      await user.until('a record of its own', isRecorded, name);
    }
    expect((await user.status(NAME)).remote?.origin).toBe('Adopted');
    expect(pool.effects(WEATHER)).toEqual(['Create']);
    expect(pool.effects('https://orders.example.com')).toEqual(['Create', 'Update']);
    expect(pool.effects('https://payments.example.com')).toEqual(['Create', 'Create']);
    await user.remove(NAME);
    await user.untilGone(NAME);
    expect(pool.server(WEATHER)).toBeUndefined();
  });

  test('of a move hands the server over and never misses it', async ({
    house,
    user,
    pool,
    open,
  }) => {
    await using other = await startKubernetes();
    const { shell, home } = open(bothOf(house.kubernetes, other));
    await isReady(house, user, NAME);
    const path = join(home, 'other');
    writeFileSync(path, other.kubeconfig());
    house.start({ 'lease-namespace': 'default' }, { KUBECONFIG: path });
    await follow(shell, 'Move to another cluster');
    await user.untilEvent('Retained', NAME);
    expect((await someoneIn(other).status(NAME)).remote?.origin).toBe('Adopted');
    expect(pool.effects(WEATHER)).toEqual(['Create']);
    await someoneIn(other).remove(NAME);
    await someoneIn(other).untilGone(NAME);
    expect(pool.effects(WEATHER)).toEqual(['Create', 'Delete']);
  });

  test('of a pool that was replaced leaves nobody behind', async ({ house, user, pool, open }) => {
    const { shell } = open(house.kubernetes.kubeconfig());
    await isReady(house, user, NAME);
    await user.until('an account', ({ status }) => !!status?.remote?.accountId, NAME);
    house.cognito.removePool(pool.id);
    const successor = house.pool('eu-west-1_Successor');
    await follow(shell, 'A user pool was replaced', [
      // It could tell, and let go by itself.
      [/"Retain"/, () => user.untilGone(NAME)],
    ]);
    expect(successor.effects(WEATHER)).toEqual(['Create']);
  });

  test('of an operator that is gone leaves the server, and says which', async ({
    house,
    user,
    pool,
    open,
  }) => {
    const { shell } = open(house.kubernetes.kubeconfig());
    await isReady(house, user, NAME);
    await house.operators[0]?.stop();
    await user.remove(NAME);
    await follow(shell, 'The operator is gone, its finalizers are not', [
      [
        /custom-columns/,
        async (command) => expect((await shell(command)).output).toContain(WEATHER),
      ],
      [/^aws/, async () => expect(pool.server(WEATHER)).toBeDefined()],
    ]);
    expect(await user.find(NAME)).toBeUndefined();
    expect(pool.effects(WEATHER)).toEqual(['Create']);
  });

  test('of a CRD that was deleted keeps what is left', async ({ house, user, pool, open }) => {
    const { shell } = open(house.kubernetes.kubeconfig());
    await isReady(house, user, NAME, ORDERS);
    await follow(shell, 'The CRD was deleted', [
      [
        /replicas=0/,
        async () => {
          await house.operators[0]?.stop();
          for (const name of [NAME, ORDERS]) await user.remove(name);
        },
      ],
      [/replicas=2/, async () => house.start()],
      [
        /--for=delete crd/,
        async (command) => {
          await endOfCrd(house, user);
          await succeed(shell, command);
        },
      ],
    ]);
    expect((await user.status(NAME)).remote?.origin).toBe('Adopted');
    expect(pool.effects(WEATHER)).toEqual(['Create']);
    expect(pool.effects('https://orders.example.com')).toEqual(['Create']);
  });
});

/* ------------------------------------------------------------------ the hands */

/** A backup was made; then the cluster is lost, and Cognito is not. */
async function loseCluster(house: House, user: User, names: readonly string[]) {
  const backup = await Promise.all(names.map((name) => user.read(name)));
  await house.operators[0]?.kill();
  await house.dropLease();
  for (const name of names) {
    await user.edit({ metadata: { finalizers: null } }, name);
    await user.remove(name);
  }
  return backup;
}

/** What was restored says so of another object. */
function isRecorded({ metadata, status }: StoredResource): boolean {
  return status?.recordUID === metadata.uid && status.remote !== undefined;
}

/** As Velero does with `--restore-status`: no UID, no version, no owner, the rest as it was. */
async function restore({ kubernetes }: House, backup: readonly StoredResource[]): Promise<void> {
  for (const { metadata, spec, status } of backup) {
    const { name, namespace, finalizers } = metadata;
    const kind = { apiVersion: 'cognito-operator.io/v1', kind: 'ResourceServer' };
    const object = { ...kind, metadata: { name, namespace, finalizers }, spec };
    expect((await kubernetes.request('POST', RESOURCES, object)).status).toBe(201);
    const patched = await kubernetes.request('PATCH', `${RESOURCES}/${name}/status`, { status });
    expect(patched.status).toBe(200);
  }
}

/** The API server removes a CRD when its last resource is gone, a moment after it was asked. */
async function endOfCrd({ kubernetes }: House, user: User): Promise<void> {
  for (const name of [NAME, ORDERS]) await user.untilGone(name);
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const { status } = await kubernetes.request('DELETE', `${path}/${WHOLE_CRD.metadata.name}`);
  expect(status).toBe(200);
}

interface Cluster {
  kubeconfig(): string;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: object }[];
  readonly users: readonly { readonly user: object }[];
}

/** One kubeconfig with the contexts `before` and `after`. */
function bothOf(before: Cluster, after: Cluster): string {
  const all = Object.entries({ before, after }).map(([name, { kubeconfig }]) => {
    const { clusters, users }: Kubeconfig = parse(kubeconfig());
    const context = { cluster: name, user: name, namespace: 'default' };
    return { name, cluster: clusters[0]?.cluster, user: users[0]?.user, context };
  });
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'before',
    clusters: all.map(({ name, cluster }) => ({ name, cluster })),
    users: all.map(({ name, user }) => ({ name, user })),
    contexts: all.map(({ name, context }) => ({ name, context })),
  });
}
