/** ListResourceServers of the embedded Cognito: pages, tokens, orders, and many servers. */
import { describe, expect, test } from 'vitest';
import type { ListOrder } from '../sandbox/cognito/store.ts';
import { type Client, POOL, refusalOf, stage } from './cognito-client.ts';

const named = (identifier: string) => ({ identifier, name: 'n' });
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => named(`id-${(index * 7919) % count}`));

async function identifiersIn(client: Client, MaxResults?: number): Promise<readonly string[]> {
  const identifiers: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.list({ UserPoolId: POOL, MaxResults, NextToken });
    identifiers.push(...(page.ResourceServers ?? []).map(({ Identifier }) => Identifier ?? ''));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return identifiers;
}

describe('pages', () => {
  test.each([1, 7, 49, 50])('of %i hold every server once, in order', async (size) => {
    await using on = await stage();
    on.cognito.load(POOL, many(101));
    const identifiers = await identifiersIn(on.client, size);
    expect(identifiers).toEqual(many(101).map(({ identifier }) => identifier));
    expect(on.cognito.counts()).toEqual({
      ListResourceServers: { Success: Math.ceil(101 / size) },
    });
  });

  test('carry full servers', async () => {
    await using on = await stage();
    const scopes = [{ name: 'read', description: 'Read' }];
    on.cognito.load(POOL, [{ identifier: 'a', name: 'A', scopes }]);
    expect((await on.client.list({ UserPoolId: POOL })).ResourceServers).toEqual([
      {
        UserPoolId: POOL,
        Identifier: 'a',
        Name: 'A',
        Scopes: [{ ScopeName: 'read', ScopeDescription: 'Read' }],
      },
    ]);
  });

  test('the last one has no token, also when it is full', async () => {
    await using on = await stage();
    on.cognito.load(POOL, many(50));
    const page = await on.client.list({ UserPoolId: POOL, MaxResults: 50 });
    expect(page.ResourceServers).toHaveLength(50);
    expect(page.NextToken).toBeUndefined();
  });

  test('of an empty pool hold an empty list', async () => {
    await using on = await stage();
    expect((await on.client.list({ UserPoolId: POOL })).ResourceServers).toEqual([]);
  });

  test('have a default size, which is a switch', async () => {
    await using fifty = await stage();
    await using sixty = await stage({ defaultPageSize: 60 });
    for (const on of [fifty, sixty]) on.cognito.load(POOL, many(100));
    const sizeOf = async ({ client }: typeof fifty) =>
      (await client.list({ UserPoolId: POOL })).ResourceServers?.length;
    expect(await sizeOf(fifty)).toBe(50);
    expect(await sizeOf(sixty)).toBe(60);
  });

  test('go on where they stopped when servers come and go in between', async () => {
    await using on = await stage({ listOrder: 'identifier' });
    on.cognito.load(POOL, ['a', 'b', 'c', 'd'].map(named));
    const first = await on.client.list({ UserPoolId: POOL, MaxResults: 2 });
    on.cognito.console.delete(POOL, 'b');
    on.cognito.console.create(POOL, named('bb'));
    const { NextToken } = first;
    const second = await on.client.list({ UserPoolId: POOL, MaxResults: 2, NextToken });
    expect(second.ResourceServers?.map(({ Identifier }) => Identifier)).toEqual(['bb', 'c']);
  });
});

describe('orders', () => {
  test.each<[ListOrder, readonly string[]]>([
    ['created', ['b', 'c', 'a']],
    ['identifier', ['a', 'b', 'c']],
    ['hashed', ['c', 'b', 'a']],
  ])('%s', async (listOrder, want) => {
    await using on = await stage({ listOrder });
    on.cognito.load(POOL, ['b', 'c', 'a'].map(named));
    expect(await identifiersIn(on.client, 1)).toEqual(want);
  });

  test('an update keeps the place, a new creation does not', async () => {
    await using on = await stage();
    on.cognito.load(POOL, ['a', 'b', 'c'].map(named));
    await on.client.update({ UserPoolId: POOL, Identifier: 'a', Name: 'renamed' });
    on.cognito.console.delete(POOL, 'b');
    on.cognito.console.create(POOL, named('b'));
    expect(await identifiersIn(on.client)).toEqual(['a', 'c', 'b']);
  });
});

describe('a token', () => {
  const other = 'eu-west-1_Other';

  test.each([
    ['another pool', { UserPoolId: other, MaxResults: 1 }],
    ['another page size', { UserPoolId: POOL, MaxResults: 2 }],
    ['no page size', { UserPoolId: POOL }],
  ])('is refused for %s', async (_, request) => {
    await using on = await stage({ pools: [POOL, other] });
    for (const pool of [POOL, other]) on.cognito.load(pool, many(3));
    const { NextToken } = await on.client.list({ UserPoolId: POOL, MaxResults: 1 });
    expect(await refusalOf(on.client.list({ ...request, NextToken }))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid pagination token given.',
    });
  });

  test('that was made up or tampered with is refused', async () => {
    await using on = await stage();
    on.cognito.load(POOL, many(3));
    const { NextToken = '' } = await on.client.list({ UserPoolId: POOL, MaxResults: 1 });
    const forged = `${NextToken.split('.')[0]}.${Buffer.from('999').toString('base64url')}`;
    for (const token of ['nonsense', '.', forged]) {
      const call = on.client.list({ UserPoolId: POOL, MaxResults: 1, NextToken: token });
      expect((await refusalOf(call)).name).toBe('InvalidParameterException');
    }
  });
});

test('25,000 servers in 1,000 pools are listed', async () => {
  const pools = Array.from({ length: 1_000 }, (_, index) => `eu-west-1_Pool${index}`);
  await using on = await stage({ pools });
  for (const pool of pools) on.cognito.load(pool, many(25));
  for (const UserPoolId of pools) {
    const { ResourceServers } = await on.client.list({ UserPoolId, MaxResults: 50 });
    expect(ResourceServers).toHaveLength(25);
  }
});

test('one pool of 25,000 servers is listed', async () => {
  await using on = await stage();
  on.cognito.load(POOL, many(25_000));
  expect(new Set(await identifiersIn(on.client, 50)).size).toBe(25_000);
});
