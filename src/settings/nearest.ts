/** Which of the known names somebody may have meant. */

/** Slips of the finger in a name: more make another name of it. */
const SLIPS_MAX = 3;
const SUGGESTIONS_MAX = 3;

/** @returns the names that are alike or that continue `name`, the nearest first */
export function nearestNames(name: string, known: readonly string[]): readonly string[] {
  return known
    .map((candidate) => ({ candidate, slips: slipsTo(candidate, name) }))
    .filter(({ slips }) => slips <= SLIPS_MAX)
    .sort((a, b) => a.slips - b.slips)
    .slice(0, SUGGESTIONS_MAX)
    .map(({ candidate }) => candidate);
}

function slipsTo(candidate: string, name: string): number {
  return candidate.startsWith(name) ? 0 : slipsBetween(name, candidate);
}

/** Levenshtein's distance: letters to add, drop or change. */
function slipsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of Array.from(a).entries()) {
    const line = [row + 1];
    for (const [column, other] of Array.from(b).entries()) {
      const changed = (above[column] ?? 0) + (letter === other ? 0 : 1);
      line.push(Math.min(changed, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
