/** How long things may be: a file, a line, a function. */
import { at, type Finding } from './finding.ts';
import { nodesOf, type Source, type SyntaxNode } from './source.ts';

export const SIZES = {
  sourceLinesMax: 250,
  testLinesMax: 350,
  lineCharsMax: 100,
  functionLinesMax: 40,
  functionLinesEver: 70,
} as const;

/** Begins the comment that says why a function is longer than `functionLinesMax`. */
const LONG = /\bLong:/;

export function fileSizeFindings(source: Source): readonly Finding[] {
  const isTest = !source.path.startsWith('src/');
  const linesMax = isTest ? SIZES.testLinesMax : SIZES.sourceLinesMax;
  if (source.isGenerated || source.lines.length <= linesMax) return [];
  return [
    at(source, linesMax + 1, `is longer than ${linesMax} lines: cut it where two nouns meet`),
  ];
}

/**
 * A test's name, a text or a pattern: what is expected to the letter is not broken for its length.
 */
const LITERAL = /^\s*((test|describe)\(|return )?['"`/].*[,;>+{`]$/;

export function lineSizeFindings(source: Source): readonly Finding[] {
  if (source.isGenerated) return [];
  return source.lines.flatMap((line, index) => {
    if (line.length <= SIZES.lineCharsMax) return [];
    if (!source.path.startsWith('src/') && LITERAL.test(line)) return [];
    return [at(source, index + 1, `is longer than ${SIZES.lineCharsMax} characters: break it`)];
  });
}

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

export function functionSizeFindings(source: Source): readonly Finding[] {
  if (source.isGenerated) return [];
  return [...nodesOf(source.tree)].flatMap(([node, parents]) => {
    if (!FUNCTIONS.includes(node.type)) return [];
    const [first, last] = [source.lineOf(node.start), source.lineOf(node.end)];
    const length = last - first + 1;
    if (length <= SIZES.functionLinesMax) return [];
    if (length > SIZES.functionLinesEver) {
      return [
        at(
          source,
          first,
          `a function of ${length} lines, ${SIZES.functionLinesEver} are the most ever: split it`,
        ),
      ];
    }
    if (isExcused(source, statementOf(node, parents), last)) return [];
    return [
      at(
        source,
        first,
        `a function of ${length} lines: split it, or say why in a comment "Long: ..."`,
      ),
    ];
  });
}

/**
 * Where a comment about the function stands: before the statement, or the member, that holds it.
 */
function statementOf(node: SyntaxNode, parents: readonly SyntaxNode[]): SyntaxNode {
  const isHolder = ({ type }: SyntaxNode) => /Statement$|Declaration$|Definition$/.test(type);
  return [...parents, node].findLast(isHolder) ?? node;
}

function isExcused(source: Source, { start }: SyntaxNode, lastLine: number): boolean {
  const firstLine = source.lineOf(start);
  return source.comments.some(
    (comment) =>
      LONG.test(comment.text) && comment.lastLine >= firstLine - 1 && comment.line <= lastLine,
  );
}
