/** What the chart makes of the rules; what the API server makes of that: test/cluster. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { codeOf, fencesOf, tableOf } from '../golden/markdown.ts';
import { fieldAt } from '../golden/schema.ts';
import { chartFile, describeChart, only, ROOT } from './chart.ts';

interface Policy {
  readonly failurePolicy: string;
  readonly matchConstraints: object;
  readonly matchConditions: readonly { readonly name: string; readonly expression: string }[];
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly object[];
}

const EXAMPLE: object = parse(readFileSync(join(ROOT, 'examples/tenancy/values.yaml'), 'utf8'));
const RULE = { userPools: ['eu-west-1_A'], identifierPrefixes: ['a/'] };

describeChart('its tenancy', (chart) => {
  const policyOf = async (values: object): Promise<Policy> =>
    only(await chart.objects(values), 'ValidatingAdmissionPolicy').spec as Policy;
  const rulesOf = async (...rules: readonly object[]) => {
    const { variables } = await policyOf({ tenancy: { enabled: true, rules } });
    const each = variables.filter(({ name }) => /^rule\d+$/.test(name));
    return each.map(({ expression }): object => JSON.parse(expression));
  };

  test('is told with rules that it takes, and with each field of one', async () => {
    const page = readFileSync(join(ROOT, 'docs/tenancy.md'), 'utf8');
    const told = parse(fencesOf(page, 'yaml')[0] ?? '');
    expect((await policyOf(told)).validations.length).toBeGreaterThan(0);
    const { $defs } = JSON.parse(chartFile('values.schema.json'));
    const fields = tableOf(page, 'Field').rows.map(([field = '']) => codeOf(field)[0]);
    expect(new Set(fields)).toEqual(new Set(Object.keys($defs.tenancyRule.properties)));
  });

  test('is off', async () => {
    const kinds = (await chart.objects()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith('ValidatingAdmission'))).toEqual([]);
  });

  test('is one policy, bound, that refuses when it cannot be asked', async () => {
    const objects = await chart.objects(EXAMPLE);
    const { metadata } = only(objects, 'ValidatingAdmissionPolicy');
    const binding = only(objects, 'ValidatingAdmissionPolicyBinding');
    expect(binding.spec).toEqual({ policyName: metadata.name, validationActions: ['Deny'] });
    expect(await policyOf(EXAMPLE)).toMatchObject({ failurePolicy: 'Fail' });
  });

  test('does not touch status, nor deletion', async () => {
    const { matchConstraints } = await policyOf(EXAMPLE);
    expect(matchConstraints).toEqual({
      resourceRules: [
        {
          apiGroups: ['cognito-operator.io'],
          apiVersions: ['*'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['resourceservers'],
        },
      ],
    });
  });

  test('ends where the operator ends', async () => {
    const { matchConstraints } = await policyOf({ ...EXAMPLE, watch: { namespaces: ['a', 'b'] } });
    const key = 'kubernetes.io/metadata.name';
    expect(matchConstraints).toMatchObject({
      namespaceSelector: { matchExpressions: [{ key, operator: 'In', values: ['a', 'b'] }] },
    });
  });

  test('is data of one type, whatever a rule leaves out', async () => {
    const namespaceSelector = { matchLabels: { 'a.b/c': 'd', e: '"' } };
    const all = {
      deletionPolicy: ['DeleteIfCreated', 'Delete', 'Retain'],
      adoptionPolicy: ['IfMatching', 'Always', 'Never'],
      managementPolicy: ['Enforce', 'Observe'],
    };
    const some = { deletionPolicy: ['Retain'], adoptionPolicy: ['Never'] };
    expect(
      await rulesOf({ ...RULE, namespaceSelector }, { ...RULE, ...some, namespaces: ['f'] }),
    ).toEqual([
      { ...RULE, ...all, namespaces: [], labels: ['a.b/c=d', 'e="'] },
      { ...RULE, ...all, ...some, namespaces: ['f'], labels: [] },
    ]);
    expect(await rulesOf()).toEqual([]);
  });

  test('knows every policy that the CRD has', async () => {
    const [rule] = await rulesOf({ ...RULE, namespaces: ['a'] });
    for (const policy of ['deletionPolicy', 'adoptionPolicy', 'managementPolicy']) {
      expect(rule).toHaveProperty(policy, fieldAt(`spec.${policy}`).schema.enum);
    }
  });

  test('lets a deletion go on by Retain only when nothing else of the spec changes', async () => {
    const { matchConditions } = await policyOf(EXAMPLE);
    const way = matchConditions.find(({ name }) => name === 'more-than-letting-go');
    const compared = [...(way?.expression.matchAll(/oldObject\.spec\.\??(\w+)/g) ?? [])];
    const fields = Object.keys(fieldAt('spec').schema.properties ?? {});
    expect(new Set(compared.map(([, field]) => field))).toEqual(
      new Set(fields.filter((field) => field !== 'deletionPolicy')),
    );
  });
});
