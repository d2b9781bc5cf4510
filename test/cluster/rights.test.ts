/**
 * The roles of the manifests hold nothing too much: each right is taken away, the operator says
 * which it lacks, and goes on by itself once it is given back. Nor too little: all end-to-end tests
 * run with them. That the chart grants the same is a test of the chart.
 */
import { describe, expect, test as plainTest } from 'vitest';
import type { Rule } from '../golden/access.ts';
import { aResourceServer } from '../support/builders.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { LogLine } from '../support/launch.ts';
import type { Pool } from '../support/pool.ts';
import { conditionOf, type User } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';
import { type AccessDocument, OPERATOR_USER, plainAccess, replaceRules } from './access.ts';
import { beyondGrants } from './audit.ts';

const test = testInOwnHouse({ ...UNMETERED, operators: 0 });

const ROLES = plainAccess().filter(({ rules }) => rules !== undefined);

/** One verb on one resource by one rule of one role. */
interface Right {
  readonly name: string;
  readonly role: AccessDocument;
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  readonly without: readonly Rule[];
}

const RIGHTS: readonly Right[] = ROLES.flatMap((role) => rightsOf(role));

function rightsOf(role: AccessDocument): readonly Right[] {
  const { rules = [] } = role;
  return rules.flatMap((rule, index) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.map((verb) => ({
        name: `${verb} ${resource}`,
        role,
        group: rule.apiGroups[0] ?? '',
        resource,
        verb,
        without: rules
          .with(index, { ...rule, verbs: rule.verbs.filter((one) => one !== verb) })
          .filter(({ verbs }) => verbs.length > 0),
      })),
    ),
  );
}

/** Without any other, nothing is known of a resource, or nothing can be written to it. */
const TOLD_IN_STATUS = 'patch resourceservers';

/** All that the operator does in a life, and what a standby does beside it. */
async function live(user: User, pool: Pool): Promise<void> {
  await user.apply(aResourceServer().inPool(pool.id));
  await user.untilReady();
  for (const _ of ['an Event', 'the same again, which is a patch of the first']) {
    await user.pause();
    await user.until('paused', (stored) => conditionOf(stored, 'Paused')?.status === 'True');
    await user.unpause();
    await user.untilReady();
  }
  await user.apply(aResourceServer().named('rival').inPool(pool.id));
  await user.untilReason('IdentityTaken', 'rival');
  await user.remove();
  await user.untilReady('rival');
}

/** The server's own word, as its authorizer learns of a change a moment later. */
async function untilDenied({ kubernetes }: House, right: Right): Promise<void> {
  const { verb, group, resource: whole, role } = right;
  const [resource, subresource = ''] = whole.split('/');
  const { namespace = 'default', name } = role.metadata;
  const where = { verb, group, resource, subresource, namespace, name };
  const spec = { user: OPERATOR_USER, resourceAttributes: where };
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  await waitFor(`${right.name} to be denied`, async () => {
    const { body } = await kubernetes.request('POST', path, { spec });
    return !(body as { readonly status: { readonly allowed: boolean } }).status.allowed;
  });
}

function complaintOf({ operators }: House, { verb, resource }: Right): LogLine | undefined {
  const words = new RegExp(`"${verb} ${resource}"|cannot ${verb} resource .{1,2}${resource}\\b`);
  return operators
    .flatMap(({ lines }) => lines)
    .find((line) => /warn|error/.test(line.level) && words.test(JSON.stringify(line)));
}

describe.concurrent.each(RIGHTS)('without the right to $name', (right) => {
  test('that is named, and waited for', async ({ house, user, pool }) => {
    await replaceRules(house.kubernetes, { ...right.role, rules: right.without });
    await untilDenied(house, right);
    house.start();
    house.start();
    const living = live(user, pool);
    await waitFor(`"${right.name}" to be named`, () => complaintOf(house, right), {
      tellMore: () => loud(house),
    });
    if (right.name === TOLD_IN_STATUS) await user.untilReason('AccessDenied');
    await replaceRules(house.kubernetes, right.role);
    await living;
    expect(house.operators.map((each) => each.isRunning())).toEqual([true, true]);
  });
});

const NO_LEASE = /get leases|cannot get resource .{1,2}leases/;

function loud({ operators }: House): string {
  const lines = operators.flatMap((each) => each.lines.filter(({ level }) => level !== 'debug'));
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

describe.concurrent('a ServiceAccount without rights', () => {
  test('is told so, asks again, and ends nothing', async ({ house, user, pool }) => {
    for (const role of ROLES) await replaceRules(house.kubernetes, { ...role, rules: [] });
    for (const right of RIGHTS) await untilDenied(house, right);
    const operator = house.start();
    await waitFor('three tries', () => (house.kubernetes.counts.get('get leases') ?? 0) >= 3);
    await waitFor('it to be told', () => NO_LEASE.test(loud(house)));
    expect(operator.isRunning()).toBe(true);
    for (const role of ROLES) await replaceRules(house.kubernetes, role);
    await live(user, pool);
    expect(operator.isRunning()).toBe(true);
  });
});

describe('the audit of each house', () => {
  plainTest('finds what no rule grants', () => {
    const request = { requestURI: '/', user: { username: OPERATOR_USER } };
    const listing = (resource: string) => ({ ...request, verb: 'list', objectRef: { resource } });
    const ours = { resource: 'resourceservers', apiGroup: 'cognito-operator.io' };
    expect(
      beyondGrants([listing('secrets'), { ...request, verb: 'list', objectRef: ours }]),
    ).toEqual(['list secrets']);
  });
});
