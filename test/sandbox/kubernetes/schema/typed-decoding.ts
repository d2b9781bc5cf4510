/**
 * Built-in kinds are Go structs: a value of the wrong type is refused while decoding (400), before
 * any validation, and a MicroTime must have exactly six fraction digits.
 */
import { isObject } from '../kube-object.ts';
import { fieldSchema, joinPath, type Schema } from './schema.ts';
import { typeName } from './schema-validation.ts';

const MICRO_TIME_TAIL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(.*)$/;

/** What is wrong with the first value that does not fit, or undefined. */
export function misfit(value: unknown, schema: Schema, path = ''): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value) && schema.type === 'array') {
    return firstOf(value.map((item) => misfit(item, schema.items ?? {}, path)));
  }
  if (isObject(value) && (schema.type === 'object' || schema.type === undefined)) {
    const fields = Object.entries(value);
    return firstOf(
      fields.map(([f, v]) => misfit(v, fieldSchema(schema, f) ?? {}, joinPath(path, f))),
    );
  }
  if (schema.type === undefined || isOfType(value, schema.type)) return badTime(value, schema);
  const shown = typeof value === 'number' ? `number ${value}` : typeName(value);
  const goType = schema.type === 'integer' ? (schema.format ?? 'int32') : schema.type;
  return `json: cannot unmarshal ${shown} into Go struct field ${path} of type ${goType}`;
}

function firstOf(misfits: readonly (string | undefined)[]): string | undefined {
  return misfits.find((one) => one !== undefined);
}

function isOfType(value: unknown, type: string): boolean {
  return typeName(value) === type || (type === 'number' && typeof value === 'number');
}

function badTime(value: unknown, { format }: Schema): string | undefined {
  if (format !== 'micro-time' && format !== 'date-time') return undefined;
  const layout =
    format === 'micro-time' ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
  const text = String(value);
  const [, tail] = MICRO_TIME_TAIL.exec(text) ?? [];
  const fits = format === 'micro-time' ? /^\.\d{6}(Z|[+-]\d{2}:\d{2})$/ : /^(\.\d+)?(Z|[+-].*)$/;
  if (tail !== undefined && fits.test(tail)) return undefined;
  const part = tail ?? text;
  const wanted = format === 'micro-time' && tail !== undefined ? '.000000' : '2006';
  return (
    `parsing time ${JSON.stringify(text)} as "${layout}": ` +
    `cannot parse ${JSON.stringify(part)} as "${wanted}"`
  );
}
