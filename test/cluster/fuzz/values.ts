/** Values for a schema: mostly valid, often at a limit or just over it, sometimes anything. */
import * as fc from 'fast-check';
import type { Schema } from '../../sandbox/kubernetes/schema/schema.ts';
import { anyText, bentText, ODD_NAMES, textOfLength } from './texts.ts';

/** What fits the patterns of the schema, by the name of the field. */
const VALID_TEXTS: Readonly<Record<string, readonly string[]>> = {
  userPoolId: ['eu-west-1_AbCdEfGhI', 'us-gov-west-1_0', 'ap-southeast-2_z'],
  identifier: ['https://api.example.com', 'x', "~!#$%&'()*+,-./:;<=>?@[]^_`{|}", 'aws.cognit'],
  name: ['forecast.read', 'Weather', 'a-b_c', 'x'],
  type: ['Ready', 'example.com/Ready', 'a.b/C_d', 'x'],
  reason: ['Synced', 'A', 'a_b,c:d'],
};

const DATES = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.5Z',
  '2026-01-01t00:00:00z',
  '2026-01-01T00:00:00+01:00',
  '2026-12-31T23:59:60Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01 00:00:00Z',
  '2026-01-01',
  '0000-01-01T00:00:00Z',
];

export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1, 1.5, 1e21, -0, '', 'x', [], {}, [null]),
  fc.integer(),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  anyText,
  fc.jsonValue({ maxDepth: 2 }),
  objectOf(fc.constantFrom(...ODD_NAMES, 'name'), fc.jsonValue({ maxDepth: 1 })),
);

/** `__proto__` is a field like any other, as it is in JSON. */
export function objectOf(
  names: fc.Arbitrary<string>,
  values: fc.Arbitrary<unknown>,
  maxLength = 3,
): fc.Arbitrary<object> {
  return fc.array(fc.tuple(names, values), { maxLength }).map((fields) => {
    const object = {};
    for (const [name, value] of fields) setField(object, name, value);
    return object;
  });
}

export function setField(object: object, name: string, value: unknown): void {
  const field = { value, enumerable: true, configurable: true, writable: true };
  Object.defineProperty(object, name, field);
}

/** @param name of the field, which says what its texts look like */
export function valueFor(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary: fittingValue(schema, name) },
    { weight: 1, arbitrary: anyValue },
  );
}

function fittingValue(schema: Schema, name: string): fc.Arbitrary<unknown> {
  const choices = schema['enum'];
  if (Array.isArray(choices)) return chosen(choices as readonly string[]);
  switch (schema.type) {
    case 'object':
      return objectFor(schema);
    case 'array':
      return listFor(schema, name);
    case 'integer':
      return integerFor(schema);
    case 'string':
      return textFor(schema, name);
    default:
      return anyValue;
  }
}

function chosen(choices: readonly string[]): fc.Arbitrary<unknown> {
  const near = choices.flatMap((each) => [each.toLowerCase(), `${each} `, '']);
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...choices) },
    { weight: 1, arbitrary: fc.constantFrom(...near) },
  );
}

function objectFor(schema: Schema): fc.Arbitrary<object> {
  const required = schema.required ?? [];
  const fields = Object.entries(schema.properties ?? {}).map(([name, inner]) => {
    const presence = required.includes(name) ? 40 : 1;
    const value = valueFor(inner, name).map((given) => [name, given] as const);
    return fc.oneof(
      { weight: presence, arbitrary: value },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
  });
  const unknown = fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...ODD_NAMES, 'colour'), anyValue) },
  );
  return fc.tuple(...fields, unknown).map((given) => {
    const object = {};
    for (const field of given) if (field !== undefined) setField(object, field[0], field[1]);
    return object;
  });
}

/** Some are as long as the limit, and a longer one. */
function listFor(schema: Schema, name: string): fc.Arbitrary<unknown> {
  const item = valueFor(schema.items ?? {}, name);
  const limit = Number(schema['maxItems'] ?? 3);
  const atLimit = fc
    .tuple(item, fc.constantFrom(-1, 0, 1))
    .map(([one, more]) => Array.from({ length: limit + more }, (_, at) => numbered(one, at)));
  return fc.oneof(
    { weight: 25, arbitrary: fc.array(item, { maxLength: 4 }) },
    { weight: 1, arbitrary: atLimit },
  );
}

/** Another key for each item, where the item has one. */
function numbered(item: unknown, at: number): unknown {
  if (typeof item !== 'object' || item === null || !('name' in item)) return item;
  return { ...item, name: `n${at}` };
}

function integerFor(schema: Schema): fc.Arbitrary<unknown> {
  const least = Number(schema['minimum'] ?? 0);
  const bounds = [least - 1, least, least + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, 2 ** 53];
  return fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: least, max: 1000 }) },
    { weight: 1, arbitrary: fc.constantFrom(...bounds, 0.5, 1e20) },
  );
}

function textFor(schema: Schema, name: string): fc.Arbitrary<string> {
  const pool = schema.format === 'date-time' ? DATES : (VALID_TEXTS[name] ?? ['some text']);
  const valid = fc.constantFrom(...pool);
  const limits = [schema['minLength'], schema['maxLength']]
    .filter((limit) => typeof limit === 'number')
    .filter((limit) => limit <= 2000)
    .map((limit) => ({ weight: 1, arbitrary: textOfLength(limit) }));
  return fc.oneof(
    { weight: 24, arbitrary: valid },
    { weight: 2, arbitrary: bentText(valid) },
    { weight: 1, arbitrary: anyText },
    ...limits,
  );
}
