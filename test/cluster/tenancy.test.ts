/** Two tenants with the values of the example, on a real API server: who may name what. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CHART, RELEASE, ROOT } from '../chart/chart.ts';
import type { Headed } from '../contract/kubernetes-client.ts';
import { aResource, CRD_NAME, FINALIZER, GROUP } from '../contract/kubernetes-world.ts';
import { succeeding } from '../support/kubectl.ts';
import { waitFor } from '../support/wait.ts';
import { describeOnOwnCluster } from './own-cluster.ts';

const VALUES = join(ROOT, 'examples/tenancy/values.yaml');
const TENANTS = readFileSync(join(ROOT, 'examples/tenancy/tenants.yaml'), 'utf8');
const SHARED_POOL = 'eu-west-1_AbCdEfGhI';
const PLATFORM_POOL = 'eu-central-1_JkLmNoPqR';
const OPERATOR = `system:serviceaccount:identity:${RELEASE}`;
const LATE = { timeout: 120_000 };

interface Wish {
  readonly userPoolId?: string;
  readonly identifier?: string;
  readonly [field: string]: unknown;
}

describeOnOwnCluster('tenancy', (of) => {
  const kubectl = (args: readonly string[], input?: string) => of().kubectl.run(args, input);
  const tenant = (team: string) => [`--as=ann-of-${team}`, `--as-group=${team}`, '-n', team];
  const helm = (...args: readonly string[]) =>
    succeeding(of().helm.run([...args, RELEASE, CHART, '-n', 'identity', '-f', VALUES]));

  /** What the API server says to a tenant; `''` when it takes it. */
  const answerTo = async (team: string, spec: Wish) => {
    const wish = JSON.stringify(aResource(`of-${team}`, { userPoolId: SHARED_POOL, ...spec }));
    const args = ['create', '--dry-run=server', ...tenant(team), '-f', '-'];
    return wordsOf((await kubectl(args, wish)).stderr);
  };
  const patch = async (as: readonly string[], name: string, change: object) => {
    const args = ['patch', CRD_NAME, name, '--type=merge', `--patch=${JSON.stringify(change)}`];
    return wordsOf((await kubectl([...args, ...as])).stderr);
  };
  const asAdmin = async (namespace: string, name: string, spec: Wish, meta: object = {}) => {
    const wish = JSON.stringify(aResource(name, { userPoolId: SHARED_POOL, ...spec }, meta));
    await succeeding(kubectl(['create', '-n', namespace, '-f', '-'], wish));
  };
  /** kubectl would read /status first, which nobody may. */
  const statusPatchBy = (who: Headed, namespace: string, name: string) => {
    const path = `${GROUP}/namespaces/${namespace}/resourceservers/${name}/status`;
    const status = { recordUID: 'a' };
    return of().plane.request('PATCH', path, { status }, who);
  };
  const isThere = async (namespace: string, name: string) =>
    (await kubectl(['get', CRD_NAME, name, '-n', namespace])).code === 0;

  beforeAll(async () => {
    await succeeding(kubectl(['apply', '-f', '-'], TENANTS));
    for (const name of ['team-ab', 'nobody']) await succeeding(kubectl(['create', 'ns', name]));
    // Nobody aggregates roles here: the tenants get what `edit` would be made of.
    for (const team of ['team-a', 'team-b', 'team-ab', 'nobody']) {
      for (const right of ['view', 'edit']) {
        const role = [`--clusterrole=${RELEASE}-${right}`, `--group=${team}`, '-n', team];
        await succeeding(kubectl(['create', 'rolebinding', right, ...role]));
      }
    }
    await helm('install', '--create-namespace', '--set=tenancy.enabled=false');
    const served = async () => (await of().plane.client.get(`${GROUP}/resourceservers`)).status;
    await waitFor('the kind to be served', async () => (await served()) === 200);
    // From before there was tenancy.
    await asAdmin('nobody', 'earlier', { identifier: 'anything' }, { finalizers: [FINALIZER] });
    await asAdmin('team-a', 'earlier', {
      identifier: 'https://b.example.com/taken',
      deletionPolicy: 'Delete',
    });
    await helm('upgrade');
    const refused = async () => (await answerTo('nobody', {})) !== '';
    await waitFor('the policy to be in force', refused);
  }, LATE.timeout);

  test.each<readonly [string, Wish]>([
    ['team-a', { identifier: 'https://a.example.com' }],
    ['team-a', { identifier: 'https://a.example.com/orders' }],
    ['team-a', { identifier: 'team-a.orders', deletionPolicy: 'Retain', adoptionPolicy: 'Never' }],
    ['team-b', { identifier: 'https://b.example.com/orders', managementPolicy: 'Observe' }],
    ['team-b', { identifier: 'team-b.', deletionPolicy: 'Delete' }],
  ])('%s may name %j', async (team, spec) => {
    expect(await answerTo(team, spec)).toBe('');
  });

  const MINE = 'must be one of these, or below it, in namespace team-a and user pool';

  test.each([
    'https://a.example.com.evil.example',
    'https://a.example.comet',
    'https://a.example.com@evil.example',
    'https://a.example.com:8443/',
    'https://a.example.com?',
    'HTTPS://a.example.com/',
    'http://a.example.com/',
    'team-a',
    'team-ab.orders',
    'team-b.orders',
    'https://b.example.com',
    'https://b.example.com/orders',
  ])('team-a may not name %s', async (identifier) => {
    expect(await answerTo('team-a', { identifier })).toBe(
      `\`spec.identifier\` ${MINE} ${SHARED_POOL}: https://a.example.com, team-a.`,
    );
  });

  test.each<readonly [string, string, Wish, string]>([
    [
      'another pool',
      'team-a',
      { userPoolId: PLATFORM_POOL, identifier: 'team-a.a' },
      `\`spec.userPoolId\` must be one of these in namespace team-a: ${SHARED_POOL}`,
    ],
    [
      'a pool whose ID begins like its own',
      'team-a',
      { userPoolId: `${SHARED_POOL}j`, identifier: 'team-a.a' },
      `\`spec.userPoolId\` must be one of these in namespace team-a: ${SHARED_POOL}`,
    ],
    [
      'a policy to delete what it adopted',
      'team-a',
      { identifier: 'team-a.a', deletionPolicy: 'Delete' },
      '`spec.deletionPolicy` must be one of these in namespace team-a: DeleteIfCreated, Retain',
    ],
    [
      'a policy to overwrite what is there',
      'team-a',
      { identifier: 'team-a.a', adoptionPolicy: 'Always', scopes: [] },
      '`spec.adoptionPolicy` must be one of these in namespace team-a: IfMatching, Never',
    ],
    [
      'a policy to look on',
      'team-a',
      { identifier: 'team-a.a', managementPolicy: 'Observe' },
      '`spec.managementPolicy` must be one of these in namespace team-a: Enforce',
    ],
    [
      'anything, from a namespace whose name begins like another',
      'team-ab',
      { identifier: 'team-a.a' },
      'namespace team-ab may name no user pool: no rule of the tenancy names it',
    ],
    [
      'anything, from a namespace without a rule',
      'nobody',
      { identifier: 'https://a.example.com' },
      'namespace nobody may name no user pool: no rule of the tenancy names it',
    ],
  ])('nobody may choose %s', async (_, team, spec, words) => {
    expect(await answerTo(team, spec)).toBe(words);
  });

  describe('what was admitted', () => {
    test('may be changed within the rules, and not beyond them', async () => {
      await asAdmin('team-b', 'changed', { identifier: 'team-b.changed' });
      await asAdmin('team-a', 'changed', { identifier: 'team-a.changed' });
      expect(await patch(tenant('team-b'), 'changed', ofSpec({ adoptionPolicy: 'Never' }))).toBe(
        '',
      );
      expect(await patch(tenant('team-a'), 'changed', ofSpec({ deletionPolicy: 'Delete' }))).toBe(
        '`spec.deletionPolicy` must be one of these in namespace team-a: DeleteIfCreated, Retain',
      );
    });

    test('cannot become what another may name', async () => {
      await asAdmin('team-a', 'robber', { identifier: 'team-a.robber' });
      const becoming = { identifier: 'https://b.example.com/' };
      const words = await patch(tenant('team-a'), 'robber', ofSpec(becoming));
      expect(words).toContain('`identifier` is immutable');
    });

    test('before the rules cannot be changed where it names what another may name', async () => {
      expect(await patch(tenant('team-a'), 'earlier', ofSpec({ name: 'Mine' }))).toContain(
        `\`spec.identifier\` ${MINE}`,
      );
    });

    test('is not changed any further once its namespace has lost its label', async () => {
      const label = (value: string) =>
        succeeding(
          kubectl(['label', '--overwrite', 'ns', 'team-b', `identity.example.com/tenant=${value}`]),
        );
      await asAdmin('team-b', 'left', { identifier: 'team-b.left' });
      const changing = (name: string) => patch(tenant('team-b'), 'left', ofSpec({ name }));
      const words = 'namespace team-b may name no user pool: no rule of the tenancy names it';
      await label('c');
      // The API server judges by a copy of the namespace that may be a moment old.
      await waitFor('the label to count', async () => (await changing('one')) === words);
      expect(await patch(tenant('team-b'), 'left', { metadata: { labels: { a: 'b' } } })).toBe('');
      await label('b');
      await waitFor('the label to count again', async () => (await changing('two')) === '');
    });

    test('before the rules is left alone, until somebody changes what it says', async () => {
      const annotations = { 'cognito-operator.io/paused': 'true' };
      expect(await patch(tenant('nobody'), 'earlier', { metadata: { annotations } })).toBe('');
      expect(await patch(tenant('nobody'), 'earlier', ofSpec({ name: 'Other' }))).toBe(
        'namespace nobody may name no user pool: no rule of the tenancy names it',
      );
    });

    test('can be deleted, whatever the rules say now', async () => {
      await succeeding(kubectl(['delete', CRD_NAME, 'earlier', ...tenant('team-a')]));
      expect(await isThere('team-a', 'earlier')).toBe(false);
    });
  });

  describe('the operator', () => {
    const operator = [`--as=${OPERATOR}`];
    const here = [...operator, '-n', 'nobody'];

    test('writes finalizers and status where no rule is left', async () => {
      expect(await patch(here, 'earlier', { metadata: { finalizers: [] } })).toBe('');
      expect(await patch(here, 'earlier', { metadata: { finalizers: [FINALIZER] } })).toBe('');
      const who = { 'impersonate-user': OPERATOR };
      expect(await statusPatchBy(who, 'nobody', 'earlier')).toMatchObject({ status: 200 });
    });

    test('lets a deletion end there, which may be helped by Retain and nothing else', async () => {
      await succeeding(
        kubectl(['delete', CRD_NAME, 'earlier', '--wait=false', ...tenant('nobody')]),
      );
      const change = (wish: Wish) => patch(tenant('nobody'), 'earlier', ofSpec(wish));
      const refusal = 'namespace nobody may name no user pool: no rule of the tenancy names it';
      expect(await change({ deletionPolicy: 'Delete' })).toBe(refusal);
      expect(await change({ deletionPolicy: 'Retain', scopes: [] })).toBe(refusal);
      expect(await change({ deletionPolicy: 'Retain', name: 'Other' })).toBe(refusal);
      expect(await change({ deletionPolicy: 'Retain', managementPolicy: 'Observe' })).toBe(refusal);
      expect(await change({ deletionPolicy: 'Retain' })).toBe('');
      expect(await patch(here, 'earlier', { metadata: { finalizers: [] } })).toBe('');
      expect(await isThere('nobody', 'earlier')).toBe(false);
    });
  });

  test('no tenant writes status, where it is recorded who owns what', async () => {
    await asAdmin('team-b', 'forged', { identifier: 'team-b.forged' });
    expect(await patch(tenant('team-b'), 'forged', ofSpec({ name: 'Hers' }))).toBe('');
    const who = { 'impersonate-user': 'ann-of-team-b', 'impersonate-group': 'team-b' };
    const { status, body } = await statusPatchBy(who, 'team-b', 'forged');
    expect(status).toBe(403);
    expect(body.message).toContain('cannot patch resource "resourceservers/status"');
  });

  describe('the number of rules', () => {
    const upgradeTo = (rules: readonly object[]) =>
      helm('upgrade', `--set-json=tenancy.rules=${JSON.stringify(rules)}`);
    const comes = (words: string, spec: Wish) => async () =>
      (await answerTo('team-a', spec)) === words;
    const MANY = 500;

    test('may be hundreds', async () => {
      const rules = Array.from({ length: MANY }, (_, at) => ({
        namespaces: [`tenant-${at}`, at === MANY - 1 ? 'team-a' : `tenant-${at}-staging`],
        userPools: [SHARED_POOL],
        identifierPrefixes: [`https://tenant-${at}.example.com`, `tenant-${at}.`],
      }));
      await upgradeTo(rules);
      await waitFor('the last to count', comes('', { identifier: `tenant-${MANY - 1}.a` }));
      expect(await answerTo('team-a', { identifier: 'tenant-0.a' })).toContain(MINE);
    });

    test('may be none, which is to say that nobody may name anything', async () => {
      await upgradeTo([]);
      const words = 'namespace team-a may name no user pool: no rule of the tenancy names it';
      await waitFor('all of them to be gone', comes(words, { identifier: 'team-a.orders' }));
      expect(await answerTo('team-b', { identifier: 'team-b.orders' })).not.toBe('');
    });
  });
});

function ofSpec(wish: Wish): object {
  return { spec: wish };
}

/** Without who speaks, and of what. */
function wordsOf(stderr: string): string {
  return stderr.trim().replace(/^.* denied request: /s, '');
}
