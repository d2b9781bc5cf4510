/**
 * The service model of the embedded Cognito against the one that AWS publishes for its own
 * clients: botocore's, where Python has it. It carries the constraints, which the SDK does not.
 *
 * An older botocore than this project lacks what AWS added since: it may know less of errors and
 * of answers, and never more.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  isOperation,
  operationModels,
  resourceServerMembers,
  type Shape,
} from '../sandbox/cognito/model.ts';
import { findPackage } from './cognito-python.ts';

const botocore = await findPackage('botocore');
if (botocore.kind === 'missing') console.warn(`SKIPPED: the published model: ${botocore.reason}`);

interface Model {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, PublishedOperation>>;
  readonly shapes: Readonly<Record<string, PublishedShape>>;
}

interface PublishedOperation {
  readonly http: object;
  readonly input: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors: readonly { readonly shape: string }[];
}

interface PublishedShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

const FILE = 'data/cognito-idp/2016-04-18/service-2.json.gz';

const published = (): Model =>
  botocore.kind === 'found'
    ? JSON.parse(gunzipSync(readFileSync(join(botocore.folder, FILE))).toString())
    : { metadata: {}, operations: {}, shapes: {} };

const operations = Object.keys(operationModels).filter(isOperation);

describe.skipIf(botocore.kind === 'missing')('AWS publishes', () => {
  const { metadata, operations: theirs, shapes } = published();
  const shapeNamed = (name = ''): PublishedShape => {
    const found = shapes[name];
    if (found === undefined) throw new Error(`the published model has no ${name}`);
    return found;
  };

  /** What the published model says of a value, in the words of ours. */
  const ofTheirs = (name: string): object => {
    const { type: kind, members = {}, member, required = [], ...rest } = shapeNamed(name);
    const { min, max, pattern } = rest;
    const inner = Object.entries(members).map(([each, { shape }]) => [each, ofTheirs(shape)]);
    if (kind === 'structure') return { kind, required, members: Object.fromEntries(inner) };
    if (kind === 'list') return { kind, max, member: ofTheirs(member?.shape ?? '') };
    return { kind, min, max, pattern };
  };

  test('the protocol and the target that the embedded server speaks', () => {
    expect(metadata).toMatchObject({
      apiVersion: '2016-04-18',
      jsonVersion: '1.1',
      protocol: 'json',
      signatureVersion: 'v4',
      targetPrefix: 'AWSCognitoIdentityProviderService',
    });
    for (const name of operations)
      expect(theirs[name]?.http).toEqual({ method: 'POST', requestUri: '/' });
  });

  test.each(operations)('every member and constraint of %s', (name) => {
    expect(ofOurs(operationModels[name].input)).toEqual(ofTheirs(`${name}Request`));
  });

  test.each(operations)('no answer of %s that we do not give', (name) => {
    const answer = theirs[name]?.output?.shape;
    const members = answer === undefined ? [] : Object.keys(shapeNamed(answer).members ?? {});
    expect(operationModels[name].output).toEqual(members);
  });

  test.each(operations)('no error of %s that we do not know', (name) => {
    const errors = theirs[name]?.errors.map(({ shape }) => shape);
    expect(operationModels[name].errors).toEqual(expect.arrayContaining(errors ?? ['none']));
  });

  test('no member of a resource server that we do not know', () => {
    const members = Object.keys(shapeNamed('ResourceServerType').members ?? {});
    expect(resourceServerMembers).toEqual(expect.arrayContaining(members));
  });
});

function ofOurs(shape: Shape): object {
  switch (shape.kind) {
    case 'structure': {
      const { kind, required } = shape;
      const members = Object.entries(shape.members).map(([name, each]) => [name, ofOurs(each)]);
      return { kind, required, members: Object.fromEntries(members) };
    }
    case 'list':
      return { ...shape, member: ofOurs(shape.member) };
    case 'integer':
      return { ...shape, pattern: undefined };
    case 'string':
      return { ...shape, max: shape.max, pattern: shape.pattern?.text };
  }
}
