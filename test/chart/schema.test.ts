/** What `values.schema.json` refuses, and where it says the mistake is. */
import { describe, expect, test } from 'vitest';
import { valuesOf } from '../../scripts/generate/chart-values.ts';
import { CASES, chartFile, describeChart, VALUES } from './chart.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

interface Root extends Schema {
  readonly $defs: Readonly<Record<string, Schema>>;
}

const SCHEMA = JSON.parse(chartFile('values.schema.json')) as Root;
const PATHS = valuesOf(chartFile('values.yaml')).map(({ path }) => path);

/** Of Kubernetes itself, which checks what is in them. */
const OPEN = ['resources', 'strategy', 'affinity', 'podSecurityContext', 'securityContext'];

/** For the chart that this one is a part of. */
const OF_PARENTS = ['global', 'enabled'];

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (SCHEMA.$defs[name] ?? schema);
}

/** Every path that the schema knows; a value with a comment of its own is not looked into. */
function pathsOf(schema: Schema, parent = ''): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const path = `${parent}${name}`;
    const { properties } = resolved(child);
    if (properties === undefined || PATHS.includes(path)) return [path];
    return pathsOf(resolved(child), `${path}.`);
  });
}

function valueAt(values: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);
}

describe('the schema of the values', () => {
  test('knows each value of values.yaml, and no other', () => {
    const known = pathsOf(SCHEMA).filter((path) => !OF_PARENTS.includes(path));
    expect(known.toSorted()).toEqual(PATHS.toSorted());
  });

  test('is closed, but for what Kubernetes checks', () => {
    const objects = [SCHEMA, ...Object.values(SCHEMA.$defs), ...below(SCHEMA)];
    const open = objects.filter(
      (each) =>
        resolved(each).type === 'object' && resolved(each).additionalProperties === undefined,
    );
    expect(open).toHaveLength(OPEN.length + ['global'].length);
    for (const name of OPEN) expect(SCHEMA.properties?.[name]).toEqual({ type: 'object' });
  });

  test('is tried with each value in ci/', () => {
    const tried = Object.entries(CASES).flatMap(([name, values]) =>
      PATHS.filter((path) => {
        const value = valueAt(values, path);
        const before = valueAt(VALUES, path);
        return value !== undefined && JSON.stringify(value) !== JSON.stringify(before);
      }).map((path) => ({ name, path })),
    );
    const untried = PATHS.filter((path) => !tried.some((each) => each.path === path));
    expect(untried).toEqual([]);
  });
});

function below(schema: Schema): readonly Schema[] {
  return Object.values(schema.properties ?? {}).flatMap((child) => [child, ...below(child)]);
}

const RULE = { namespaces: ['a'], userPools: ['eu-west-1_A'], identifierPrefixes: ['a'] };
const rules = (...changes: readonly object[]) => ({
  tenancy: { rules: changes.map((change) => ({ ...RULE, ...change })) },
});

describeChart('the schema of its values', (chart) => {
  test.each<readonly [string, object, string]>([
    ['a typo', { replicas: 3 }, "at '': additional properties 'replicas' not allowed"],
    ['a typo below', { image: { name: 'a' } }, "at '/image': additional properties 'name'"],
    ['a number as a string', { replicaCount: '2' }, "at '/replicaCount': got string, want integer"],
    ['a negative number', { replicaCount: -1 }, "at '/replicaCount': minimum: got -1, want 0"],
    ['a switch as a string', { rbac: { create: 'no' } }, "at '/rbac/create': got string, want"],
    ['a list as a string', { watch: { namespaces: 'a,b' } }, "at '/watch/namespaces': got string"],
    [
      'no namespace',
      { watch: { namespaces: ['A_b'] } },
      "at '/watch/namespaces/0': 'A_b' does not",
    ],
    ['no duration', { controller: { resyncPeriod: '10' } }, "at '/controller/resyncPeriod': '10'"],
    ['a duration in parts', { controller: { resyncPeriod: '1h5m' } }, "at '/controller/resync"],
    [
      'a number of seconds',
      { leaderElection: { retryPeriod: 2 } },
      "at '/leaderElection/retryPeri",
    ],
    [
      'an account as a number',
      { aws: { accountId: 111122223333 } },
      "at '/aws/accountId': got number",
    ],
    [
      'a zone as a Region',
      { aws: { region: 'eu-west-1a' } },
      "at '/aws/region': 'eu-west-1a' does",
    ],
    ['no URL', { aws: { endpointUrl: 'cognito' } }, "at '/aws/endpointUrl': 'cognito' does not"],
    [
      'a share beyond all',
      { rateLimit: { share: 1.1 } },
      "at '/rateLimit/share': maximum: got 1.1",
    ],
    ['a share of nothing', { rateLimit: { share: 0 } }, "at '/rateLimit/share': exclusiveMinimum"],
    ['no such level', { log: { level: 'trace' } }, "at '/log/level': value must be one of 'debug'"],
    ['a digest without sha256', { image: { digest: 'abc' } }, "at '/image/digest': 'abc' does not"],
    [
      'no such pull policy',
      { image: { pullPolicy: 'Ever' } },
      "at '/image/pullPolicy': value must",
    ],
    ['port 0', { metrics: { port: 0 } }, "at '/metrics/port': minimum: got 0, want 1"],
    ['a label that is no string', { podLabels: { a: true } }, "at '/podLabels/a': got boolean"],
    ['a flag that is a map', { extraArgs: [{ late: '60s' }] }, "at '/extraArgs/0': got object"],
    [
      'a variable without name',
      { extraEnv: [{ value: 'a' }] },
      "at '/extraEnv/0': missing property",
    ],
    ['Deny beside Warn', { tenancy: { validationActions: ['Deny', 'Warn'] } }, "at '/tenancy/vali"],
    ['a rule for nobody', rules({ namespaces: [] }), "at '/tenancy/rules/0/namespaces': minItems"],
    ['a rule for everybody', rules({ namespaces: ['*'] }), "at '/tenancy/rules/0/namespaces/0'"],
    [
      'a selector of all',
      rules({ namespaceSelector: { matchLabels: {} } }),
      "at '/tenancy/rules/0",
    ],
    [
      'both ways to select',
      rules({ namespaceSelector: { matchLabels: { a: 'b' } } }),
      "at '/tenan",
    ],
    ['a rule for no pool', rules({ userPools: [] }), "at '/tenancy/rules/0/userPools': minItems"],
    [
      'a pool by its name',
      rules({ userPools: ['a'] }),
      "at '/tenancy/rules/0/userPools/0': 'a' does",
    ],
    ['an empty prefix', rules({ identifierPrefixes: [''] }), "at '/tenancy/rules/0/identifierPref"],
    ['no such policy', rules({ adoptionPolicy: ['No'] }), "at '/tenancy/rules/0/adoptionPolicy/0'"],
    ['a rule with a typo', rules({ userPool: [] }), "at '/tenancy/rules/0': additional properties"],
    [
      'a rule without prefixes',
      { tenancy: { rules: [{ namespaces: ['a'] }] } },
      'identifierPrefixes',
    ],
  ])('refuses %s', async (_, values, complaint) => {
    const rendered = await chart.render(values);
    expect(rendered).toEqual({ kind: 'Refused', message: expect.stringContaining(complaint) });
  });

  test('lets a parent chart say `global` and `enabled`', async () => {
    const rendered = await chart.render({ global: { anything: 1 }, enabled: true });
    expect(rendered.kind).toBe('Rendered');
  });
});
