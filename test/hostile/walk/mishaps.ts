/**
 * What may befall a resource by a user's hand: every property of the CRD's schema times every
 * mutator that fits its type, as Acto walks it; and generated ones.
 */
import * as fc from 'fast-check';
import { PAUSED_ANNOTATION, SYNC_ANNOTATION } from '../../../src/api/names.ts';
import { setField, valueFor } from '../../cluster/fuzz/values.ts';
import { crd } from '../../contract/kubernetes-world.ts';
import type { Schema } from '../../sandbox/kubernetes/schema/schema.ts';
import { sendableValue } from '../bend.ts';
import { HOSTILE_TEXTS } from '../texts.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The resource after it, made of the one before; `undefined` takes a field away. */
export interface Mishap {
  readonly property: string;
  readonly how: string;
  spec(before: Fields): unknown;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

export const SPEC: Schema = schemaOf();

function schemaOf(): Schema {
  const versions = crd().spec?.['versions'] as readonly {
    readonly schema: { readonly openAPIV3Schema: Schema };
  }[];
  const spec = versions[0]?.schema.openAPIV3Schema.properties?.['spec'];
  if (spec === undefined) throw new Error('the CRD has no spec');
  return spec;
}

type Mutator = (before: unknown) => unknown;
type Mutators = Readonly<Record<string, Mutator>>;

const ANYWHERE: Mutators = {
  'taken away': () => undefined,
  null: () => null,
  'a number': () => 7,
  true: () => true,
  'a list': () => ['x'],
  'an object': () => ({ x: 1 }),
  'an empty object': () => ({}),
};

function mutatorsFor(schema: Schema): Mutators {
  if (Array.isArray(schema['enum'])) return { ...ANYWHERE, ...choices(schema['enum']) };
  switch (schema.type) {
    case 'string':
      return { ...ANYWHERE, ...texts(schema) };
    case 'array':
      return { ...ANYWHERE, ...lists(schema) };
    default:
      return ANYWHERE;
  }
}

function choices(all: readonly unknown[]): Mutators {
  const odd = ['', 'Other', ...all.map((each) => String(each).toLowerCase())];
  return Object.fromEntries([...all, ...odd].map((each) => [`'${String(each)}'`, () => each]));
}

function texts(schema: Schema): Mutators {
  const most = Number(schema['maxLength'] ?? 256);
  const named = Object.entries(HOSTILE_TEXTS).map(
    ([name, text]) => [name, (before: unknown) => `${String(before)}${text}`] as const,
  );
  return {
    empty: () => '',
    'one character': () => 'x',
    'one blank': () => ' ',
    'as long as allowed': (before) => String(before).padEnd(most, 'x'),
    'one longer than allowed': (before) => String(before).padEnd(most + 1, 'x'),
    'as long as allowed, of four bytes each': () => '\u{1f600}'.repeat(most),
    'a megabyte': () => 'x'.repeat(2 ** 20),
    'a blank before': (before) => ` ${String(before)}`,
    'a blank after': (before) => `${String(before)} `,
    'a letter more': (before) => `${String(before)}x`,
    ...Object.fromEntries(named),
  };
}

function lists(schema: Schema): Mutators {
  const most = Number(schema['maxItems'] ?? 3);
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ name: `scope-${at}`, description: 'd' }));
  const rest = (before: unknown): readonly unknown[] => (Array.isArray(before) ? before : []);
  return {
    empty: () => [],
    'one less': (before) => rest(before).slice(1),
    'one more': (before) => [...rest(before), { name: 'more', description: 'd' }],
    'one twice': (before) => [...rest(before), ...rest(before).slice(0, 1)],
    'one that is null': (before) => [...rest(before), null],
    'in another order': (before) => rest(before).toReversed(),
    'as many as allowed': () => many(most),
    'one more than allowed': () => many(most + 1),
    'ten thousand': () => many(10_000),
  };
}

/* ---------------------------------------------------------------------- the walk */

function mishapsOf(schema: Schema, path: readonly string[]): readonly Mishap[] {
  const property = path.join('.');
  const here = Object.entries(mutatorsFor(schema)).map(([how, mutate]) => ({
    property,
    how,
    spec: (before: Fields) => mutated(before, path, mutate),
  }));
  const inner = schema.type === 'array' ? schema.items : schema;
  const below = Object.entries(inner?.properties ?? {}).flatMap(([name, each]) =>
    mishapsOf(each, [...path, name]),
  );
  return [...here, ...below];
}

/** Of a list every first item is meant. */
function mutated(value: unknown, [name, ...rest]: readonly string[], mutate: Mutator): unknown {
  if (name === undefined) return mutate(value);
  if (Array.isArray(value)) {
    return value.map((each, at) => (at === 0 ? mutated(each, [name, ...rest], mutate) : each));
  }
  const copy = {};
  for (const [field, old] of Object.entries(value ?? {})) setField(copy, field, old);
  setField(copy, name, mutated((value as Fields | undefined)?.[name], rest, mutate));
  return copy;
}

const same = (before: Fields): unknown => before;

const ANNOTATIONS: readonly Mishap[] = [PAUSED_ANNOTATION, SYNC_ANNOTATION].flatMap((name) =>
  ['true', 'TRUE', '', 'yes\u202e\u0000\n', 'x'.repeat(100_000), null, 7].map((value, at) => ({
    property: name,
    how: `value ${at}`,
    spec: same,
    annotations: { [name]: value },
  })),
);

const UNKNOWN: readonly Mishap[] = ['__proto__', 'constructor', 'colour', 'Name'].map((name) => ({
  property: `spec.${name}`,
  how: 'unknown field',
  spec: (before) => mutated(before, [name], () => ({ polluted: 1 })),
}));

/** Each property of the spec and each annotation, with each mutator: the same on each run. */
export const WALK: readonly Mishap[] = [
  ...Object.entries(SPEC.properties ?? {}).flatMap(([name, each]) => mishapsOf(each, [name])),
  ...ANNOTATIONS,
  ...UNKNOWN,
];

/** One to three properties at once: mostly of values that fit, or are at a limit. */
export const anyMishap: fc.Arbitrary<Mishap> = fc
  .array(
    fc
      .constantFrom(...Object.entries(SPEC.properties ?? {}))
      .chain(([name, schema]) =>
        fc
          .oneof(
            { weight: 6, arbitrary: valueFor(schema, name) },
            { weight: 1, arbitrary: sendableValue },
          )
          .map((value) => [name, value] as const),
      ),
    { minLength: 1, maxLength: 3 },
  )
  .map((changes) => ({
    property: changes.map(([name]) => name).join(', '),
    how: 'generated',
    spec: (before) =>
      changes.reduce<unknown>((spec, [name, value]) => mutated(spec, [name], () => value), before),
  }));
