/**
 * The service model of the embedded Cognito against two oracles it was not made from: members,
 * required ones, errors and statuses against the installed SDK (its schemas and its type
 * declarations); constraints, which the SDK does not carry, against the table below, and against
 * AWS's published model where Python brings it (`cognito-published.test.ts`).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelStatuses } from '../sandbox/cognito/errors.ts';
import {
  isOperation,
  type Operation,
  operationModels,
  resourceServerMembers,
  type Shape,
  type StructureShape,
} from '../sandbox/cognito/model.ts';
import { POOL, rawCall, type Stage, stage } from './cognito-client.ts';
import {
  errorsOf,
  outputOf,
  type Structure,
  schemaNamed,
  schemasWithin,
  structureIn,
} from './cognito-schemas.ts';

const operations = Object.keys(operationModels).filter(isOperation);

const ours = ({ members, required }: StructureShape): Structure => ({
  members: Object.fromEntries(Object.entries(members).map(([name, { kind }]) => [name, kind])),
  required,
});

/** The server's fault has no `httpError`: it is 500. */
const traitsOf = (name: string): object =>
  name === 'InternalErrorException'
    ? { error: 'server' }
    : { error: 'client', httpError: modelStatuses[name] ?? 400 };

const scopes = operationModels.CreateResourceServer.input.members['Scopes'];
if (scopes?.kind !== 'list' || scopes.member.kind !== 'structure') throw new Error('no scopes');
const scope = scopes.member;

describe('the SDK agrees on', () => {
  test.each(operations)('the input of %s', (operation) => {
    const theirs = structureIn(schemaNamed(`${operation}Request`));
    expect(ours(operationModels[operation].input)).toEqual(theirs);
  });

  test.each(operations.filter((name) => name !== 'DeleteResourceServer'))(
    'the output of %s',
    (operation) => {
      const { members } = structureIn(schemaNamed(`${operation}Response`));
      expect(operationModels[operation].output).toEqual(Object.keys(members));
    },
  );

  test('the output of DeleteResourceServer, which has none', () => {
    expect(outputOf('DeleteResourceServer')).toBeUndefined();
    expect(operationModels.DeleteResourceServer.output).toEqual([]);
  });

  test('a scope', () => {
    expect(ours(scope)).toEqual(structureIn(schemaNamed('ResourceServerScopeType')));
  });

  test('a resource server, whose members are all optional', () => {
    const { members, required } = structureIn(schemaNamed('ResourceServerType'));
    expect(resourceServerMembers).toEqual(Object.keys(members));
    expect(required).toEqual([]);
  });

  test.each(operations)('the errors of %s', (operation) => {
    const thrown = errorsOf(operation);
    expect(new Set(operationModels[operation].errors)).toEqual(new Set(thrown));
    expect(thrown).toHaveLength(operationModels[operation].errors.length);
  });

  test.each([...operationModels.CreateResourceServer.errors, 'AccessDeniedException'])(
    'the status of %s, where statuses are those of the model',
    (name) => {
      const [, , , traits] = schemaNamed(name);
      expect(traits).toEqual(traitsOf(name));
    },
  );
});

/** What the model says of one value, and which printable ASCII its pattern admits. */
interface Constraint {
  readonly min: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly admits?: string;
}

const asciiBetween = (first: number, last: number): string =>
  String.fromCharCode(...Array.from({ length: last - first + 1 }, (_, index) => first + index));

const alphanumeric = asciiBetween(0x30, 0x39) + asciiBetween(0x41, 0x5a) + asciiBetween(0x61, 0x7a);
const white = '\t\n\v\f\r ';
const visible = asciiBetween(0x21, 0x7e);
const without = (text: string, characters: string): string =>
  Array.from(text, (character) => (characters.includes(character) ? '' : character)).join('');

