// What a Markdown file says to a program: its tables, its code, its links, its headings.

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** @throws when no table has this in its first cell */
export function tableOf(text: string, firstCell: string): Table {
  const found = tablesOf(text).filter(({ head }) => head[0] === firstCell);
  const [first] = found;
  if (first === undefined) throw new Error(`no table begins with ${firstCell}`);
  return { head: first.head, rows: found.flatMap(({ rows }) => rows) };
}

function tablesOf(text: string): readonly Table[] {
  const blocks = prose(text).match(/(?:^\|.*\n)+/gm) ?? [];
  return blocks.map((block) => {
    const [head = [], , ...rows] = block.trimEnd().split('\n').map(cellsOf);
    return { head, rows };
  });
}

function cellsOf(line: string): readonly string[] {
  const cells = line.split(/(?<!\\)\|/).slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

export function fencesOf(text: string, language: string): readonly string[] {
  const fences = [...text.matchAll(FENCE)].filter(([, each]) => each === language);
  return fences.map(([, , body = '']) => body);
}

function prose(text: string): string {
  return text.replaceAll(FENCE, '');
}

/** What stands in back-quotes, in order. */
export function codeOf(text: string): readonly string[] {
  return [...prose(text).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** Targets that are not on the web. */
export function linksOf(text: string): readonly string[] {
  const plain = prose(text).replaceAll(/`[^`]*`/g, '');
  const targets = [...plain.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^https?:/.test(target));
}

/** As GitHub makes them of headings. */
export function anchorsOf(text: string): readonly string[] {
  const headings = [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
  return headings.map((title) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s/g, '-'),
  );
}
