/** What every implementation of the UserPools port promises, on a pool of 25 servers. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Call, UserPools } from '../../src/ports.ts';

export interface UserPoolsSubject {
  readonly userPools: UserPools;
  /** An empty pool that exists. */
  readonly pool: string;
  /** Servers that a pool holds before Cognito refuses another. */
  readonly serversPerPool: number;
  /** Mutations that reached Cognito. */
  mutations(): number;
  /** Marks a server as managed by Cognito itself. */
  seize(identifier: string): void;
}

const never = new AbortController().signal;
const call: Call = { signal: never, guard: () => undefined };
const desired = {
  name: 'Weather',
  scopes: [
    { name: 'forecast.read', description: 'Read forecasts' },
    { name: 'forecast.write', description: 'Write ✓ forecasts' },
  ],
};

const ok = (value: unknown) => ({ kind: 'Answered', value });
const no = (failure: object) => ({ kind: 'Failed', failure });

export function describeUserPools(name: string, start: () => Promise<UserPoolsSubject>): void {
  describe(`user pools: ${name}`, () => {
    let subject: UserPoolsSubject;
    beforeEach(async () => {
      subject = await start();
    });
    const identity = (identifier = 'https://weather.example.com') => ({
      userPoolId: subject.pool,
      identifier,
    });

    test('a created server is described with the value it was given', async () => {
      const { userPools } = subject;
      expect(await userPools.create(identity(), desired, call)).toEqual(ok(desired));
      expect(await userPools.describe(identity(), call)).toEqual(ok(desired));
    });

    test('an update replaces the whole value, scopes included', async () => {
      const { userPools } = subject;
      await userPools.create(identity(), desired, call);
      const bare = { name: 'Bare', scopes: [] };
      expect(await userPools.update(identity(), bare, call)).toEqual(ok(bare));
      expect(await userPools.describe(identity(), call)).toEqual(ok(bare));
    });

    test('a deleted server is not found any more, by describe or by delete', async () => {
      const { userPools } = subject;
      await userPools.create(identity(), desired, call);
      expect(await userPools.delete(identity(), call)).toEqual(ok(undefined));
      const missing = { kind: 'NotFound', name: 'ResourceNotFoundException' };
      expect(await userPools.describe(identity(), call)).toMatchObject(no(missing));
      expect(await userPools.delete(identity(), call)).toMatchObject(no(missing));
      expect(await userPools.update(identity(), desired, call)).toMatchObject(no(missing));
    });

    test('creating what exists is rejected as an invalid parameter', async () => {
      const { userPools } = subject;
      await userPools.create(identity(), desired, call);
      expect(await userPools.create(identity(), desired, call)).toMatchObject(
        no({ kind: 'Rejected', reason: 'InvalidParameter' }),
      );
    });

    test('a pool that does not exist is not found', async () => {
      const elsewhere = { userPoolId: 'eu-west-1_Missing', identifier: 'x' };
      expect(await subject.userPools.describe(elsewhere, call)).toMatchObject(
        no({ kind: 'NotFound' }),
      );
      expect(await subject.userPools.list('eu-west-1_Missing', undefined, call)).toMatchObject(
        no({ kind: 'NotFound' }),
      );
    });

    test('a full pool answers a create with its quota', async () => {
      const { userPools, serversPerPool } = subject;
      const made = Array.from({ length: serversPerPool }, (_, index) =>
        userPools.create(identity(`api-${index}`), desired, call),
      );
      expect((await Promise.all(made)).every(({ kind }) => kind === 'Answered')).toBe(true);
      expect(await userPools.create(identity('one-more'), desired, call)).toMatchObject(
        no({ kind: 'QuotaReached', name: 'LimitExceededException' }),
      );
    });

    test('a list names all servers of the pool with their contents', async () => {
      const { userPools, pool } = subject;
      expect(await userPools.list(pool, undefined, call)).toEqual(
        ok({ servers: [], nextToken: undefined }),
      );
      await userPools.create(identity('a'), desired, call);
      await userPools.create(identity('b'), { name: 'B', scopes: [] }, call);
      const listed = await userPools.list(pool, undefined, call);
      if (listed.kind !== 'Answered') throw new Error(listed.failure.message);
      const byIdentifier = listed.value.servers.toSorted((one, other) =>
        one.identifier.localeCompare(other.identifier),
      );
      expect(byIdentifier).toEqual([
        { identifier: 'a', content: desired },
        { identifier: 'b', content: { name: 'B', scopes: [] } },
      ]);
      expect(listed.value.nextToken).toBeUndefined();
    });

    test('a server that Cognito manages says so', async () => {
      const { userPools, pool } = subject;
      await userPools.create(identity(), desired, call);
      subject.seize(identity().identifier);
      const content = { ...desired, managedBy: 'COGNITO' };
      expect(await userPools.describe(identity(), call)).toEqual(ok(content));
      expect(await userPools.list(pool, undefined, call)).toMatchObject(
        ok({ servers: [{ content }] }),
      );
    });

    test('a withheld mutation reaches nobody, and tells why', async () => {
      const { userPools } = subject;
      const held: Call = { signal: never, guard: () => 'NotLeader' };
      const unsent = no({ kind: 'NotSent', withheld: 'NotLeader' });
      expect(await userPools.create(identity(), desired, held)).toMatchObject(unsent);
      expect(await userPools.update(identity(), desired, held)).toMatchObject(unsent);
      expect(await userPools.delete(identity(), held)).toMatchObject(unsent);
      expect(subject.mutations()).toBe(0);
    });

    test('a mutation whose signal is aborted beforehand reaches nobody', async () => {
      const { userPools } = subject;
      const aborted: Call = { signal: AbortSignal.abort(), guard: () => undefined };
      expect(await userPools.create(identity(), desired, aborted)).toMatchObject(
        no({ kind: 'NotSent', withheld: undefined }),
      );
      expect(subject.mutations()).toBe(0);
    });
  });
}
