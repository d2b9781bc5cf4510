/** What helm says after an installation: the next step, and what to beware of. */
import { expect, test } from 'vitest';
import { CHART, type Chart, describeChart, RELEASE } from './chart.ts';

const NO_WARNINGS = {
  image: { repository: 'registry.example.com/cognito-operator' },
  serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/a' } },
  aws: { region: 'eu-west-1' },
};
const TENANCY_RULE = {
  namespaces: ['a'],
  userPools: ['eu-west-1_AbCdEfGhI'],
  identifierPrefixes: ['a'],
};

describeChart('its notes', (chart) => {
  test('name the next step, in a namespace that is watched', async () => {
    const notes = await notesOf(chart, { watch: { namespaces: ['team-a', 'team-b'] } });
    expect(notes).toContain('works on team-a, team-b');
    expect(notes).toContain('kubectl -n identity rollout status deployment/cognito-operator');
    expect(notes).toContain('    namespace: team-a\n');
    expect(await notesOf(chart, {})).toContain('    namespace: default\n');
  });

  test('warn of nothing when there is nothing to warn of', async () => {
    expect(await warningsOf(chart, NO_WARNINGS)).toEqual([]);
  });

  test.each<readonly [string, object, string]>([
    ['no role', { serviceAccount: {} }, 'no AWS role is named here'],
    ['no Region', { aws: {} }, '`aws.region` is empty'],
    ['no registry', { image: {} }, '`image.repository` is cognito-operator, without a registry'],
    ['no replica', { replicaCount: 0 }, '`replicaCount` is 0'],
    ['one replica', { replicaCount: 1 }, '`replicaCount` is 1'],
    ['no roles in the cluster', { rbac: { create: false } }, '`rbac.create` is false'],
    ['edit for all', { rbac: { aggregate: { edit: true } } }, '`rbac.aggregate.edit` is true'],
    ['tenancy without rules', { tenancy: { enabled: true } }, 'there are no rules'],
    [
      'tenancy on trial',
      { tenancy: { enabled: true, rules: [TENANCY_RULE], validationActions: ['Warn'] } },
      '`tenancy.validationActions` has no Deny',
    ],
    ['a CRD that goes', { crds: { keep: false } }, '`crds.keep` is false'],
    [
      'what was left out',
      { metrics: { podMonitor: { enabled: true }, prometheusRule: { enabled: true } } },
      '`metrics.podMonitor`, `metrics.prometheusRule` left out',
    ],
  ])('warn of %s, and of nothing else', async (_, values, warning) => {
    const warnings = await warningsOf(chart, { ...NO_WARNINGS, ...values });
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });

  test('take edit for all as meant, where tenancy says who may name what', async () => {
    const tenancy = { enabled: true, rules: [TENANCY_RULE] };
    const values = { ...NO_WARNINGS, rbac: { aggregate: { edit: true } }, tenancy };
    expect(await warningsOf(chart, values)).toEqual([]);
  });

  test.each([
    { extraEnv: [{ name: 'AWS_ROLE_ARN', value: 'a' }] },
    { extraEnvFrom: [{ secretRef: { name: 'a' } }] },
  ])('take credentials from %j as a role', async (values) => {
    expect(await warningsOf(chart, { ...NO_WARNINGS, serviceAccount: {}, ...values })).toEqual([]);
  });
});

async function notesOf({ helm }: Chart, values: object): Promise<string> {
  const place = [RELEASE, CHART, '--namespace=identity', '--dry-run=client', '--values=-'];
  const { code, stdout, stderr } = await helm.run(['install', ...place], JSON.stringify(values));
  if (code !== 0) throw new Error(stderr);
  return stdout.slice(stdout.indexOf('\nNOTES:\n'));
}

async function warningsOf(chart: Chart, values: object): Promise<readonly string[]> {
  return (await notesOf(chart, values)).match(/^(WARNING|NOTE): .*$/gm) ?? [];
}
