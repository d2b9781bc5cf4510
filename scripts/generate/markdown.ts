// Markdown in the form that the formatter leaves alone.

export function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

/** Cells are text, or `code(text)`. */
export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const rows = [head, ...body].map((cells) => cells.map(escaped));
  const widths = head.map((_, at) => Math.max(3, ...rows.map((cells) => (cells[at] ?? '').length)));
  const rule = widths.map((width) => '-'.repeat(width));
  const [first = [], ...rest] = rows;
  return [first, rule, ...rest].map((cells) => line(cells, widths)).join('');
}

function line(cells: readonly string[], widths: readonly number[]): string {
  return `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |\n`;
}

/** A bar ends a cell even inside back-quotes. */
function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}

export function code(text: string): string {
  return `\`${text}\``;
}
