/**
 * The service model as the installed SDK carries it: the schemas that it writes requests by and
 * reads answers by, and the errors that its type declarations list for each operation.
 *
 * A schema is a tuple: [kind, namespace, name, traits, member names, member shapes, how many of
 * the first of them are required]; of an operation, [kind, namespace, name, traits, input, output].
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import type { Operation } from '../sandbox/cognito/model.ts';

export type Schema = readonly unknown[];

const exported = new Map<string, unknown>(Object.entries(sdk));

export const schemaNamed = (name: string): Schema => listIn(exported.get(`${name}$`));

/** The class of an error or of a command. */
export function classNamed(name: string): new (input: object) => object {
  const found = exported.get(name);
  if (typeof found === 'function') return found as new (input: object) => object;
  throw new Error(`the SDK has no class ${name}`);
}

function listIn(value: unknown): Schema {
  if (Array.isArray(value)) return value;
  throw new Error(`the SDK describes its shapes in another way now: ${String(value)}`);
}

export interface Structure {
  readonly members: Readonly<Record<string, string>>;
  readonly required: readonly string[];
}

export function structureIn(schema: Schema): Structure {
  const shapes = shapesIn(schema);
  return {
    members: Object.fromEntries([...shapes].map(([name, shape]) => [name, kindOf(shape)])),
    required: requiredIn(schema),
  };
}

function shapesIn([, , , , names, shapes]: Schema): ReadonlyMap<string, unknown> {
  const list = listIn(shapes);
  return new Map(listIn(names).map((name, index) => [String(name), resolved(list[index])]));
}

const requiredIn = ([, , , , names, , required = 0]: Schema): readonly string[] =>
  listIn(names).map(String).slice(0, Number(required));

const resolved = (shape: unknown): unknown => (typeof shape === 'function' ? shape() : shape);

function kindOf(shape: unknown): string {
  if (shape === 0) return 'string';
  if (shape === 1) return 'integer';
  return listIn(shape)[0] === 1 ? 'list' : 'structure';
}

/** The answer of an operation; `undefined` when it has none. */
export function outputOf(operation: Operation): Schema | undefined {
  const output = resolved(schemaNamed(operation)[5]);
  return output === 'unit' ? undefined : listIn(output);
}

/** All schemas below one, itself included. */
export function schemasWithin(schema: Schema): readonly Schema[] {
  const inner = isList(schema) ? [itemIn(schema)] : [...shapesIn(schema).values()];
  return [schema, ...inner.flatMap((each) => (Array.isArray(each) ? schemasWithin(each) : []))];
}

const isList = ([kind]: Schema): boolean => kind === 1;
const itemIn = ([, , , , item]: Schema): unknown => resolved(item);

/** What the SDK would drop, miss or misread in this JSON, one line each. */
export function mismatchesOf(schema: Schema, value: unknown, path = '$'): readonly string[] {
  if (isList(schema)) {
    if (!Array.isArray(value)) return [`${path}: no list`];
    return value.flatMap((each, index) =>
      memberMismatches(itemIn(schema), each, `${path}[${index}]`),
    );
  }
  if (typeof value !== 'object' || value === null) return [`${path}: no structure`];
  const shapes = shapesIn(schema);
  const missing = requiredIn(schema).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${path}.${name}: missing`),
    ...Object.entries(value).flatMap(([name, each]) =>
      shapes.has(name)
        ? memberMismatches(shapes.get(name), each, `${path}.${name}`)
        : [`${path}.${name}: unknown`],
    ),
  ];
}

function memberMismatches(shape: unknown, value: unknown, path: string): readonly string[] {
  if (shape === 0) return typeof value === 'string' ? [] : [`${path}: no string`];
  if (shape === 1) return Number.isInteger(value) ? [] : [`${path}: no integer`];
  return mismatchesOf(listIn(shape), value, path);
}

/** As the SDK's type declarations list them; its schemas do not say who throws what. */
export function errorsOf(operation: Operation): readonly string[] {
  const entry = createRequire(import.meta.url).resolve('@aws-sdk/client-cognito-identity-provider');
  const path = entry.replace('dist-cjs/index.js', `dist-types/commands/${operation}Command.d.ts`);
  return [...readFileSync(path, 'utf8').matchAll(/@throws \{@link (\w+)\}/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'CognitoIdentityProviderServiceException');
}
