/** The embedded Cognito's API, as the real SDK client meets it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, POOL, rawCall, refusalOf, type Stage, stage } from './cognito-client.ts';

const server = { UserPoolId: POOL, Identifier: 'https://api.example.com', Name: 'An API' };
const read = { ScopeName: 'read', ScopeDescription: 'Read things' };
const write = { ScopeName: 'write', ScopeDescription: 'Write things' };
const missing = { UserPoolId: POOL, Identifier: 'nobody' };
const elsewhere = { UserPoolId: 'eu-west-1_Missing', Identifier: 'any' };

const poolMissing = {
  name: 'ResourceNotFoundException',
  message: 'User pool eu-west-1_Missing does not exist.',
  status: 400,
};
const serverMissing = {
  name: 'ResourceNotFoundException',
  message: 'Resource server nobody does not exist.',
  status: 400,
};

describe('CreateResourceServer', () => {
  test('creates, and echoes what it created', async () => {
    await using on = await stage();
    const created = await on.client.create({ ...server, Scopes: [write, read] });
    expect(created.ResourceServer).toEqual({ ...server, Scopes: [write, read] });
    expect((await on.client.describe(server)).ResourceServer).toEqual(created.ResourceServer);
  });

  test('creates without scopes', async () => {
    await using on = await stage();
    expect((await on.client.create(server)).ResourceServer).toEqual(server);
  });

  test('refuses an identifier that exists, and changes nothing', async () => {
    await using on = await stage();
    await on.client.create({ ...server, Scopes: [read] });
    expect(await refusalOf(on.client.create({ ...server, Name: 'Another' }))).toMatchObject({
      name: 'InvalidParameterException',
      message: `https://api.example.com already exists in user pool ${POOL}.`,
      status: 400,
    });
    expect(on.cognito.console.get(POOL, server.Identifier)?.name).toBe('An API');
  });

  test('tells identifiers apart by case and by a trailing slash', async () => {
    await using on = await stage();
    for (const Identifier of ['https://x', 'https://X', 'https://x/'])
      await on.client.create({ ...server, Identifier });
    expect(on.cognito.console.list(POOL)).toHaveLength(3);
  });

  test('refuses one server more than the quota, until there is room', async () => {
    await using on = await stage({ serversPerPool: 2 });
    await on.client.create({ ...server, Identifier: 'a' });
    await on.client.create({ ...server, Identifier: 'b' });
    expect(await refusalOf(on.client.create(server))).toMatchObject({
      name: 'LimitExceededException',
      status: 400,
    });
    on.cognito.setQuota(POOL, 3);
    await on.client.create(server);
    expect(on.cognito.console.list(POOL)).toHaveLength(3);
  });

  test('says "already exists" rather than "quota" when both hold', async () => {
    await using on = await stage({ serversPerPool: 1 });
    await on.client.create(server);
    expect((await refusalOf(on.client.create(server))).message).toContain('already exists');
  });

  test('refuses duplicate scope names only when told to', async () => {
    await using tolerant = await stage();
    await using strict = await stage({ duplicateScopes: 'reject' });
    const twice = { ...server, Scopes: [read, read] };
    expect((await tolerant.client.create(twice)).ResourceServer?.Scopes).toEqual([read, read]);
    expect(await refusalOf(strict.client.create(twice))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Duplicate scope name: read',
    });
  });
});

describe('UpdateResourceServer', () => {
  test('replaces name and scopes', async () => {
    await using on = await stage();
    await on.client.create({ ...server, Scopes: [read] });
    const after = { ...server, Name: 'Renamed', Scopes: [write] };
    expect((await on.client.update(after)).ResourceServer).toEqual(after);
    expect((await on.client.describe(server)).ResourceServer).toEqual(after);
  });

  test.each([
    ['left out', {}],
    ['empty', { Scopes: [] }],
  ])('removes all scopes when they are %s', async (_, scopes) => {
    await using on = await stage();
    await on.client.create({ ...server, Scopes: [read, write] });
    await on.client.update({ ...server, ...scopes });
    expect(on.cognito.console.get(POOL, server.Identifier)?.scopes).toEqual([]);
  });

  test('does not create', async () => {
    await using on = await stage();
    expect(await refusalOf(on.client.update({ ...missing, Name: 'n' }))).toMatchObject(
      serverMissing,
    );
    expect(on.cognito.console.list(POOL)).toEqual([]);
  });
});

describe('DeleteResourceServer', () => {
  test('deletes, and answers 200 with an empty body', async () => {
    await using on = await stage();
    on.cognito.console.create(POOL, { identifier: 'x', name: 'n' });
    const body = JSON.stringify({ UserPoolId: POOL, Identifier: 'x' });
    const answer = await rawCall(on.cognito.url, 'DeleteResourceServer', body);
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers.get('content-length')).toBe('0');
    expect(on.cognito.console.list(POOL)).toEqual([]);
  });

  test('is not idempotent: the second is a ResourceNotFoundException', async () => {
    await using on = await stage();
    await on.client.create(server);
    await on.client.delete(server);
    expect((await refusalOf(on.client.delete(server))).name).toBe('ResourceNotFoundException');
  });
});

describe('what is missing', () => {
  let on: Stage;
  beforeAll(async () => {
    on = await stage({ pools: [POOL, 'us-east-1_Other'] });
  });
  afterAll(() => on[Symbol.asyncDispose]());

  test('a server is ResourceNotFound and names the server', async () => {
    expect(await refusalOf(on.client.describe(missing))).toMatchObject(serverMissing);
    expect(await refusalOf(on.client.delete(missing))).toMatchObject(serverMissing);
  });

  test('a pool is ResourceNotFound too, and names the pool', async () => {
    const { client } = on;
    const calls = [
      client.create({ ...elsewhere, Name: 'n' }),
      client.describe(elsewhere),
      client.update({ ...elsewhere, Name: 'n' }),
      client.delete(elsewhere),
      client.list(elsewhere),
    ];
    for (const call of calls) expect(await refusalOf(call)).toMatchObject(poolMissing);
  });

  test('a pool of another Region looks like a missing one', async () => {
    const call = on.client.list({ UserPoolId: 'us-east-1_Other' });
    expect((await refusalOf(call)).message).toBe('User pool us-east-1_Other does not exist.');
    using there = createClient(on.cognito.url, { region: 'us-east-1' });
    expect((await there.list({ UserPoolId: 'us-east-1_Other' })).ResourceServers).toEqual([]);
  });

  test('a pool of another account looks like a missing one', async () => {
    on.cognito.setAccountId('444455556666');
    const call = on.client.list({ UserPoolId: POOL });
    expect((await refusalOf(call)).message).toBe(`User pool ${POOL} does not exist.`);
    on.cognito.setAccountId('111122223333');
    expect((await on.client.list({ UserPoolId: POOL })).ResourceServers).toEqual([]);
  });

  test('a pool can come and go', async () => {
    on.cognito.addPool(elsewhere.UserPoolId);
    expect((await on.client.list(elsewhere)).ResourceServers).toEqual([]);
    on.cognito.removePool(elsewhere.UserPoolId);
    expect(await refusalOf(on.client.list(elsewhere))).toMatchObject(poolMissing);
  });
});

describe('a server managed by Cognito', () => {
  test('is shown as such, and can be neither updated nor deleted', async () => {
    await using on = await stage();
    await on.client.create(server);
    on.cognito.console.setManagedBy(POOL, server.Identifier, 'COGNITO');
    const { ResourceServers } = await on.client.list(server);
    expect(ResourceServers).toEqual([{ ...server, ManagedBy: 'COGNITO' }]);
    for (const call of [on.client.update(server), on.client.delete(server)])
      expect((await refusalOf(call)).name).toBe('InvalidParameterException');
    on.cognito.console.setManagedBy(POOL, server.Identifier, undefined);
    await on.client.delete(server);
  });
});

describe('a replica', () => {
  test('refuses mutations with OperationNotEnabledException, and answers reads', async () => {
    await using on = await stage();
    await on.client.create(server);
    on.cognito.setReplica(POOL, 'refuses-mutations');
    expect(await refusalOf(on.client.update(server))).toMatchObject({
      name: 'OperationNotEnabledException',
      status: 400,
    });
    expect((await on.client.describe(server)).ResourceServer).toEqual(server);
  });

  test('can refuse everything', async () => {
    await using on = await stage();
    on.cognito.setReplica(POOL, 'refuses-everything');
    const { name } = await refusalOf(on.client.list(server));
    expect(name).toBe('OperationNotEnabledException');
  });
});

describe('what is not documented is a switch', () => {
  test.each([
    ['absent', ['UserPoolId', 'Identifier', 'Name'], undefined],
    ['null', ['UserPoolId', 'Identifier', 'Name', 'Scopes'], null],
    ['empty', ['UserPoolId', 'Identifier', 'Name', 'Scopes'], []],
  ] as const)('no scopes are shown %s', async (omitEmptyScopes, members, scopes) => {
    await using on = await stage({ omitEmptyScopes });
    const body = JSON.stringify(server);
    const answer = await rawCall(on.cognito.url, 'CreateResourceServer', body);
    const { ResourceServer: shown } = JSON.parse(answer.body);
    expect(Object.keys(shown)).toEqual(members);
    expect(shown.Scopes).toEqual(scopes);
  });

  test('scopes come back in the order given, or shuffled', async () => {
    const Scopes = Array.from({ length: 20 }, (_, index) => ({ ...read, ScopeName: `s${index}` }));
    await using plain = await stage();
    await using shuffled = await stage({ shuffleScopes: true });
    expect((await plain.client.create({ ...server, Scopes })).ResourceServer?.Scopes).toEqual(
      Scopes,
    );
    const shown = (await shuffled.client.create({ ...server, Scopes })).ResourceServer?.Scopes;
    expect(shown).not.toEqual(Scopes);
    expect(new Set(shown)).toEqual(new Set(Scopes));
  });

  test('statuses are all 400, or those of the model, with the same names', async () => {
    await using on = await stage({ statusStyle: 'model' });
    expect(await refusalOf(on.client.describe(missing))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
    on.cognito.faults.add({ action: { kind: 'throttle' }, times: 1 });
    expect((await refusalOf(on.client.describe(missing))).status).toBe(429);
    on.cognito.faults.add({ action: { kind: 'accessDenied' }, times: 1 });
    expect((await refusalOf(on.client.describe(missing))).status).toBe(403);
  });

  test('a status a fault names stands, whatever the style', async () => {
    await using on = await stage({ statusStyle: 'model' });
    const name = 'ResourceNotFoundException';
    on.cognito.faults.add({ action: { kind: 'error', name, message: 'm', httpStatus: 410 } });
    expect(await refusalOf(on.client.describe(missing))).toMatchObject({ name, status: 410 });
  });
});