/** Source: botocore 1.43.107, `cognito-idp/2016-04-18/service-2.json`; the API reference agrees. */
const constraints: Readonly<Record<string, Constraint>> = {
  UserPoolId: {
    min: 1,
    max: 55,
    pattern: '[\\w-]+_[0-9a-zA-Z]+',
    admits: `${alphanumeric}_-`,
  },
  Identifier: {
    min: 1,
    max: 256,
    pattern: '[\\x21\\x23-\\x5B\\x5D-\\x7E]+',
    admits: without(visible, '"\\'),
  },
  Name: {
    min: 1,
    max: 256,
    pattern: '[\\w\\s+=,.@-]+',
    admits: `${alphanumeric}${white}_+=,.@-`,
  },
  Scopes: { min: 0, max: 100 },
  ScopeName: {
    min: 1,
    max: 256,
    pattern: '[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+',
    admits: without(visible, '"\\/'),
  },
  ScopeDescription: { min: 1, max: 256 },
  MaxResults: { min: 1, max: 50 },
  NextToken: { min: 1, pattern: '[\\S]+' },
};

const shapes: Readonly<Record<string, Shape>> = {
  ...operationModels.CreateResourceServer.input.members,
  ...operationModels.ListResourceServers.input.members,
  ...scope.members,
};

describe('the constraints', () => {
  test('are nowhere in the SDK, which validates nothing', () => {
    const requests = operations.map((operation) => schemaNamed(`${operation}Request`));
    const traits = requests.flatMap(schemasWithin).map(([, , , each]) => each);
    expect(new Set(traits)).toEqual(new Set([0]));
  });

  test('are those of the published model', () => {
    const printed = Object.entries(shapes).map(([name, shape]) => [name, constraintOf(shape)]);
    const published = Object.entries(constraints).map(([name, { min, max, pattern }]) => [
      name,
      { min, max, pattern },
    ]);
    expect(Object.fromEntries(printed)).toEqual(Object.fromEntries(published));
  });

  test('are the same in every operation that takes the member', () => {
    for (const operation of operations)
      for (const [name, shape] of Object.entries(operationModels[operation].input.members))
        expect(shape).toBe(shapes[name]);
  });
});

function constraintOf(shape: Shape): Constraint {
  if (shape.kind === 'list') return { min: 0, max: shape.max };
  if (shape.kind === 'integer') return { min: shape.min, max: shape.max };
  if (shape.kind === 'structure') throw new Error('no value of the model is a bare structure');
  const { min, max, pattern } = shape;
  return {
    min,
    ...(max !== undefined && { max }),
    ...(pattern !== undefined && { pattern: pattern.text }),
  };
}

/** Puts a value where a request has that member; everything else in it is fine. */
const requests: Readonly<Record<string, (value: unknown) => readonly [Operation, object]>> = {
  UserPoolId: (value) => ['ListResourceServers', { UserPoolId: value }],
  Identifier: (value) => ['DescribeResourceServer', { UserPoolId: POOL, Identifier: value }],
  Name: (value) => [
    'UpdateResourceServer',
    { UserPoolId: POOL, Identifier: 'nobody', Name: value },
  ],
  Scopes: (value) => ['UpdateResourceServer', { ...nobody, Scopes: value }],
  ScopeName: (value) => [
    'UpdateResourceServer',
    { ...nobody, Scopes: [{ ScopeName: value, ScopeDescription: 'd' }] },
  ],
  ScopeDescription: (value) => [
    'UpdateResourceServer',
    { ...nobody, Scopes: [{ ScopeName: 's', ScopeDescription: value }] },
  ],
  MaxResults: (value) => ['ListResourceServers', { UserPoolId: POOL, MaxResults: value }],
  NextToken: (value) => ['ListResourceServers', { UserPoolId: POOL, NextToken: value }],
};

const valid = (name: string, length: number): string =>
  name === 'UserPoolId' ? `${'a'.repeat(Math.max(0, length - 2))}_b` : 'a'.repeat(length);

const scopesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ScopeName: `s${index}`,
    ScopeDescription: 'd',
  }));

const nobody = { UserPoolId: POOL, Identifier: 'nobody', Name: 'n' };

