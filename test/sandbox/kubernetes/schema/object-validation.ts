/** All that the schema of a kind has to say about an object, in the order of a kube-apiserver. */

import type { KubeObject } from '../kube-object.ts';
import { createCelValidator } from './cel-rules.ts';
import type { FieldError, FieldErrorReason } from './field-error.ts';
import { type Finding, isUnchanged } from './finding.ts';
import { findDuplicates } from './list-uniqueness.ts';
import type { Schema } from './schema.ts';
import { createSchemaValidator } from './schema-validation.ts';

export type ObjectValidator = (
  after: KubeObject,
  before: KubeObject | undefined,
) => readonly FieldError[];

/** After these, CEL rules are not evaluated: they could not be trusted. */
const BLOCKING: readonly FieldErrorReason[] = [
  'FieldValueRequired',
  'FieldValueTypeInvalid',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
];

const RULES_SKIPPED: FieldError = {
  field: '<nil>',
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; ' +
    'correct the existing errors to complete validation',
};

/** Throws when the schema or a rule of it is not understood. */
export function createObjectValidator(schema: Schema): ObjectValidator {
  const validateSchema = createSchemaValidator(schema);
  const validateRules = createCelValidator(schema);
  return (after, before) => {
    const excused = (finding: Finding): boolean =>
      before !== undefined && isUnchanged(finding.node, after, { before, schema });
    const errors = [...validateSchema(after), ...findDuplicates(after, schema)]
      .filter((finding) => !excused(finding))
      .map(({ error }) => error);
    if (errors.some(({ reason }) => BLOCKING.includes(reason))) return [...errors, RULES_SKIPPED];
    const broken = validateRules(after, before).filter((finding) => !excused(finding));
    return [...errors, ...broken.map(({ error }) => error)];
  };
}
