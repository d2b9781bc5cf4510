/** Looking into `unknown` without believing it. */

export type Unknowns = Readonly<Record<string, unknown>>;

const NOTHING: Unknowns = {};

/** An object's own fields; anything else has none. */
export function unknowns(value: unknown): Unknowns {
  return isUnknowns(value) ? value : NOTHING;
}

export function isUnknowns(value: unknown): value is Unknowns {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own fields only: `constructor` and `__proto__` are names like others. `null` is absent. */
export function field(from: Unknowns, name: string): unknown {
  if (!Object.hasOwn(from, name)) return undefined;
  return from[name] ?? undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string with at least one character. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