describe('a request', () => {
  let on: Stage;
  beforeAll(async () => {
    on = await stage();
  });
  afterAll(() => on[Symbol.asyncDispose]());

  /** What the validation says to the value, or nothing: later refusals do not count. */
  async function violation(member: string, value: unknown): Promise<string> {
    const [operation, input] = requests[member]?.(value) ?? [];
    if (operation === undefined) throw new Error(`no request carries ${member}`);
    const { body } = await rawCall(on.cognito.url, operation, JSON.stringify(input));
    const { message = '' } = JSON.parse(body);
    return message.includes(' detected: ') ? message : '';
  }

  const strings = Object.entries(constraints).filter(([name]) => shapes[name]?.kind === 'string');

  test.each(strings)('bounds the length of %s', async (name, { max }) => {
    expect(await violation(name, '')).toContain('length greater than or equal to 1');
    expect(await violation(name, valid(name, max ?? 10_000))).toBe('');
    if (max === undefined) return;
    expect(await violation(name, valid(name, max + 1))).toContain(
      `1 validation error detected: Value '${valid(name, max + 1)}'`,
    );
  });

  test('bounds MaxResults', async () => {
    expect(await violation('MaxResults', 0)).toContain('value greater than or equal to 1');
    expect(await violation('MaxResults', 1)).toBe('');
    expect(await violation('MaxResults', 50)).toBe('');
    expect(await violation('MaxResults', 51)).toContain('value less than or equal to 50');
  });

  test('bounds the number of scopes', async () => {
    expect(await violation('Scopes', [])).toBe('');
    expect(await violation('Scopes', scopesOf(100))).toBe('');
    expect(await violation('Scopes', scopesOf(101))).toMatch(
      /^1 validation error detected: Value '\[.*\]' at 'scopes' failed .* less than or equal to 100$/,
    );
    expect(await violation('Scopes', [null])).toContain("null at 'scopes.1.member'");
  });

  const patterned = strings.filter(([, { admits }]) => admits !== undefined);
  const beyondAscii = ['\u0000', '\u007f', '\u0085', '\u00a0', 'é', '\u2003', '\ufeff', '😀'];

  test.each(patterned)('admits in %s the characters of its pattern', async (name, constraint) => {
    const candidates = Array.from(white + asciiBetween(0x21, 0x7e)).concat(beyondAscii);
    for (const character of candidates) {
      const value = name === 'UserPoolId' ? `${character}a_b` : character;
      const said = await violation(name, value);
      const isAdmitted = constraint.admits?.includes(character) === true;
      expect([character, said === '']).toEqual([character, isAdmitted]);
      expect([character, said.includes('regular expression')]).toEqual([character, !isAdmitted]);
    }
  });

  test('wants one underscore before the last part of a pool id', async () => {
    for (const id of ['eu-west-1_a', '_a_b', 'a__b'])
      expect(await violation('UserPoolId', id)).toBe('');
    for (const id of ['nothing', '_b', 'a_', 'a_b-c'])
      expect(await violation('UserPoolId', id)).toContain('pattern');
  });

  test('admits any character in a description, and in a token all but white space', async () => {
    const anything = `"\\/ \t\n${beyondAscii.join('')}`;
    expect(await violation('ScopeDescription', anything)).toBe('');
    expect(await violation('NextToken', 'any-é-😀')).toBe('');
    expect(await violation('NextToken', 'a b')).toContain('pattern: [\\S]+');
  });

  test('needs its required members, each of which is named', async () => {
    for (const operation of operations) {
      const { body } = await rawCall(on.cognito.url, operation, '{}');
      const named = [...JSON.parse(body).message.matchAll(/Value null at '(\w+)'/g)];
      const { required } = structureIn(schemaNamed(`${operation}Request`));
      const lower = required.map((name) => name.charAt(0).toLowerCase() + name.slice(1));
      expect(named.map(([, member]) => member)).toEqual(lower);
    }
  });
});
