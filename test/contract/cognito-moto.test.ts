/**
 * The same requests to the embedded Cognito and to moto, an emulator that others wrote, which has
 * Create, Describe and List: the same members, the same names of errors, the same content. Where
 * moto answers otherwise, the row says what AWS's own model or reference says to it.
 */
import {
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  createClient,
  credentials,
  POOL,
  refusalOf,
  stage,
} from './cognito-client.ts';
import { findPackage, startMoto } from './cognito-python.ts';

const moto = await findPackage('moto.server');
if (moto.kind === 'missing') console.warn(`SKIPPED: the comparison with moto: ${moto.reason}`);

/** A server to ask, and the id that it gave its user pool. */
interface Peer {
  readonly client: Client;
  readonly pool: string;
}

interface Row {
  readonly name: string;
  readonly ask: (peer: Peer) => Promise<object>;
  /** What moto answers instead, and why that is not what Cognito does. */
  readonly moto?: { readonly answers: object; readonly because: string };
}

const read = { ScopeName: 'read', ScopeDescription: 'Read things' };
const write = { ScopeName: 'write', ScopeDescription: 'Write things' };
const of = ({ pool }: Peer, Identifier: string) => ({ UserPoolId: pool, Identifier });
const ELSEWHERE = 'eu-west-1_Missing';

/** One after the other, on one pool each. */
const rows: readonly Row[] = [
  {
    name: 'an empty pool is listed',
    ask: ({ client, pool }) => client.list({ UserPoolId: pool, MaxResults: 50 }),
  },
  {
    name: 'a server is created',
    ask: (peer) =>
      peer.client.create({ ...of(peer, 'https://a'), Name: 'A', Scopes: [write, read] }),
  },
  {
    name: 'a server without scopes is created',
    ask: (peer) => peer.client.create({ ...of(peer, 'b'), Name: 'B' }),
  },
  {
    name: 'a server with an empty list of scopes is created',
    ask: (peer) => peer.client.create({ ...of(peer, 'c'), Name: 'C', Scopes: [] }),
  },
  {
    name: 'a server is created again',
    ask: (peer) => peer.client.create({ ...of(peer, 'https://a'), Name: 'Another' }),
  },
  { name: 'a server is described', ask: (peer) => peer.client.describe(of(peer, 'https://a')) },
  {
    name: 'a server without scopes is described',
    ask: (peer) => peer.client.describe(of(peer, 'b')),
  },
  {
    name: 'a missing server is described',
    ask: (peer) => peer.client.describe(of(peer, 'nobody')),
  },
  {
    name: 'a server of a missing pool is described',
    ask: ({ client }) => client.describe({ UserPoolId: ELSEWHERE, Identifier: 'a' }),
  },
  {
    name: 'a server is created in a missing pool',
    ask: ({ client }) => client.create({ UserPoolId: ELSEWHERE, Identifier: 'a', Name: 'A' }),
  },
  {
    name: 'all servers are listed',
    ask: ({ client, pool }) => client.list({ UserPoolId: pool, MaxResults: 50 }),
  },
  {
    name: 'two pages of servers are listed',
    ask: async ({ client, pool }) => {
      const page = { UserPoolId: pool, MaxResults: 2 };
      const { NextToken, ...first } = await client.list(page);
      const { $metadata: _, ...second } = await client.list({ ...page, NextToken });
      return { first: first.ResourceServers, second, more: NextToken !== undefined };
    },
  },
  {
    name: 'a page is asked for with a token that nobody gave',
    ask: ({ client, pool }) => client.list({ UserPoolId: pool, MaxResults: 2, NextToken: 'any' }),
    moto: {
      answers: { error: 'InvalidToken' },
      because: 'no error of Cognito has this name; its model lists InvalidParameterException',
    },
  },
  {
    name: 'a missing pool is listed',
    ask: ({ client }) => client.list({ UserPoolId: ELSEWHERE, MaxResults: 50 }),
    moto: {
      answers: { status: 500 },
      because: 'a bug (KeyError): the model lists ResourceNotFoundException',
    },
  },
  {
    name: 'more than a page may hold is asked for',
    ask: ({ client, pool }) => client.list({ UserPoolId: pool, MaxResults: 51 }),
    moto: {
      answers: { accepted: true },
      because: 'it validates nothing: the model bounds MaxResults to 50',
    },
  },
  {
    name: 'a server is created with an identifier that has a space',
    ask: (peer) => peer.client.create({ ...of(peer, 'd d'), Name: 'D' }),
    moto: {
      answers: { accepted: true },
      because: 'it validates nothing: the model has a pattern for it',
    },
  },
  {
    name: 'a server is created without a name',
    ask: (peer) => peer.client.create({ ...of(peer, 'e'), Name: undefined }),
    moto: { answers: { accepted: true }, because: 'it validates nothing: the model requires Name' },
  },
  {
    name: 'a server is updated',
    ask: (peer) => peer.client.update({ ...of(peer, 'b'), Name: 'B2' }),
    moto: { answers: { status: 500 }, because: 'it has no UpdateResourceServer' },
  },
  {
    name: 'a server is deleted',
    ask: (peer) => peer.client.delete(of(peer, 'b')),
    moto: { answers: { status: 500 }, because: 'it has no DeleteResourceServer' },
  },
];

/** What was answered, or the name of the error; each pool under one name, no request ids. */
async function answerOf(peer: Peer, { ask }: Row): Promise<object> {
  const asked = ask(peer);
  const [result] = await Promise.allSettled([asked]);
  if (result.status === 'rejected') {
    const { name, status } = await refusalOf(asked);
    return { error: name, status };
  }
  const output = { ...result.value, $metadata: undefined };
  return JSON.parse(JSON.stringify(output).replaceAll(peer.pool, 'POOL'));
}

async function createPool(url: string): Promise<string> {
  const client = new CognitoIdentityProviderClient({
    endpoint: url,
    region: 'eu-west-1',
    credentials,
  });
  const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: 'pool' }));
  client.destroy();
  return UserPool?.Id ?? '';
}

describe.skipIf(moto.kind === 'missing')('the embedded Cognito and moto agree when', () => {
  const started = new AsyncDisposableStack();
  let ours: Peer;
  let theirs: Peer;
  beforeAll(async () => {
    const { client } = started.use(await stage());
    const { url } = started.use(await startMoto());
    ours = { client, pool: POOL };
    theirs = { client: started.use(createClient(url)), pool: await createPool(url) };
  }, 60_000);
  afterAll(() => started.disposeAsync());

  test.each(rows)('$name', async (row) => {
    const our = await answerOf(ours, row);
    const their = await answerOf(theirs, row);
    if (row.moto === undefined) return expect(our).toEqual(their);
    expect(their, row.moto.because).not.toEqual(our);
    if ('accepted' in row.moto.answers) return expect(their).not.toHaveProperty('error');
    expect(their).toMatchObject(row.moto.answers);
  });
});
