/** A bug with a name: what it is, how it is made, and who must notice. */
import type { Suite } from './tiers.ts';

export interface Mutant {
  /** Kebab-case; stands in the table. */
  readonly name: string;
  /** What the operator does wrong then. */
  readonly bug: string;
  readonly edits: readonly Edit[];
  /** Two tiers at least, those that notice soonest first. Each is an expectation, not a hint. */
  readonly killedBy: readonly [Suite, Suite, ...Suite[]];
}

/** Exactly one place of a file says `find`. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The same edits of one file. */
export function edit(file: string, find: string, replace: string): Edit {
  return { file, find, replace };
}

/** A line, or a few, that is no longer there. */
export function without(file: string, find: string): Edit {
  return { file, find, replace: '' };
}

export interface Changed {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/**
 * The files of a mutant, before and after.
 *
 * @throws when an edit does not apply exactly once: the source has moved on, the list has to follow
 */
export function transform(mutant: Mutant, read: (file: string) => string): readonly Changed[] {
  const changed = new Map<string, Changed>();
  for (const { file, find, replace } of mutant.edits) {
    const before = changed.get(file)?.before ?? read(file);
    const parts = (changed.get(file)?.after ?? before).split(find);
    if (parts.length !== 2) {
      const times = parts.length - 1;
      throw new Error(`${mutant.name}: ${file} says ${times} times, not once: ${find}`);
    }
    changed.set(file, { file, before, after: parts.join(replace) });
  }
  return [...changed.values()];
}
