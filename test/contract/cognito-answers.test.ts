/**
 * What goes over the wire between the real SDK and the embedded Cognito, held against the SDK's
 * own schemas: requests are named as the model names them, answers have no member that the SDK
 * does not know and lack none that it requires, and every error arrives as its class.
 */
import {
  CognitoIdentityProviderClient,
  type ListResourceServersCommand,
  ResourceServerManagedByType,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { isOperation, type Operation, operationModels } from '../sandbox/cognito/model.ts';
import { credentials, POOL, rawCall, refusalOf, type Stage, stage } from './cognito-client.ts';
import { classNamed, errorsOf, mismatchesOf, outputOf, schemaNamed } from './cognito-schemas.ts';

const operations = Object.keys(operationModels).filter(isOperation);

const scope = { ScopeName: 'read', ScopeDescription: 'Read things' };
const server = { UserPoolId: POOL, Identifier: 'https://api.example.com' };
const content = { ...server, Name: 'An API', Scopes: [scope] };

/** A request with every member that its model has. */
const whole: Readonly<Record<Operation, object>> = {
  CreateResourceServer: { ...content, Identifier: 'another' },
  DescribeResourceServer: server,
  UpdateResourceServer: content,
  DeleteResourceServer: server,
  ListResourceServers: { UserPoolId: POOL, MaxResults: 1 },
};

async function stageWithServers(): Promise<Stage> {
  const on = await stage();
  await on.client.create(content);
  await on.client.create({ ...content, Identifier: 'managed' });
  on.cognito.console.setManagedBy(POOL, 'managed', 'COGNITO');
  return on;
}

/** One call of any operation through the SDK. */
async function send(url: string, operation: Operation, input: object): Promise<Sent> {
  const client = new CognitoIdentityProviderClient({
    endpoint: url,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
  });
  const requests: Requested[] = [];
  client.middlewareStack.add(
    (next) => (step) => {
      requests.push(step.request as Requested);
      return next(step);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  try {
    const { $metadata: _, ...output } = await client.send(commandOf(operation, input));
    return { request: requests[0], output };
  } finally {
    client.destroy();
  }
}

interface Requested {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface Sent {
  readonly request: Requested | undefined;
  readonly output: object;
}

/** The SDK's types want one command; whatever is sent, all that is asked of the answer is JSON. */
type AnyCommand = ListResourceServersCommand;

function commandOf(operation: Operation, input: object): AnyCommand {
  return new (classNamed(`${operation}Command`))(input) as AnyCommand;
}

describe.each(operations)('%s', (operation) => {
  test('is asked for by the SDK as the model names it', async () => {
    await using on = await stageWithServers();
    const { request } = await send(on.cognito.url, operation, whole[operation]);
    expect(request).toMatchObject({ method: 'POST', path: '/' });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    });
    expect(JSON.parse(new TextDecoder().decode(request?.body))).toEqual(whole[operation]);
    expect(mismatchesOf(schemaNamed(`${operation}Request`), whole[operation])).toEqual([]);
    expect(on.cognito.log.calls().at(-1)?.operation).toBe(operation);
  });

  test('is answered with what the model has, no more and no less', async () => {
    await using on = await stageWithServers();
    await using other = await stageWithServers();
    const input = whole[operation];
    const { body } = await rawCall(on.cognito.url, operation, JSON.stringify(input));
    const { output } = await send(other.cognito.url, operation, input);
    const schema = outputOf(operation);
    if (schema === undefined) return expect([body, output]).toEqual(['', {}]);
    const answer = JSON.parse(body);
    expect(mismatchesOf(schema, answer)).toEqual([]);
    expect(withoutTokens(output)).toEqual(withoutTokens(answer));
  });

  test.each(errorsOf(operation))('is refused with %s as its class', async (name) => {
    await using on = await stageWithServers();
    const schema = schemaNamed(name);
    const [, , , traits] = schema;
    const httpStatus = name === 'InternalErrorException' ? 500 : 400;
    const action = { kind: 'error', name, message: 'Words.', httpStatus } as const;
    on.cognito.faults.add({ match: { operation }, action });
    const { body } = await rawCall(on.cognito.url, operation, JSON.stringify(whole[operation]));
    const { __type, ...members } = JSON.parse(body);
    expect([__type, mismatchesOf(schema, members)]).toEqual([name, []]);
    const thrown = await send(on.cognito.url, operation, whole[operation]).catch((error) => error);
    expect(thrown).toBeInstanceOf(classNamed(name));
    expect(thrown).toMatchObject({ name, message: 'Words.', $fault: faultIn(traits) });
  });

  test('refuses by itself only with errors that the model lists for it', async () => {
    await using on = await stageWithServers();
    const refuse = async (input: object): Promise<string> =>
      (await refusalOf(send(on.cognito.url, operation, input))).name;
    const refusals = [
      await refuse({ ...whole[operation], UserPoolId: 'nowhere' }),
      await refuse({ ...whole[operation], UserPoolId: 'eu-west-1_Missing' }),
    ];
    on.cognito.setQuota(POOL, 2);
    if (operation === 'CreateResourceServer') refusals.push(await refuse(whole[operation]));
    on.cognito.setReplica(POOL, 'refuses-everything');
    refusals.push(await refuse(whole[operation]));
    on.cognito.setRates(NO_RATE);
    refusals.push(await refuse(whole[operation]));
    expect(refusals).toEqual([
      'InvalidParameterException',
      'ResourceNotFoundException',
      ...(operation === 'CreateResourceServer' ? ['LimitExceededException'] : []),
      'OperationNotEnabledException',
      'TooManyRequestsException',
    ]);
    expect(errorsOf(operation)).toEqual(expect.arrayContaining(refusals));
  });
});

const NO_RATE = { perAccount: { read: 0, update: 0 }, perPool: 0, mode: 'per-operation' } as const;

/** A token is opaque, and of its server. */
const withoutTokens = (answer: object) => ({ ...answer, NextToken: 'NextToken' in answer });

const faultIn = (traits: unknown): unknown =>
  Object.entries(traits as object)
    .filter(([name]) => name === 'error')
    .map(([, fault]) => fault)[0];

test('a list shows each member that a resource server has, managed ones too', async () => {
  await using on = await stageWithServers();
  const { ResourceServers } = await on.client.list({ UserPoolId: POOL, MaxResults: 50 });
  expect(ResourceServers).toContainEqual({
    ...content,
    Identifier: 'managed',
    ManagedBy: ResourceServerManagedByType.COGNITO,
  });
});
