import { describe, expect, test } from 'vitest';
import { PAUSED_ANNOTATION, SYNC_ANNOTATION } from '../../src/api/names.ts';
import { parse } from '../../src/api/parse.ts';
import {
  aResourceServer,
  IDENTIFIER,
  type Json,
  POOL,
  type ResourceServerBuilder,
  SCOPE,
} from '../support/builders.ts';

const plain = aResourceServer();

test('a resource is read as it stands', () => {
  const given = plain
    .finalized()
    .deleting()
    .labelled({ team: 'weather' })
    .syncRequested('now')
    .withRemote()
    .withPending('Update');
  expect(given.parsed()).toMatchObject({
    key: 'identity/weather-api',
    uid: 'uid-of-weather-api',
    generation: 1,
    createdAt: '2026-01-01T00:00:00Z',
    leaving: true,
    finalizers: ['cognito-operator.io/finalizer'],
    labels: { team: 'weather' },
    paused: false,
    syncRequest: 'now',
    identity: { userPoolId: POOL, identifier: IDENTIFIER },
    desired: { name: 'Weather API', scopes: [SCOPE] },
    deletionPolicy: 'DeleteIfCreated',
    adoptionPolicy: 'IfMatching',
    managementPolicy: 'Enforce',
    problems: [],
    remote: { origin: 'Created' },
    pending: { operation: 'Update', instance: 'instance-1' },
  });
});

test.each([null, undefined, 7, 'x', [], {}, { metadata: { name: 'x' } }, { metadata: null }])(
  'without a name and a UID nothing can be told of it: %j',
  (raw) => {
    expect(parse(raw).kind).toBe('Unreadable');
  },
);

test('the name of a resource is no name for Cognito when Cognito would refuse it', () => {
  const { desired, problems } = plain.named('!').spec({ name: undefined }).parsed();
  expect(desired).toBeUndefined();
  expect(problems).toMatchObject([{ field: 'spec.name' }]);
});

describe('a field that cannot be used', () => {
  test.each([
    { field: 'spec.userPoolId', spec: { userPoolId: 'eu-west-1_AbC/../evil' } },
    { field: 'spec.userPoolId', spec: { userPoolId: `eu-west-1_${'a'.repeat(46)}` } },
    { field: 'spec.userPoolId', spec: { userPoolId: 'eu-west-1_AbC\n' } },
    { field: 'spec.identifier', spec: { identifier: 'two words' } },
    { field: 'spec.identifier', spec: { identifier: '' } },
    { field: 'spec.identifier', spec: { identifier: 'aws.cognito.signin' } },
    { field: 'spec.identifier', spec: { identifier: 'x'.repeat(257) } },
    { field: 'spec.name', spec: { name: '' } },
    { field: 'spec.name', spec: { name: 'Wetter/Vorhersage' } },
    { field: 'spec.scopes', spec: { scopes: {} } },
    { field: 'spec.scopes', spec: { scopes: Array.from({ length: 101 }, () => SCOPE) } },
    { field: 'spec.scopes', spec: { scopes: [SCOPE, SCOPE] } },
    { field: 'spec.scopes[0].name', spec: { scopes: [{ ...SCOPE, name: 'a/b' }] } },
    { field: 'spec.scopes[1].name', spec: { scopes: [SCOPE, null] } },
    { field: 'spec.scopes[0].description', spec: { scopes: [{ name: 'a' }] } },
    { field: 'spec.deletionPolicy', spec: { deletionPolicy: 'delete' } },
    { field: 'spec.adoptionPolicy', spec: { adoptionPolicy: ['Always'] } },
    { field: 'spec.managementPolicy', spec: { managementPolicy: 7 } },
  ])('$field is named as a problem ($spec)', ({ field, spec }) => {
    expect(
      plain
        .spec(spec)
        .parsed()
        .problems.map((each) => each.field),
    ).toContain(field);
  });

  test.each([
    { policy: 'deletionPolicy', safe: 'Retain' },
    { policy: 'adoptionPolicy', safe: 'Never' },
    { policy: 'managementPolicy', safe: 'Observe' },
  ] as const)('$policy counts as $safe', ({ policy, safe }) => {
    expect(plain.spec({ [policy]: '__proto__' }).parsed()[policy]).toBe(safe);
  });

  test('an adoption that would wipe the scopes of a foreign server is none', () => {
    const wiping = plain.adoptedBy('Always').spec({ scopes: undefined });
    expect(wiping.parsed().problems.map(({ field }) => field)).toEqual(['spec.scopes']);
    expect(plain.adoptedBy('Always').withScopes([]).parsed().problems).toEqual([]);
  });
});

