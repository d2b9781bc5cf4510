/** Judges a value by its structural schema (ajv), in the words of a kube-apiserver. */
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { isObject } from '../kube-object.ts';
import { isDateTime } from './date-time.ts';
import {
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from './field-error.ts';
import { type Finding, pathOf, type Segment } from './finding.ts';
import { isInt64, shown } from './go-text.ts';
import type { Schema } from './schema.ts';

/** @param place of the value in the object; the sentences name the fields from there on */
export type SchemaValidator = (value: unknown, place?: readonly Segment[]) => readonly Finding[];

/** Throws when the schema itself is not understood. */
export function createSchemaValidator(schema: Schema): SchemaValidator {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, logger: false });
  addFormats.default(ajv);
  ajv.addFormat('date-time', isDateTime);
  ajv.addFormat('int32', { type: 'number', validate: isInt32 });
  ajv.addFormat('int64', { type: 'number', validate: isInt64 });
  ajv.addKeyword({ keyword: INTEGER, validate: isInteger, errors: false });
  const validate = ajv.compile(jsonSchemaOf(schema) as object);
  return (value, place = []) =>
    validate(value) ? [] : findings(validate.errors ?? [], value, place);
}

/** Stands for `type: integer`, which is less in Go than in JSON Schema. */
const INTEGER = 'isInteger';

const isInteger = (_: unknown, value: unknown): boolean =>
  typeof value === 'number' && isInt64(value);

const isInt32 = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** 31;

/** Of a text that is too short or too long, the pattern is not told as well. */
function findings(
  errors: readonly ErrorObject[],
  value: unknown,
  place: readonly Segment[],
): readonly Finding[] {
  const isLength = ({ keyword }: ErrorObject): boolean =>
    keyword === 'minLength' || keyword === 'maxLength';
  const measured = errors.filter(isLength).map(({ instancePath }) => instancePath);
  return errors
    .filter((error) => error.keyword !== 'pattern' || !measured.includes(error.instancePath))
    .filter((error) => !isOverlooked(error))
    .map((error) => finding(error, value, place));
}

/** Where a text of some format is wanted, a list passes: its format is never looked at. */
function isOverlooked({ keyword, data, parentSchema }: ErrorObject): boolean {
  const schema = parentSchema as Schema;
  const isFormatted = schema.type === 'string' && schema.format !== undefined;
  return keyword === 'type' && Array.isArray(data) && isFormatted;
}

/** OpenAPI 3.0 says `exclusiveMinimum: true` where JSON Schema names the bound. */
function jsonSchemaOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(jsonSchemaOf);
  if (!isObject(schema)) return schema;
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum, default: _, ...other } = schema;
  const { type, ...untyped } = other;
  const rest = type === 'integer' ? { ...untyped, [INTEGER]: true } : other;
  const inner = Object.entries(rest).map(([key, value]) => [key, jsonSchemaOf(value)]);
  return {
    ...Object.fromEntries(inner),
    ...bound('minimum', 'exclusiveMinimum', { limit: minimum, isExclusive: exclusiveMinimum }),
    ...bound('maximum', 'exclusiveMaximum', { limit: maximum, isExclusive: exclusiveMaximum }),
  };
}

function bound(
  inclusive: string,
  exclusive: string,
  { limit, isExclusive }: { readonly limit: unknown; readonly isExclusive: unknown },
): object {
  // A property that happens to be called "minimum" has a schema here, not a number.
  if (limit === undefined) return isExclusive === undefined ? {} : { [exclusive]: isExclusive };
  return { [isExclusive === true ? exclusive : inclusive]: limit };
}

function finding(error: ErrorObject, root: unknown, place: readonly Segment[]): Finding {
  const inner = segmentsOf(error.instancePath, root);
  const node = [...place, ...inner];
  return { node, error: fieldError(error, node, pathOf(inner)) };
}

function segmentsOf(instancePath: string, root: unknown): readonly Segment[] {
  let here: unknown = root;
  return instancePath
    .split('/')
    .slice(1)
    .map((escaped) => escaped.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((name) => {
      const inList = Array.isArray(here);
      here = (here as Record<string, unknown>)[name];
      return inList ? Number(name) : name;
    });
}

function fieldError(error: ErrorObject, node: readonly Segment[], named: string): FieldError {
  const field = pathOf(node);
  const value: unknown = error.data;
  const limit = Number(error.params['limit']);
  switch (error.keyword) {
    case 'required':
      return required(pathOf([...node, String(error.params['missingProperty'])]));
    case 'enum':
      return notSupported(field, value, error.params['allowedValues'] as readonly unknown[]);
    case 'maxLength':
      return tooLong(field, limit);
    case 'maxItems':
    case 'maxProperties':
      return tooMany(field, sizeOf(value), limit);
    case 'type':
    case INTEGER:
      return wrongType(field, `${named} in body`, error);
    case 'format':
      if (typeof value === 'number') return outOfRange(node, error, named);
      return typeInvalid(
        field,
        value,
        `${named} in body must be of type ${error.params['format']}: ${shown(value)}`,
      );
    default:
      return invalid(field, shownValue(value), `${named} in body ${sentence(error, limit)}`);
  }
}

/** Where a format is wanted, the format is named instead of the type. */
function wrongType(field: string, subject: string, error: ErrorObject): FieldError {
  const { type = 'integer', format } = error.parentSchema as Schema;
  const byFormat = format !== undefined && typeof error.data !== 'string' && error.data !== null;
  const [wanted, actual] =
    byFormat && !Array.isArray(error.data)
      ? [format, formatName(error.data)]
      : [type, typeName(error.data)];
  return typeInvalid(field, actual, `${subject} must be of type ${wanted}: "${actual}"`);
}

function formatName(value: unknown): string {
  if (typeof value !== 'number') return '';
  return isInt64(value) ? 'int64' : 'float64';
}

/** The real server loses the field here, and blames the root of what it judges. */
function outOfRange(node: readonly Segment[], error: ErrorObject, named: string): FieldError {
  const { type = 'integer', format } = error.parentSchema as Schema;
  const depth = named === '' ? 0 : named.split(/[.[]/).length;
  const root = pathOf(node.slice(0, node.length - depth));
  const why = `Checked value must be of type ${type} with format ${format} in ${named}`;
  return invalid(root === '' ? '<nil>' : root, '', why);
}

function sentence({ keyword, params, message }: ErrorObject, limit: number): string {
  switch (keyword) {
    case 'pattern':
      return `should match '${params['pattern']}'`;
    case 'minLength':
      return `should be at least ${limit} chars long`;
    case 'minItems':
      return `should have at least ${limit} items`;
    case 'minProperties':
      return `should have at least ${limit} properties`;
    case 'minimum':
      return `should be greater than or equal to ${limit}`;
    case 'maximum':
      return `should be less than or equal to ${limit}`;
    case 'exclusiveMinimum':
      return `should be greater than ${limit}`;
    case 'exclusiveMaximum':
      return `should be less than ${limit}`;
    case 'multipleOf':
      return `should be a multiple of ${params['multipleOf']}`;
    default:
      return message ?? 'is invalid';
  }
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : Object.keys(value as object).length;
}

function shownValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? typeName(value) : value;
}

export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return isInt64(value) ? 'integer' : 'number';
  return typeof value;
}
