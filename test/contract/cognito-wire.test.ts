/** The bytes of the embedded Cognito: AWS JSON 1.1, signatures, and STS in AWS Query. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import {
  createClient,
  credentials,
  POOL,
  type RawAnswer,
  rawCall,
  refusalOf,
  stage,
} from './cognito-client.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const describeNobody = JSON.stringify({ UserPoolId: POOL, Identifier: 'nobody' });

const stsOf = (url: string) =>
  new STSClient({ endpoint: url, region: 'eu-west-1', credentials, maxAttempts: 1 });

const errorIn = ({ status, body }: RawAnswer) => ({ status, ...JSON.parse(body) });

describe('AWS JSON 1.1', () => {
  test('an error is told in body and headers', async () => {
    await using on = await stage();
    const answer = await rawCall(on.cognito.url, 'DescribeResourceServer', describeNobody);
    const message = 'Resource server nobody does not exist.';
    expect(answer.status).toBe(400);
    expect(answer.body).toBe(`{"__type":"ResourceNotFoundException","message":"${message}"}`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-errortype': 'ResourceNotFoundException:',
      'x-amzn-errormessage': message,
      'x-amzn-requestid': expect.stringMatching(uuid),
    });
  });

  test('every answer has a request id of its own, and the SDK finds it', async () => {
    await using on = await stage();
    const first = await on.client.list({ UserPoolId: POOL });
    const second = await refusalOf(on.client.describe({ UserPoolId: POOL, Identifier: 'x' }));
    const ids = [first.$metadata.requestId, second.requestId];
    for (const id of ids) expect(id).toMatch(uuid);
    expect(new Set(ids).size).toBe(2);
  });

  test('a message no header can carry arrives whole in the body', async () => {
    await using on = await stage();
    const Name = `ü\n${'x'.repeat(5_000)}`;
    const input = { UserPoolId: POOL, Identifier: 'a', Name };
    const body = JSON.stringify(input);
    const answer = await rawCall(on.cognito.url, 'CreateResourceServer', body);
    expect(errorIn(answer).message).toContain(Name);
    const header = answer.headers.get('x-amzn-errormessage');
    expect(header).toMatch(/^2 validation errors detected: Value '\?\?x+$/);
    expect(header).toHaveLength(1_024);
  });

  test.each([
    ['not JSON', '{"UserPoolId":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['empty', ''],
    ['of a wrong type', '{"UserPoolId":1,"Identifier":"x"}'],
    ['of a wrong inner type', '{"UserPoolId":"eu-west-1_a","Identifier":"x","Scopes":["y"]}'],
  ])('a body that is %s is a SerializationException', async (_, body) => {
    await using on = await stage();
    const answer = await rawCall(on.cognito.url, 'CreateResourceServer', body);
    expect(errorIn(answer)).toMatchObject({ status: 400, __type: 'SerializationException' });
  });

  test('a member of null is an absent one, and an unknown member is ignored', async () => {
    await using on = await stage();
    const input = { UserPoolId: POOL, Identifier: 'x', Name: 'n', Scopes: null, Colour: 'red' };
    const answer = await rawCall(on.cognito.url, 'CreateResourceServer', JSON.stringify(input));
    expect(answer.status).toBe(200);
    expect(on.cognito.console.list(POOL)).toEqual([{ identifier: 'x', name: 'n', scopes: [] }]);
  });

  test.each([
    ['an unknown operation', 'DescribeUserPool', {}],
    ['a name every object has', 'constructor', {}],
    ['another service', '', { 'x-amz-target': 'DynamoDB_20120810.ListTables' }],
    ['another protocol', 'ListResourceServers', { 'content-type': 'application/cbor' }],
  ])('%s is an UnknownOperationException', async (_, operation, headers) => {
    await using on = await stage();
    const answer = await rawCall(on.cognito.url, operation, '{}', headers);
    expect(errorIn(answer)).toMatchObject({ status: 400, __type: 'UnknownOperationException' });
    expect(on.cognito.counts()).toEqual({ Unknown: { UnknownOperationException: 1 } });
  });

  test('so is a wrong path, and a wrong method', async () => {
    await using on = await stage();
    const { url } = on.cognito;
    const unknown = { __type: 'UnknownOperationException' };
    const elsewhere = await rawCall(`${url}/healthz`, 'ListResourceServers', '{}');
    expect(errorIn(elsewhere)).toMatchObject(unknown);
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.ListResourceServers',
    };
    const put = await fetch(url, { method: 'PUT', headers, body: '{}' });
    expect(await put.json()).toMatchObject(unknown);
  });
});

test('a body without end, and one that breaks off, are no calls and do no harm', async () => {
  await using on = await stage();
  const endless = 'x'.repeat(5 * 1024 * 1024);
  const call = rawCall(on.cognito.url, 'ListResourceServers', endless);
  await expect(call).rejects.toThrow('fetch failed');
  const socket = connect(on.cognito.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
  socket.resume();
  await once(socket, 'close');
  expect((await on.client.list({ UserPoolId: POOL })).ResourceServers).toEqual([]);
  expect(on.cognito.log.size).toBe(1);
});

describe('validation', () => {
  test('reports all violations together, in the wording of the service', async () => {
    await using on = await stage();
    const call = on.client.create({
      UserPoolId: 'nopool',
      Identifier: 'a b',
      Name: '',
      Scopes: [
        { ScopeName: 'fine', ScopeDescription: 'd' },
        { ScopeName: 'a/b', ScopeDescription: undefined },
      ],
    });
    const constraint = 'failed to satisfy constraint: Member must';
    expect(await refusalOf(call)).toMatchObject({
      name: 'InvalidParameterException',
      status: 400,
      message: [
        `6 validation errors detected: Value 'nopool' at 'userPoolId' ${constraint} satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+`,
        `Value 'a b' at 'identifier' ${constraint} satisfy regular expression pattern: [\\x21\\x23-\\x5B\\x5D-\\x7E]+`,
        `Value '' at 'name' ${constraint} have length greater than or equal to 1`,
        `Value '' at 'name' ${constraint} satisfy regular expression pattern: [\\w\\s+=,.@-]+`,
        `Value 'a/b' at 'scopes.2.member.scopeName' ${constraint} satisfy regular expression pattern: [\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+`,
        `Value null at 'scopes.2.member.scopeDescription' ${constraint} not be null`,
      ].join('; '),
    });
  });

  test('of a single violation counts one error', async () => {
    await using on = await stage();
    expect((await refusalOf(on.client.list({ UserPoolId: POOL, MaxResults: 51 }))).message).toBe(
      "1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: " +
        'Member must have value less than or equal to 50',
    );
  });

  test('goes before the question whether the pool exists', async () => {
    await using on = await stage();
    const call = on.client.describe({ UserPoolId: 'eu-west-1_Missing', Identifier: 'a b' });
    expect((await refusalOf(call)).name).toBe('InvalidParameterException');
  });
});

describe('a signature', () => {
  test.each([
    ['missing', {}, 'MissingAuthenticationTokenException'],
    ['malformed', { authorization: 'Bearer x' }, 'IncompleteSignatureException'],
  ])('that is %s is refused', async (_, headers, name) => {
    await using on = await stage();
    const answer = await fetch(on.cognito.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.ListResourceServers',
        ...headers,
      },
      body: '{}',
    });
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([400, `${name}:`]);
  });

  test('for another service is an InvalidSignatureException', async () => {
    await using on = await stage();
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/eu-west-1/sts/aws4_request, ' +
      `SignedHeaders=host, Signature=${'0'.repeat(64)}`;
    const answer = await rawCall(on.cognito.url, 'ListResourceServers', '{}', { authorization });
    expect(errorIn(answer)).toMatchObject({
      __type: 'InvalidSignatureException',
      message: "Credential should be scoped to correct service: 'cognito-idp'.",
    });
  });

  test('of a key that is not accepted is an UnrecognizedClientException', async () => {
    await using on = await stage({ credentials: ['AKIAANOTHER'] });
    expect(await refusalOf(on.client.list({ UserPoolId: POOL }))).toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
      status: 400,
    });
  });

  test('is verified when the secret is known', async () => {
    await using on = await stage({ credentials: [credentials] });
    expect((await on.client.list({ UserPoolId: POOL })).ResourceServers).toEqual([]);
    const wrong = { ...credentials, secretAccessKey: 'wrong' };
    using impostor = createClient(on.cognito.url, { credentials: wrong });
    const { name } = await refusalOf(impostor.list({ UserPoolId: POOL }));
    expect(name).toBe('InvalidSignatureException');
  });

  test('is refused while credentials are invalid or expired', async () => {
    await using on = await stage();
    const { faults } = on.cognito;
    const outcome = async () => (await refusalOf(on.client.list({ UserPoolId: POOL }))).name;
    faults.setCredentialsValid(false);
    expect(await outcome()).toBe('UnrecognizedClientException');
    faults.expireCredentials();
    expect(await outcome()).toBe('ExpiredTokenException');
    faults.setCredentialsValid(true);
    expect((await on.client.list({ UserPoolId: POOL })).ResourceServers).toEqual([]);
  });
});

describe('STS', () => {
  test('tells the account of the caller', async () => {
    await using on = await stage({ accountId: '999988887777', credentials: [credentials] });
    const sts = stsOf(on.cognito.url);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '999988887777',
      Arn: 'arn:aws:sts::999988887777:assumed-role/cognito-operator/sandbox',
      $metadata: { requestId: expect.stringMatching(uuid) },
    });
    on.cognito.setAccountId('444455556666');
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe('444455556666');
    sts.destroy();
  });

  test('refuses bad credentials in its own words', async () => {
    await using on = await stage();
    const sts = stsOf(on.cognito.url);
    const outcome = () => refusalOf(sts.send(new GetCallerIdentityCommand({})));
    on.cognito.faults.setCredentialsValid(false);
    expect(await outcome()).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
    on.cognito.faults.expireCredentials();
    expect((await outcome()).name).toMatch(/^ExpiredToken/);
    sts.destroy();
  });

  test.each([
    ['AssumeRole', '2011-06-15'],
    ['GetCallerIdentity', '2010-05-08'],
  ])('does not know %s of %s', async (action, version) => {
    await using on = await stage();
    const body = `Action=${action}&Version=${version}`;
    const answer = await rawCall(on.cognito.url, '', body, {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/us-east-1/sts/aws4_request, ' +
        `SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('text/xml');
    expect(answer.body).toContain(
      '<Code>InvalidAction</Code>' +
        `<Message>Could not find operation ${action} for version ${version}</Message>`,
    );
  });
});