describe('what is absent', () => {
  test('takes the defaults of the schema', () => {
    const given = plain.spec({
      name: undefined,
      scopes: undefined,
      deletionPolicy: undefined,
      adoptionPolicy: undefined,
      managementPolicy: undefined,
    });
    expect(given.parsed()).toMatchObject({
      desired: { name: 'weather-api', scopes: [] },
      deletionPolicy: 'DeleteIfCreated',
      adoptionPolicy: 'IfMatching',
      managementPolicy: 'Enforce',
      problems: [],
    });
  });

  test('may be null', () => {
    const given = plain.spec({ name: null, scopes: null, deletionPolicy: null });
    expect(given.parsed()).toMatchObject({ problems: [], deletionPolicy: 'DeleteIfCreated' });
  });
});

describe('the identity', () => {
  test.each<{ name: string; given: ResourceServerBuilder }>([
    { name: 'bad scopes', given: plain.spec({ scopes: 'x' }) },
    { name: 'a bad name', given: plain.spec({ name: {} }) },
    { name: 'bad policies', given: plain.spec({ deletionPolicy: 1, managementPolicy: 2 }) },
  ])('survives $name', ({ given }) => {
    expect(given.parsed().identity).toEqual({ userPoolId: POOL, identifier: IDENTIFIER });
  });

  test('is of the record when the spec has none any more', () => {
    const given = plain.withRemote({ userPoolId: POOL, identifier: IDENTIFIER });
    expect(given.spec({ userPoolId: null, identifier: 7 }).parsed().identity).toEqual({
      userPoolId: POOL,
      identifier: IDENTIFIER,
    });
  });

  test('is of the record when the spec names another, and that is a problem', () => {
    const given = plain.withRemote({ identifier: 'https://owned.example.com' }).parsed();
    expect(given.identity?.identifier).toBe('https://owned.example.com');
    expect(given.problems).toHaveLength(1);
  });

  test('is of no record that names what cannot be a resource server', () => {
    const given = plain.withRemote({ userPoolId: 'evil.example.com/_x' }).parsed();
    expect(given).toMatchObject({ remote: undefined, identity: { userPoolId: POOL } });
  });

  test('is never one that Cognito keeps for itself', () => {
    const given = plain.withRemote({ identifier: 'aws.cognito.signin.user.admin' }).parsed();
    expect(given.identity?.identifier).not.toBe('aws.cognito.signin.user.admin');
  });
});

describe('annotations and labels', () => {
  test.each([
    { value: 'true', paused: true, odd: undefined },
    { value: 'True', paused: false, odd: 'True' },
    { value: 'false', paused: false, odd: 'false' },
    { value: undefined, paused: false, odd: undefined },
    { value: '', paused: false, odd: '' },
  ])('a pause of $value: $paused, odd: $odd', ({ value, paused, odd }) => {
    const given = plain.annotated({ [PAUSED_ANNOTATION]: value }).parsed();
    expect(given).toMatchObject({ paused, oddPause: odd });
  });

  test('a sync request is any text', () => {
    const given = plain.annotated({ [SYNC_ANNOTATION]: 'please' }).parsed();
    expect(given.syncRequest).toBe('please');
  });

  test('a label without a value is a label', () => {
    expect(plain.labelled({ 'example.com/managed': '' }).parsed().labels).toEqual({
      'example.com/managed': '',
    });
  });
});

describe('records', () => {
  test.each<{ name: string; status: Json }>([
    { name: 'another UID', status: { recordUID: 'uid-of-another' } },
    { name: 'no UID', status: { recordUID: undefined } },
  ])('of $name are no records, and stay in the status as stored', ({ status }) => {
    const raw = plain.withRemote().withPending('Delete').raw() as { status: Json };
    const parsed = parse({ ...raw, status: { ...raw.status, ...status } });
    if (parsed.kind !== 'Readable') throw new Error(parsed.why);
    expect(parsed.resource).toMatchObject({ remote: undefined, pending: undefined });
    expect(parsed.resource.status.remote).toBeDefined();
  });

  test.each<Json>([
    { origin: 'Stolen' },
    { identifier: 'two words' },
    { userPoolId: '../..' },
    { hash: '' },
    { accountId: 7 },
    { accountId: '' },
  ])('that say %j are not believed', (fields) => {
    const remote = plain.withRemote(fields).parsed().remote ?? {};
    for (const [name, value] of Object.entries(fields)) {
      expect(remote).not.toHaveProperty(name, value);
    }
  });
});

test('of a condition nothing is kept but what the schema names', () => {
  const raw = plain.ready().raw() as { status: { conditions: readonly Json[] } };
  const conditions = raw.status.conditions.map((each) => ({ ...each, inner: [[{ deep: 1 }]] }));
  const parsed = parse({ ...raw, status: { ...raw.status, conditions } });
  if (parsed.kind !== 'Readable') throw new Error(parsed.why);
  expect(parsed.resource.status.conditions).toEqual(plain.ready().parsed().status.conditions);
  expect(parsed.resource.status.conditions).not.toHaveLength(0);
});
