/**
 * Validates an input against the service model as the service's own framework does: types first
 * (a wrong one ends the parsing), then every violation of every member, reported together.
 */
import { type ApiError, invalidParameter, serialization } from './errors.ts';
import type { IntegerShape, ListShape, Shape, StringShape, StructureShape } from './model.ts';

type Json = Readonly<Record<string, unknown>>;

interface Place<T = unknown> {
  readonly path: string;
  readonly value: T;
}

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** The refusal of `input`, or undefined when the service would accept it. */
export function refusalOf(shape: StructureShape, input: Json): ApiError | undefined {
  const [mistyped] = mistypedIn(shape, { path: '', value: input });
  if (mistyped !== undefined) return serialization(mistyped);
  const violations = violationsIn(shape, { path: '', value: input });
  if (violations.length === 0) return undefined;
  const errors = violations.length === 1 ? 'error' : 'errors';
  return invalidParameter(
    `${violations.length} validation ${errors} detected: ${violations.join('; ')}`,
  );
}

/** A member of JSON `null` is a member that is absent. */
const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const lowerCamel = (member: string): string => member.charAt(0).toLowerCase() + member.slice(1);

const memberPlace = ({ path, value }: Place<Json>, member: string): Place => ({
  path: path === '' ? lowerCamel(member) : `${path}.${lowerCamel(member)}`,
  value: value[member],
});

const itemPlaces = ({ path, value }: Place<readonly unknown[]>): readonly Place[] =>
  value.map((item, index) => ({ path: `${path}.${index + 1}.member`, value: item }));

function mistypedIn(shape: Shape, place: Place): readonly string[] {
  const { path, value } = place;
  if (isAbsent(value)) return [];
  if (shape.kind === 'structure' && isRecord(value))
    return Object.entries(shape.members).flatMap(([member, memberShape]) =>
      mistypedIn(memberShape, memberPlace({ path, value }, member)),
    );
  if (shape.kind === 'list' && isList(value))
    return itemPlaces({ path, value }).flatMap((item) => mistypedIn(shape.member, item));
  if (shape.kind === 'string' && typeof value === 'string') return [];
  if (shape.kind === 'integer' && Number.isInteger(value)) return [];
  return [`Value at '${path}' is not a ${shape.kind}`];
}

/** Of a value without type errors. */
function violationsIn(shape: Shape, { path, value }: Place): readonly string[] {
  if (shape.kind === 'string' && typeof value === 'string')
    return stringViolations(shape, { path, value });
  if (shape.kind === 'integer' && typeof value === 'number')
    return integerViolations(shape, { path, value });
  if (shape.kind === 'list' && isList(value)) return listViolations(shape, { path, value });
  if (shape.kind === 'structure' && isRecord(value))
    return structureViolations(shape, { path, value });
  return [];
}

const violation = ({ path, value }: Place, constraint: string): string =>
  `Value ${printed(value)} at '${path}' failed to satisfy constraint: ${constraint}`;

/** Lengths are those of Java strings: UTF-16 units. */
function stringViolations(shape: StringShape, place: Place<string>): readonly string[] {
  const { min, max, pattern } = shape;
  const { length } = place.value;
  const found: string[] = [];
  if (length < min) found.push(atLeast('length', min));
  if (max !== undefined && length > max) found.push(atMost('length', max));
  if (pattern !== undefined && !pattern.test.test(place.value))
    found.push(`Member must satisfy regular expression pattern: ${pattern.text}`);
  return found.map((constraint) => violation(place, constraint));
}

function integerViolations({ min, max }: IntegerShape, place: Place<number>): readonly string[] {
  if (place.value < min) return [violation(place, atLeast('value', min))];
  if (place.value > max) return [violation(place, atMost('value', max))];
  return [];
}

function listViolations(
  { max, member }: ListShape,
  place: Place<readonly unknown[]>,
): readonly string[] {
  const tooLong = place.value.length > max ? [violation(place, atMost('length', max))] : [];
  const ofItems = itemPlaces(place).flatMap((item) =>
    isAbsent(item.value) ? [violation(item, notNull)] : violationsIn(member, item),
  );
  return [...tooLong, ...ofItems];
}

function structureViolations(shape: StructureShape, place: Place<Json>): readonly string[] {
  return Object.entries(shape.members).flatMap(([name, memberShape]) => {
    const member = memberPlace(place, name);
    if (!isAbsent(member.value)) return violationsIn(memberShape, member);
    return shape.required.includes(name) ? [violation(member, notNull)] : [];
  });
}

const notNull = 'Member must not be null';

const atLeast = (what: string, bound: number): string =>
  `Member must have ${what} greater than or equal to ${bound}`;

const atMost = (what: string, bound: number): string =>
  `Member must have ${what} less than or equal to ${bound}`;

const printed = (value: unknown): string => (isAbsent(value) ? 'null' : `'${javaText(value)}'`);

/** As the service prints values: lists in brackets, structures as `(member=value, ...)`. */
function javaText(value: unknown): string {
  if (isList(value)) return `[${value.map(javaText).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  const members = Object.entries(value).map(
    ([member, inner]) => `${lowerCamel(member)}=${javaText(inner)}`,
  );
  return `(${members.join(', ')})`;
}
