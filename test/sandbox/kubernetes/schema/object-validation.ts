/** All that the schema of a kind has to say about an object, in the order of a kube-apiserver. */

import type { KubeObject } from '../kube-object.ts';
import { createCelValidator } from './cel-rules.ts';
import { type FieldError, type FieldErrorReason, invalid } from './field-error.ts';
import { type Finding, isUnchanged } from './finding.ts';
import { findDuplicates } from './list-uniqueness.ts';
import type { Schema } from './schema.ts';
import { createSchemaValidator } from './schema-validation.ts';

/** What objects of a type say of themselves. */
export type TypeName = Pick<KubeObject, 'apiVersion' | 'kind'>;

/** What a write may change: the status alone, or all but the status. */
export type Part = 'object' | 'status';

export type ObjectValidator = (
  after: KubeObject,
  before: KubeObject | undefined,
  judged: Judged,
) => readonly FieldError[];

export interface Judged {
  readonly part: Part;
  /** What is wrong with the metadata: some of it keeps CEL rules from being evaluated. */
  readonly errors: readonly FieldError[];
}

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
export function createObjectValidator(schema: Schema, name: TypeName): ObjectValidator {
  const validateSchema = createSchemaValidator(schema);
  const validateStatus = createSchemaValidator(schema.properties?.['status'] ?? {});
  const validateRules = createCelValidator(schema);
  return (after, before, { part, errors: known }) => {
    const excused = (finding: Finding): boolean =>
      before !== undefined && isUnchanged(finding.node, after, { before, schema });
    const judge = (): readonly Finding[] => {
      if (part === 'object') return validateSchema(after);
      return after.status === undefined ? [] : validateStatus(after.status, ['status']);
    };
    const strange = validateType(after, name);
    const errors = [
      ...(strange.length > 0 ? strange : errorsOf(judge().filter((one) => !excused(one)))),
      ...newDuplicates(after, before, schema),
    ];
    const isBlocked = [...known, ...errors].some(({ reason }) => BLOCKING.includes(reason));
    if (isBlocked) return [...errors, RULES_SKIPPED];
    const broken = validateRules(after, before).filter((finding) => !excused(finding));
    return [...errors, ...errorsOf(broken)];
  };
}

/** Of what is of another type, nothing else is said. */
export function validateType(object: KubeObject, name: TypeName): readonly FieldError[] {
  return (['kind', 'apiVersion'] as const)
    .filter((field) => object[field] !== name[field])
    .map((field) => invalid(field, object[field], `must be ${name[field]}`));
}

const errorsOf = (findings: readonly Finding[]): readonly FieldError[] =>
  findings.map(({ error }) => error);

/** An object that had duplicates before may have any now. */
function newDuplicates(
  after: KubeObject,
  before: KubeObject | undefined,
  schema: Schema,
): readonly FieldError[] {
  if (before !== undefined && findDuplicates(before, schema).length > 0) return [];
  return findDuplicates(after, schema);
}
