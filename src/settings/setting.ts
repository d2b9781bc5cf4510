/** One knob: its names, what it may be, what it is when nobody says otherwise. */
import type { Kind } from './kinds.ts';

export interface Setting<Field extends string = string, Value = unknown> {
  /** In code. A duration is in milliseconds and ends in `Ms`. */
  readonly field: Field;
  /** Such as `--lease-duration`. */
  readonly flag: string;
  /** Such as `COGNITO_OPERATOR_LEASE_DURATION`. */
  readonly variable: string;
  readonly kind: Kind<Value>;
  /** As one would write it. */
  readonly default: string;
  /** What a plain number counts; empty where the text says it. */
  readonly unit: string;
  readonly description: string;
}

export interface Section {
  readonly title: string;
  readonly settings: readonly Setting[];
}

export const VARIABLE_PREFIX = 'COGNITO_OPERATOR_';

type Words = Pick<Setting, 'default' | 'description'> & { readonly unit?: string };

/** The names follow from the field: `leaseDurationMs` is `--lease-duration`. */
export function setting<const Field extends string, Value>(
  field: Field,
  kind: Kind<Value>,
  words: Words,
): Setting<Field, Value> {
  const name = field
    .replace(/Ms$/, '')
    .replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
  return {
    unit: '',
    ...words,
    field,
    kind,
    flag: `--${name}`,
    variable: VARIABLE_PREFIX + name.toUpperCase().replaceAll('-', '_'),
  };
}
