// A file of which one part is generated, between two marks, and the rest written by hand.

export interface Marks {
  readonly begin: string;
  readonly end: string;
}

/** Each mark is a comment on a line of its own. */
export function marksOf(name: string, from: string): Marks {
  return {
    begin: `<!-- ${name}: generated from ${from} by \`npm run generate\` -->\n`,
    end: `<!-- /${name} -->\n`,
  };
}

export function withPart(committed: string, { begin, end }: Marks, part: string): string {
  const [before, rest] = cutAt(committed, begin);
  const [, after] = cutAt(rest, end);
  return [before, begin, '\n', part, '\n', end, after].join('');
}

/** What stands before a mark and after it; all of it stands before a mark that is missing. */
function cutAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}
