/**
 * From a CustomResourceDefinition to the resource types that it defines, one per served version.
 */

import { at, isObject, type JsonObject, type KubeObject, textAt } from '../kube-object.ts';
import { createObjectValidator } from '../schema/object-validation.ts';
import { isSchema, type Schema } from '../schema/schema.ts';
import { customColumns } from './columns.ts';
import { finalizerWarnings } from './finalizer-warnings.ts';
import { asIs, type ResourceType, type WriteRules } from './resource-type.ts';
import { selectableFields } from './selectable-fields.ts';

/** Throws, saying what, when the definition asks for something this server does not know. */
export function customResourceTypes(crd: KubeObject): readonly ResourceType[] {
  const versions = objectsAt(crd.spec, 'versions');
  return versions
    .filter((version) => version['served'] === true)
    .map((version) => customResourceType(crd.spec as JsonObject, version));
}

function customResourceType(spec: JsonObject, version: JsonObject): ResourceType {
  const names = spec['names'] as JsonObject;
  const kind = String(names['kind']);
  const plural = String(names['plural']);
  const group = String(spec['group']);
  const schema = schemaOf(version);
  return {
    group,
    version: String(version['name']),
    plural,
    kind,
    singular: textAt(names, 'singular') || kind.toLowerCase(),
    listKind: textAt(names, 'listKind') || `${kind}List`,
    shortNames: textsAt(names, 'shortNames'),
    categories: textsAt(names, 'categories'),
    namespaced: spec['scope'] === 'Namespaced',
    hasStatus: at(version, 'subresources', 'status') !== undefined,
    collection: `${group}/${plural}`,
    schema,
    columns: customColumns(objectsAt(version, 'additionalPrinterColumns')),
    selectable: selectableFields(version),
    rules: customRules(schema, kind, `${group}/${String(version['name'])}`),
  };
}

export function schemaOf(version: JsonObject): Schema {
  const schema = at(version, 'schema', 'openAPIV3Schema');
  if (isSchema(schema)) return schema;
  throw new Error(`version ${String(version['name'])} has no schema.openAPIV3Schema`);
}

/** Versions differ in their apiVersion only: conversion is `None`. */
function customRules(schema: Schema, kind: string, apiVersion: string): WriteRules {
  return {
    isTyped: false,
    hasGeneration: true,
    createsOnUpdate: false,
    needsResourceVersion: true,
    mergesStrategically: false,
    prepare: asIs,
    validate: createObjectValidator(schema, { kind, apiVersion }),
    warningsOf: finalizerWarnings,
    toStored: asIs,
    toServed: (object) => (object.apiVersion === apiVersion ? object : { ...object, apiVersion }),
  };
}

function objectsAt(value: unknown, field: string): readonly JsonObject[] {
  const list = at(value, field);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function textsAt(value: unknown, field: string): readonly string[] {
  const list = at(value, field);
  return Array.isArray(list) ? list.map(String) : [];
}
