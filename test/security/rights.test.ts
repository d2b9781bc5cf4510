/**
 * F54: what the manifests grant, as one closed list. That the chart grants the same is a test of
 * the chart; that each right is needed, and none is missing, one on a real API server.
 */
import { expect, test } from 'vitest';
import { grantedRoles, verbsOf } from '../golden/access.ts';

const rules = grantedRoles().flatMap((role) => role.rules);

test('the operator may do this, and nothing else', () => {
  expect([...new Set(rules.flatMap(verbsOf))].sort()).toEqual([
    'create events',
    'create leases',
    'get leases',
    'get resourceservers',
    'list resourceservers',
    'patch events',
    'patch resourceservers',
    'patch resourceservers/status',
    'update leases',
    'watch leases',
    'watch resourceservers',
  ]);
});

test('of Leases it may change its own alone', () => {
  const changing = rules.filter(
    ({ resources, verbs }) => resources.includes('leases') && !verbs.includes('create'),
  );
  expect(changing.length).toBeGreaterThan(0);
  for (const { resourceNames } of changing) expect(resourceNames).toEqual(['cognito-operator']);
});

test('no right is of a wildcard, or of the groups that hold Secrets and roles', () => {
  const groups = new Set(rules.flatMap(({ apiGroups }) => apiGroups));
  expect([...groups].sort()).toEqual([
    'cognito-operator.io',
    'coordination.k8s.io',
    'events.k8s.io',
  ]);
});
