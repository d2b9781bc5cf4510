/**
 * F49, F55, F56: what somebody who may only create and change resources of one namespace can make
 * of names, sizes and characters. They get their own resource served, and nothing else.
 */
import { describe, expect } from 'vitest';
import { aResourceServer, CONTENT } from '../support/builders.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInSharedHouse } from '../support/house-test.ts';
import { conditionOf } from '../support/user.ts';

const test = testInSharedHouse(UNMETERED);

/** All that the operator asks an API server for, whatever its resources say. */
const ASKED_FOR = [
  /^\/openapi\/v3\/apis\/cognito-operator\.io\/v1$/,
  /^\/apis\/cognito-operator\.io\/v1\/resourceservers$/,
  /^\/apis\/cognito-operator\.io\/v1\/namespaces\/ns-\d+\/resourceservers\/[a-z-]+(\/status)?$/,
  /^\/apis\/events\.k8s\.io\/v1\/namespaces\/ns-\d+\/events(\/[a-z0-9.-]+)?$/,
  /^\/apis\/coordination\.k8s\.io\/v1\/namespaces\/cognito-operator\/leases(\/cognito-operator)?$/,
];

function strangeRequests({ kubernetes }: House): readonly string[] {
  const asked = kubernetes.requests.filter(({ userAgent }) => userAgent.startsWith('cognito-op'));
  expect(asked.length).toBeGreaterThan(0);
  return asked
    .map(({ path }) => path)
    .filter((path) => !ASKED_FOR.some((known) => known.test(path)));
}

const REFERENCES = {
  'cognito-operator.io/credentials': 'kube-system/aws',
  'cognito-operator.io/secret-ref': '../kube-system/aws',
  'cognito-operator.io/namespace': 'kube-system',
  'cognito-operator.io/role-arn': 'arn:aws:iam::999988887777:role/admin',
  'eks.amazonaws.com/role-arn': 'arn:aws:iam::999988887777:role/admin',
  'cognito-operator.io/endpoint': 'http://169.254.169.254/',
  'cognito-operator.io/region': 'x.evil.example/#',
  'cognito-operator.io.evil.example/paused': 'true',
};
/** With a Cyrillic o. */
const LOOK_ALIKE = { 'cognito-operator.i\u043e/paused': 'true' };

describe.concurrent('a tenant', () => {
  test('reaches nothing by annotations that look like references', async ({
    house,
    user,
    pool,
  }) => {
    const resource = aResourceServer().annotated(REFERENCES).inPool(pool.id);
    await expect(user.apply(resource.annotated(LOOK_ALIKE))).rejects.toThrow('422');
    await user.apply(resource);
    const stored = await user.untilReady();
    expect(conditionOf(stored, 'Paused')).toBeUndefined();
    await user.untilEvent('Created');
    expect(strangeRequests(house)).toEqual([]);
    expect(pool.effects()).toEqual(['Create']);
  });

  test('learns nothing of a namespace that holds the same', async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.untilOlder();
    const other = await house.user();
    await other.apply(aResourceServer().named('mine').inPool(pool.id));
    await other.untilReason('IdentityTaken', 'mine');
    await other.untilEvent('IdentityTaken', 'mine');
    const told = JSON.stringify([await other.all(), await other.events('mine')]);
    expect(told).not.toContain(`${user.namespace}/`);
    expect(told).not.toContain(`"${user.namespace}"`);
    expect(strangeRequests(house)).toEqual([]);
  });

  test('has the longest spec that there is served, briefly', async ({ house, user, pool }) => {
    const scopes = Array.from({ length: 100 }, (_, at) => ({
      name: String(at).padEnd(256, 'n'),
      description: 'd'.repeat(256),
    }));
    await user.apply(aResourceServer().withScopes(scopes).inPool(pool.id));
    const { status } = await user.untilReady();
    expect(JSON.stringify(status).length).toBeLessThan(100_000);
    const { note } = await user.untilEvent('ScopeTooLong');
    expect(note.length).toBeLessThanOrEqual(1_024);
    const lines = house.operators.flatMap((operator) => operator.lines);
    const longest = Math.max(...lines.map((line) => JSON.stringify(line).length));
    expect(longest).toBeLessThan(20_000);
  });

  test('names scopes like parts of JavaScript, and that is what is made', async ({
    user,
    pool,
  }) => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const scopes = names.map((name) => ({ name, description: name }));
    const resource = aResourceServer().annotated({ constructor: 'a', toString: 'b' });
    await user.apply(resource.withScopes(scopes).inPool(pool.id));
    await user.untilReady();
    expect(pool.server()?.scopes).toEqual(scopes);
    pool.put({ ...CONTENT, scopes: scopes.slice(1) });
    await user.untilEvent('DriftCorrected');
    await user.untilReady();
    expect(pool.server()?.scopes).toHaveLength(names.length);
  });

  test('and Cognito put nothing into a terminal or a log', async ({ house, user, pool }) => {
    const evil =
      '\u001b[2J\u001b]0;owned\u0007a\r\n{"level":"info","msg":"forged"}\u202Eb\u0000\u2028c\u009b1m';
    pool.fault('Create', { kind: 'error', name: 'InvalidParameterException', message: evil });
    await user.apply(aResourceServer().inPool(pool.id));
    const { message } = await user.untilReason('InvalidParameter');
    const { note } = await user.untilEvent('InvalidParameter');
    for (const words of [message, note]) {
      expect(words).toContain('forged');
      expect(words).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }
    const lines = house.operators.flatMap((operator) => operator.lines);
    expect(lines.filter(({ level }) => level === 'raw')).toEqual([]);
    expect(lines.filter(({ msg }) => msg === 'forged')).toEqual([]);
  });
});
