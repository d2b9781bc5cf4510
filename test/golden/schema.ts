// The CRD of this project, and what the API server would say to a value: its schema and its rules.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '@marcbachmann/cel-js';
import { Ajv } from 'ajv';
import { type Field, fieldsOf, parseCrd, type Schema } from '../../scripts/generate/crd.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const CRD = parseCrd(readFileSync(join(ROOT, 'crds/resourceservers.yaml'), 'utf8'));
export const FIELDS = fieldsOf(CRD.schema);

const FORMATS = { int32: true, int64: true, 'date-time': true } as const;

export function fieldAt(path: string): Field {
  const field = FIELDS.find((candidate) => candidate.path === path);
  if (field === undefined) throw new Error(`the CRD has no field ${path}`);
  return field;
}

export function fieldsOfType(type: Schema['type']): readonly Field[] {
  return FIELDS.filter(({ schema }) => schema.type === type);
}

/** Fills in defaults, as the API server does. */
export function fits(path: string, value: unknown): boolean {
  const ajv = new Ajv({ strict: false, useDefaults: true, formats: FORMATS });
  return ajv.validate(path === '' ? CRD.schema : fieldAt(path).schema, value);
}

/** The messages of the rules that a value breaks; transition rules need the value before. */
export function broken(path: string, self: unknown, oldSelf?: unknown): readonly string[] {
  const rules = fieldAt(path).schema['x-kubernetes-validations'] ?? [];
  return rules
    .filter(({ rule }) => oldSelf !== undefined || !rule.includes('oldSelf'))
    .filter(({ rule }) => evaluate(rule, { self, oldSelf }) !== true)
    .map(({ message }) => message);
}
