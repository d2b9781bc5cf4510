/** `selectableFields` of a version of a CRD: which of its fields a field selector may name. */
import { asText, at, isObject, type JsonObject, type KubeObject, textAt } from '../kube-object.ts';
import { duplicate, type FieldError, invalid, required } from '../schema/field-error.ts';
import { compileJsonPath } from '../schema/json-path.ts';
import { fieldSchema, type Schema } from '../schema/schema.ts';
import { METADATA_FIELDS, type SelectableFields } from './resource-type.ts';

export function selectableFields(version: JsonObject): SelectableFields {
  const own = pathsOf(version).map((path) => {
    const read = compileJsonPath(path);
    return [path.slice(1), (object: KubeObject) => asText(read(object)[0])] as const;
  });
  return { ...METADATA_FIELDS, ...Object.fromEntries(own) };
}

/** In the words of apiextensions-apiserver; more than eight fields are not counted. */
export function selectableFieldErrors(
  version: JsonObject,
  schema: Schema,
  field: string,
): readonly FieldError[] {
  const paths = pathsOf(version);
  return paths.flatMap((path, index) => {
    const where = `${field}[${index}].jsonPath`;
    if (path === '') return [required(where)];
    const trouble = troubleWith(path, schema);
    if (trouble !== undefined) return [invalid(where, path, trouble)];
    return paths.indexOf(path) < index ? [duplicate(where, path)] : [];
  });
}

function pathsOf(version: JsonObject): readonly string[] {
  const fields = at(version, 'selectableFields');
  if (!Array.isArray(fields)) return [];
  return fields.filter(isObject).map((each) => textAt(each, 'jsonPath'));
}

const TYPES = ['string', 'boolean', 'integer'];

function troubleWith(path: string, schema: Schema): string | undefined {
  const [before, ...names] = path.split('.');
  if (path.includes('[')) return 'is an invalid path: array notation is not allowed';
  if (before !== '') return `is an invalid path: expected [ or . but got: ${before}`;
  const found = names.reduce<Schema | undefined>(
    (parent, name) => parent && fieldSchema(parent, name),
    schema,
  );
  if (found === undefined) return 'is an invalid path: does not refer to a valid field';
  if (names[0] === 'metadata') return 'must not point to fields in metadata';
  if (TYPES.includes(found.type ?? '')) return undefined;
  return (
    'must point to a field of type string, boolean or integer. ' +
    'Enum string fields and strings with formats are allowed.'
  );
}
