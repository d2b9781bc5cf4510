/** What is refused, and in which words: users read them at `kubectl apply`. */
import { describe, expect, test } from 'vitest';
import { aResource, type World } from './kubernetes-world.ts';

interface Row {
  readonly name: string;
  readonly spec: object;
  /** Parts of the message, each of which must be there. */
  readonly want: readonly string[];
  readonly field: string;
}

const scope = (name: string) => ({ name, description: 'd' });

const REFUSED: readonly Row[] = [
  {
    name: 'a text that does not match its pattern',
    spec: { identifier: 'a b' },
    field: 'spec.identifier',
    want: [`spec.identifier: Invalid value: "a b": spec.identifier in body should match '^`],
  },
  {
    name: 'a text that is too short',
    spec: { identifier: '' },
    field: 'spec.identifier',
    want: ['spec.identifier in body should be at least 1 chars long'],
  },
  {
    name: 'a text that is too long',
    spec: { identifier: 'x'.repeat(257) },
    field: 'spec.identifier',
    want: ['spec.identifier: Too long: may not be more than 256 bytes'],
  },
  {
    name: 'a missing field',
    spec: { userPoolId: undefined },
    field: 'spec.userPoolId',
    want: ['spec.userPoolId: Required value', 'some validation rules were not checked'],
  },
  {
    name: 'a value of the wrong type',
    spec: { name: 7 },
    field: 'spec.name',
    want: ['spec.name in body must be of type string: "integer"'],
  },
  {
    name: 'a value that is not in the enumeration',
    spec: { deletionPolicy: 'Never' },
    field: 'spec.deletionPolicy',
    want: ['Unsupported value: "Never": supported values: "DeleteIfCreated", "Delete", "Retain"'],
  },
  {
    name: 'too many items',
    spec: { scopes: Array.from({ length: 101 }, (_, n) => scope(`s${n}`)) },
    field: 'spec.scopes',
    want: ['spec.scopes: Too many: 101: must have at most 100 items'],
  },
  {
    name: 'two items with one key',
    spec: { scopes: [scope('forecast.read'), scope('forecast.read')] },
    field: 'spec.scopes[1]',
    want: ['spec.scopes[1]: Duplicate value: {"name":"forecast.read"}'],
  },
  {
    name: 'a field that is missing deep inside',
    spec: { scopes: [{ name: 'forecast.read' }] },
    field: 'spec.scopes[0].description',
    want: ['spec.scopes[0].description: Required value'],
  },
  {
    name: 'what a CEL rule forbids',
    spec: { identifier: 'aws.cognito.signin' },
    field: 'spec.identifier',
    want: ['spec.identifier: Invalid value: "aws.cognito.signin": `identifier` must not start'],
  },
  {
    name: 'what a CEL rule with a reason and a field path demands',
    spec: { adoptionPolicy: 'Always' },
    field: 'spec.scopes',
    want: ['spec.scopes: Required value: `scopes` must be present'],
  },
];

