/** Good JSON, bent: fields replaced by anything, taken away, doubled, or added. */
import * as fc from 'fast-check';
import { ODD_NAMES } from '../cluster/fuzz/texts.ts';
import { setField } from '../cluster/fuzz/values.ts';
import { hostileText } from './texts.ts';

type Path = readonly (string | number)[];

const PLAIN = [null, true, 0, -1, 1.5, -0, 2 ** 53 + 1, 1e308, '', [], {}, [null], [[]]];

const oddField = fc.tuple(fc.constantFrom(...ODD_NAMES), hostileText).map(([name, value]) => {
  const object = {};
  setField(object, name, { polluted: value, toString: 1, length: 1e9 });
  return object;
});

export const hostileValue: fc.Arbitrary<unknown> = valueOfDepths(10, 1_000, 20_000);
/** No deeper than `JSON.stringify` goes. */
export const sendableValue: fc.Arbitrary<unknown> = valueOfDepths(10, 1_000);

/** Cheap ones often, dear ones seldom. */
function valueOfDepths(...depths: readonly number[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom<unknown>(...PLAIN) },
    { weight: 20, arbitrary: hostileText },
    { weight: 20, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    { weight: 10, arbitrary: oddField },
    { weight: 1, arbitrary: fc.constantFrom(...depths).map(nested) },
  );
}

/** As deep as asked for: parsers and printers that call themselves have an end. */
function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

type Bend = (value: unknown) => unknown;

const bends: fc.Arbitrary<Bend> = fc.oneof(
  { weight: 6, arbitrary: hostileValue.map((other) => () => other) },
  { weight: 2, arbitrary: fc.constant<Bend>(() => undefined) },
  {
    weight: 1,
    arbitrary: fc.constant<Bend>((value) =>
      Array.isArray(value) ? [...value, ...value] : [value],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...ODD_NAMES), hostileValue).map<Bend>(
      ([name, other]) =>
        (value) =>
          withField(value, name, other),
    ),
  },
);

/** `value` with one to three places of it bent. */
export function bent(value: unknown): fc.Arbitrary<unknown> {
  const place = fc.constantFrom(...pathsOf(value));
  return fc
    .array(fc.tuple(place, bends), { minLength: 1, maxLength: 3 })
    .map((all) => all.reduce<unknown>((whole, [path, bend]) => at(whole, path, bend), value));
}

function pathsOf(value: unknown, here: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...here, name]))];
}

function at(value: unknown, [first, ...rest]: Path, bend: Bend): unknown {
  if (first === undefined) return bend(value);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, first)) return value;
  const inner = at((value as Record<string, unknown>)[first], rest, bend);
  if (!Array.isArray(value)) return withField(value, String(first), inner);
  const copy: unknown[] = [...value];
  if (inner === undefined) copy.splice(Number(first), 1);
  else copy[Number(first)] = inner;
  return copy;
}

/** `__proto__` is a field like any other; `undefined` takes it away. */
function withField(value: unknown, name: string, inner: unknown): unknown {
  const copy = {};
  for (const [each, old] of Object.entries(value ?? {})) setField(copy, each, old);
  if (inner === undefined) delete (copy as Record<string, unknown>)[name];
  else setField(copy, name, inner);
  return copy;
}

/** JSON of anything, however deep: `JSON.stringify` calls itself. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return '['.repeat(20_000) + ']'.repeat(20_000);
  }
}
