/**
 * One thing that is wrong with one field, worded as k8s.io/apimachinery's `field.Error` words it,
 * because users and clients read these sentences.
 */
import { goJson, quoted, shown } from './go-text.ts';

export type FieldErrorReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueDuplicate'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany';

export interface FieldError {
  readonly field: string;
  readonly reason: FieldErrorReason;
  /** The sentence without the field, as in `details.causes[].message`. */
  readonly message: string;
}

export const required = (field: string, detail = ''): FieldError => ({
  field,
  reason: 'FieldValueRequired',
  message: sentence('Required value', detail),
});

export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  field,
  reason: 'FieldValueInvalid',
  message: sentence('Invalid value', shown(value), detail),
});

/** Of a text that has a type of its own in Go, such as a UID. */
export const invalidJson = (field: string, value: unknown, detail: string): FieldError => ({
  field,
  reason: 'FieldValueInvalid',
  message: sentence('Invalid value', goJson(value), detail),
});

export const typeInvalid = (field: string, value: unknown, detail: string): FieldError => ({
  field,
  reason: 'FieldValueTypeInvalid',
  message: sentence('Invalid value', shown(value), detail),
});

export const duplicate = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueDuplicate',
  message: sentence('Duplicate value', shown(value)),
});

export const notSupported = (
  field: string,
  value: unknown,
  supported: readonly unknown[],
): FieldError => ({
  field,
  reason: 'FieldValueNotSupported',
  message: sentence(
    'Unsupported value',
    shown(value),
    `supported values: ${supported.map((one) => quoted(String(one))).join(', ')}`,
  ),
});

export const forbidden = (field: string, detail: string): FieldError => ({
  field,
  reason: 'FieldValueForbidden',
  message: sentence('Forbidden', detail),
});

export const tooLong = (field: string, bytesMax: number): FieldError => ({
  field,
  reason: 'FieldValueTooLong',
  message: sentence('Too long', `may not be more than ${bytesMax} bytes`),
});

export const tooMany = (field: string, actual: number, itemsMax: number): FieldError => ({
  field,
  reason: 'FieldValueTooMany',
  message: sentence('Too many', String(actual), `must have at most ${itemsMax} items`),
});

/** All errors in one line, as `field.ErrorList.ToAggregate` prints them. */
export function aggregate(errors: readonly FieldError[]): string {
  const lines = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  return lines.length === 1 ? String(lines[0]) : `[${lines.join(', ')}]`;
}

function sentence(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(': ');
}
