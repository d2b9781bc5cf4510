/** What must hold between settings, each with the reason why. */
import type { Values } from './values.ts';

export interface Relation<Field extends string = string> {
  readonly fields: readonly Field[];
  /** Gets the numbers of `fields`, in order; NaN for what is off. */
  readonly holds: (...numbers: number[]) => boolean;
  /** Names the flags of `fields`, in order. */
  readonly rule: string;
  readonly because: string;
}

/** A relation is not judged while one of its fields cannot be read: that is told already. */
export function brokenRelations(relations: readonly Relation[], values: Values): readonly string[] {
  return relations.flatMap(({ fields, holds, rule, because }) => {
    const given = fields.map((field) => values.given.get(field)).filter((one) => one !== undefined);
    const isJudged = given.length === fields.length;
    if (!isJudged || holds(...given.map(({ value }) => Number(value)))) return [];
    return [`${rule}, because ${because} (now ${given.map(({ text }) => text).join(', ')})`];
  });
}
