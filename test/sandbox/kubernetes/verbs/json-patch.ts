/**
 * JSON patch (RFC 6902), as an API server's library reads it: indexes may be negative, what is
 * before the first slash of a path means nothing, and a member that is missing may be replaced.
 */
import { isEqual, isObject, type JsonObject } from '../kube-object.ts';

/** Undefined when an operation cannot be applied: nothing tells which. */
export function jsonPatched(
  object: unknown,
  operations: readonly JsonObject[],
): { readonly value: unknown } | undefined {
  const document = { root: structuredClone(object) };
  try {
    for (const operation of operations) apply(document, operation);
  } catch (error) {
    if (error instanceof Inapplicable) return undefined;
    throw error;
  }
  return { value: document.root };
}

class Inapplicable extends Error {}

interface Document {
  root: unknown;
}

function apply(document: Document, operation: JsonObject): void {
  const { value = null } = operation;
  switch (operation['op']) {
    case 'add':
      return placeAt(document, pathOf(operation, 'path')).add(value);
    case 'remove':
      return placeAt(document, pathOf(operation, 'path')).remove();
    case 'replace':
      return replace(document, pathOf(operation, 'path'), value);
    case 'move':
      return move(document, operation);
    case 'copy': {
      const copied = structuredClone(placeAt(document, pathOf(operation, 'from')).read());
      return placeAt(document, pathOf(operation, 'path')).add(copied ?? null);
    }
    case 'test':
      return test(document, pathOf(operation, 'path'), value);
    default:
      throw new Inapplicable();
  }
}

function pathOf(operation: JsonObject, name: 'path' | 'from'): string {
  const path = operation[name];
  if (typeof path !== 'string') throw new Inapplicable();
  return path;
}

function replace(document: Document, path: string, value: unknown): void {
  if (path !== '') return placeAt(document, path).set(value);
  if (typeof value !== 'object' || value === null) throw new Inapplicable();
  document.root = value;
}

function move(document: Document, operation: JsonObject): void {
  const from = placeAt(document, pathOf(operation, 'from'));
  const moved = from.read();
  from.remove();
  placeAt(document, pathOf(operation, 'path')).add(moved);
}

function test(document: Document, path: string, value: unknown): void {
  const found = path === '' ? document.root : (placeAt(document, path).read() ?? null);
  if (!isEqual(found, value)) throw new Inapplicable();
}

/** One member of an object or one item of a list, there or not. */
interface Place {
  read(): unknown;
  add(value: unknown): void;
  set(value: unknown): void;
  remove(): void;
}

function placeAt(document: Document, path: string): Place {
  const steps = path.split('/').slice(1);
  const last = steps.pop();
  if (last === undefined) throw new Inapplicable();
  let here = document.root;
  for (const step of steps) here = placeIn(here, unescaped(step)).read();
  return placeIn(here, unescaped(last));
}

const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function placeIn(container: unknown, key: string): Place {
  if (Array.isArray(container)) return itemOf(container, key);
  if (isObject(container)) return memberOf(container, key);
  throw new Inapplicable();
}

function memberOf(object: JsonObject, field: string): Place {
  const set = (value: unknown): void => {
    const how = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, field, how);
  };
  return {
    read: () => (Object.hasOwn(object, field) ? object[field] : undefined),
    add: set,
    set,
    remove() {
      if (!Object.hasOwn(object, field)) throw new Inapplicable();
      Reflect.deleteProperty(object, field);
    },
  };
}

function itemOf(list: unknown[], key: string): Place {
  const existing = (): number => indexOf(key, list.length);
  return {
    read: () => list[existing()],
    add: (value) =>
      void list.splice(key === '-' ? list.length : indexOf(key, list.length + 1), 0, value),
    set: (value) => void list.splice(existing(), 1, value),
    remove: () => void list.splice(existing(), 1),
  };
}

function indexOf(key: string, length: number): number {
  if (!/^[-+]?[0-9]+$/.test(key)) throw new Inapplicable();
  const index = Number(key);
  if (index >= length || index < -length) throw new Inapplicable();
  return index < 0 ? index + length : index;
}
