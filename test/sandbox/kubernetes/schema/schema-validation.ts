/** Judges a value by its structural schema (ajv), in the words of a kube-apiserver. */
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { isObject } from '../kube-object.ts';
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
import type { Schema } from './schema.ts';

export type SchemaValidator = (value: unknown) => readonly Finding[];

/** Throws when the schema itself is not understood. */
export function createSchemaValidator(schema: Schema): SchemaValidator {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, logger: false });
  addFormats.default(ajv);
  const validate = ajv.compile(jsonSchemaOf(schema) as object);
  return (value) => (validate(value) ? [] : findings(validate.errors ?? [], value));
}

/** Of a text that is too short or too long, the pattern is not told as well. */
function findings(errors: readonly ErrorObject[], value: unknown): readonly Finding[] {
  const isLength = ({ keyword }: ErrorObject): boolean =>
    keyword === 'minLength' || keyword === 'maxLength';
  const measured = errors.filter(isLength).map(({ instancePath }) => instancePath);
  return errors
    .filter((error) => error.keyword !== 'pattern' || !measured.includes(error.instancePath))
    .map((error) => finding(error, value));
}

/** OpenAPI 3.0 says `exclusiveMinimum: true` where JSON Schema names the bound. */
function jsonSchemaOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(jsonSchemaOf);
  if (!isObject(schema)) return schema;
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum, default: _, ...rest } = schema;
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

function finding(error: ErrorObject, root: unknown): Finding {
  const node = segmentsOf(error.instancePath, root);
  return { node, error: fieldError(error, node) };
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

function fieldError(error: ErrorObject, node: readonly Segment[]): FieldError {
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
      return wrongType(field, value, String(error.params['type']));
    case 'format':
      return typeInvalid(
        field,
        value,
        `${field} in body must be of type ${error.params['format']}: ${JSON.stringify(value)}`,
      );
    default:
      return invalid(field, shownValue(value), `${field} in body ${sentence(error, limit)}`);
  }
}

function wrongType(field: string, value: unknown, wanted: string): FieldError {
  const actual = typeName(value);
  return typeInvalid(field, actual, `${field} in body must be of type ${wanted}: "${actual}"`);
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
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
