/** Rows of cells as lines, each column as wide as its widest cell. */
export type Alignment = 'left' | 'right';

const GAP = '   ';

export function columns(
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[] = [],
): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const cellOf = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return alignments[column] === 'right' ? cell.padStart(width) : cell.padEnd(width);
  };
  return rows.map((row) => row.map(cellOf).join(GAP).trimEnd());
}