export function validationRows(world: () => World): void {
  describe('validation', () => {
    test.each(REFUSED)('refuses $name', async ({ spec, want, field }) => {
      const { client, at } = world();
      const { status, body } = await client.post(at(), aResource('x', spec));
      expect(status).toBe(422);
      expect(body.reason).toBe('Invalid');
      expect(body.message).toContain('ResourceServer.cognito-operator.io "x" is invalid: ');
      for (const part of want) expect(body.message).toContain(part);
      expect(body.details).toMatchObject({
        name: 'x',
        group: 'cognito-operator.io',
        kind: 'ResourceServer',
      });
      expect(body.details?.causes?.map((cause) => cause.field)).toContain(field);
    });

    test('tells a single error without brackets and several as a list', async () => {
      const { client, at } = world();
      const one = await client.post(at(), aResource('x', { identifier: 'aws.cognito.x' }));
      expect(one.body.message).not.toContain('[');
      const two = await client.post(at(), aResource('x', { identifier: 'a b', userPoolId: 'q' }));
      expect(two.body.message).toMatch(/is invalid: \[.*, .*\]$/);
    });

    test('refuses to change what is immutable, and lets the rest change', async () => {
      const { client, at, create } = world();
      await create('x');
      const change = await client.patch(at('x'), { spec: { identifier: 'https://b.example.com' } });
      expect(change.status).toBe(422);
      expect(change.body.message).toContain('`identifier` is immutable');
      expect((await client.patch(at('x'), { spec: { name: 'Weather' } })).status).toBe(200);
    });

    test('fills in the defaults of the schema, those of status too', async () => {
      const made = await world().create('x');
      expect(made.spec).toMatchObject({
        deletionPolicy: 'DeleteIfCreated',
        adoptionPolicy: 'IfMatching',
        managementPolicy: 'Enforce',
      });
      expect(made.status).toEqual({ observedGeneration: -1 });
    });

    test('drops unknown fields and warns of each', async () => {
      const { client, at } = world();
      const strange = { ...aResource('x', { colour: 'red' }), extra: true };
      const { status, headers, body } = await client.post(at(), strange);
      expect(status).toBe(201);
      expect(headers.get('warning')).toContain('299 - "unknown field \\"spec.colour\\""');
      expect(headers.get('warning')).toContain('unknown field \\"extra\\"');
      expect(body.spec).not.toHaveProperty('colour');
      expect(body).not.toHaveProperty('extra');
    });

    test('drops them silently when asked to ignore them', async () => {
      const { client, at } = world();
      const answer = await client.post(
        `${at()}?fieldValidation=Ignore`,
        aResource('x', { colour: 'red' }),
      );
      expect(answer.status).toBe(201);
      expect(answer.headers.get('warning')).toBeNull();
    });

    test('refuses unknown fields when asked to be strict', async () => {
      const { client, at } = world();
      const { status, body } = await client.post(
        `${at()}?fieldValidation=Strict`,
        aResource('x', { colour: 'red', scopes: [{ ...scope('a'), tone: 1 }] }),
      );
      expect(status).toBe(400);
      expect(body).toMatchObject({
        reason: 'BadRequest',
        message:
          'ResourceServer in version "v1" cannot be handled as a ResourceServer: strict decoding ' +
          'error: unknown field "spec.colour", unknown field "spec.scopes[0].tone"',
      });
    });

    test('refuses an unknown field of a strict patch with 422', async () => {
      const { client, at, create } = world();
      await create('x');
      const patch = { spec: { colour: 'red' } };
      const { status, body } = await client.patch(`${at('x')}?fieldValidation=Strict`, patch);
      expect(status).toBe(422);
      expect(body.message).toContain('strict decoding error: unknown field "spec.colour"');
    });

    test('refuses a status that breaks the schema', async () => {
      const { client, at, create } = world();
      await create('x');
      const answer = await client.patch(`${at('x')}/status`, { status: { scopeCount: -1 } });
      expect(answer.status).toBe(422);
      expect(answer.body.message).toContain('status.scopeCount: Invalid value: -1');
    });

    test.each([
      ['a name with capitals', { name: 'X' }, 'metadata.name: Invalid value: "X"'],
      ['no name', { name: '' }, 'name or generateName is required'],
      ['a label with spaces', { name: 'x', labels: { 'a b': 'c' } }, 'metadata.labels'],
      ['a finalizer with spaces', { name: 'x', finalizers: ['a b'] }, 'metadata.finalizers'],
    ])('refuses %s', async (_, metadata, want) => {
      const { client, at } = world();
      const { status, body } = await client.post(at(), { ...aResource('x'), metadata });
      expect(status).toBe(422);
      expect(body.message).toContain(want);
    });

    test.each([
      ['no kind', { kind: undefined }, "Object 'Kind' is missing"],
      [
        'another API version',
        { apiVersion: 'cognito-operator.io/v2' },
        'does not match the expected',
      ],
      [
        'another namespace',
        { metadata: { name: 'x', namespace: 'default' } },
        'does not match the namespace',
      ],
    ])('refuses %s as a bad request', async (_, change, want) => {
      const { client, at } = world();
      const { status, body } = await client.post(at(), { ...aResource('x'), ...change });
      expect(status).toBe(400);
      expect(body.reason).toBe('BadRequest');
      expect(body.message).toContain(want);
    });

    test('refuses what is no JSON', async () => {
      const { client, at, create } = world();
      await create('x');
      expect((await client.post(at(), '{nope')).status).toBe(400);
      expect((await client.patch(at('x'), 'nope')).status).toBe(400);
    });

    test('refuses a body it cannot read', async () => {
      const { client, at } = world();
      const answer = await client.post(at(), 'x', { 'content-type': 'text/plain' });
      expect(answer.status).toBe(415);
      expect(answer.body.reason).toBe('UnsupportedMediaType');
    });
  });
}
