/** What happens to one resource: a create, then updates of every kind, in the words of HTTP. */
import * as fc from 'fast-check';
import { crd } from '../../contract/kubernetes-world.ts';
import type { Schema } from '../../sandbox/kubernetes/schema/schema.ts';
import { bentText, ODD_NAMES } from './texts.ts';
import { anyValue, objectOf, setField, valueFor } from './values.ts';

export type Part = 'object' | 'status';

export type Step =
  | { readonly kind: 'replace'; readonly part: Part; readonly fields: object }
  | { readonly kind: 'merge'; readonly part: Part; readonly patch: unknown }
  | { readonly kind: 'operations'; readonly part: Part; readonly operations: readonly object[] }
  | { readonly kind: 'delete' };

export type Validation = 'Ignore' | 'Warn' | 'Strict';

export interface Life {
  /** Without `metadata.name`, which each life is given anew, unless it is about the name. */
  readonly body: object;
  readonly name: string | undefined;
  readonly validation: Validation;
  readonly steps: readonly Step[];
}

const SCHEMA = schemaOf();
const SPEC = SCHEMA.properties?.['spec'] ?? {};
const STATUS = SCHEMA.properties?.['status'] ?? {};

function schemaOf(): Schema {
  const versions = crd().spec?.['versions'] as readonly {
    readonly schema: { readonly openAPIV3Schema: Schema };
  }[];
  const [version] = versions;
  if (version === undefined) throw new Error('the CRD has no version');
  return version.schema.openAPIV3Schema;
}

const KEYS = ['app', 'example.com/app', 'a b', '', 'x'.repeat(64), ...ODD_NAMES];
const key = fc.oneof(fc.constantFrom(...KEYS), bentText(fc.constantFrom('app', 'a.b/c')));
const mapValue = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<unknown>('one', '', 'a b', 'x'.repeat(63)) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>('x'.repeat(64), '-', 'é', null, 1, true, {}) },
);
const FINALIZERS = [
  'cognito-operator.io/finalizer',
  'example.com/hold',
  'hold',
  'a b/c',
  '',
  'A/B',
];

const metadata: fc.Arbitrary<object> = fc
  .tuple(
    sometimes('labels', objectOf(key, mapValue)),
    sometimes('annotations', objectOf(key, mapValue)),
    sometimes('finalizers', fc.array(fc.constantFrom<unknown>(...FINALIZERS, 1), { maxLength: 2 })),
    sometimes('generation', anyValue),
    sometimes('uid', anyValue),
    sometimes('ownerReferences', anyValue),
    sometimes('deletionTimestamp', fc.constantFrom<unknown>('2026-01-01T00:00:00Z', null, 'x', 1)),
    sometimes('creationTimestamp', fc.constantFrom<unknown>('2026-01-01T00:00:00Z', null, 'x', 1)),
    sometimes('colour', anyValue),
  )
  .map(joined);

function sometimes(name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<readonly Field[]> {
  const field = value.map((given) => [[name, given]] as const);
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant([]) },
    { weight: name.length > 11 || name === 'uid' || name === 'colour' ? 1 : 3, arbitrary: field },
  );
}

type Field = readonly [string, unknown];

function joined(parts: readonly (readonly Field[])[]): object {
  const object = {};
  for (const [name, value] of parts.flat()) setField(object, name, value);
  return object;
}

const body: fc.Arbitrary<object> = fc
  .tuple(
    often('apiVersion', 'cognito-operator.io/v1'),
    often('kind', 'ResourceServer'),
    fc.oneof({ weight: 20, arbitrary: metadata }, { weight: 1, arbitrary: anyValue }),
    valueFor(SPEC),
    sometimes('status', valueFor(STATUS)),
    sometimes('colour', anyValue),
  )
  .map(([apiVersion, kind, meta, spec, ...more]) =>
    joined([apiVersion, kind, [['metadata', meta]], [['spec', spec]], ...more]),
  );

function often(name: string, value: string): fc.Arbitrary<readonly Field[]> {
  return fc.oneof(
    { weight: 60, arbitrary: fc.constant([[name, value]] as const) },
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: anyValue.map((given) => [[name, given]] as const) },
  );
}

const NAMES = [
  'x'.repeat(253),
  'x'.repeat(254),
  'a.b',
  'a..b',
  '-a',
  'a-',
  'A',
  'a_b',
  'a/b',
  'a%b',
  '.',
  '..',
  'é',
  ...ODD_NAMES,
];

const name: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES) },
);

const fields: fc.Arbitrary<object> = fc
  .tuple(
    sometimes('metadata', metadata),
    fc.oneof(sometimes('spec', valueFor(SPEC)), often('colour', 'red')),
    sometimes('status', valueFor(STATUS)),
  )
  .map(joined);

/** Pointers to what may be there, to what may not, and to nothing at all. */
const PLACES = (
  '/spec /spec/name /spec/scopes /spec/scopes/0 /spec/scopes/- /spec/scopes/01 /spec/scopes/-1 ' +
  '/spec/scopes/9 /spec/identifier /spec/userPoolId /spec/deletionPolicy /spec/__proto__ ' +
  '/spec/constructor /status /status/drift/0 /metadata /metadata/name /metadata/labels ' +
  '/metadata/labels/a~1b /metadata/finalizers /metadata/uid /kind /apiVersion / /nowhere ' +
  'spec x/spec'
).split(' ');

const place = fc.constantFrom(...PLACES, '');
const operation: fc.Arbitrary<object> = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path: place, value: anyValue }),
  fc.record({ op: fc.constantFrom('remove', 'nothing'), path: place }),
  fc.record({ op: fc.constantFrom('move', 'copy'), from: place, path: place }),
);

const part = fc.constantFrom<Part>('object', 'status');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('replace'), part, fields }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('merge'),
      part,
      patch: fc.oneof({ weight: 20, arbitrary: fields }, { weight: 1, arbitrary: anyValue }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('operations'),
      part,
      operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'delete' as const }) },
);

export const life: fc.Arbitrary<Life> = fc.record({
  body,
  name,
  validation: fc.constantFrom('Ignore', 'Warn', 'Strict'),
  steps: fc.array(step, { maxLength: 4 }),
});
