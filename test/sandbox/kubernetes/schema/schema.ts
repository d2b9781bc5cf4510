/** The structural OpenAPI v3 schema of a kind: what a CRD may say, as far as this server goes. */
import { isObject, type JsonObject } from '../kube-object.ts';

export interface CelRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
}

export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly CelRule[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly [keyword: string]: unknown;
}

/** The schema of one field of an object, or undefined when the object has no such field. */
export function fieldSchema(schema: Schema, field: string): Schema | undefined {
  const { properties } = schema;
  // A field may be called `constructor`, which every object has.
  if (properties !== undefined && Object.hasOwn(properties, field)) return properties[field];
  return isObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
}

export function keepsUnknownFields(schema: Schema): boolean {
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true
  );
}

/** What identifies an item of a list of type map. */
export function mapKeyOf(item: unknown, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, isObject(item) ? item[key] : undefined]));
}

export function isSchema(value: unknown): value is Schema {
  return isObject(value);
}

/** `spec.scopes[1].name`: paths as Kubernetes prints them. */
export function joinPath(parent: string, field: string): string {
  return parent === '' ? field : `${parent}.${field}`;
}
