/** A source file as its rules see it: text, syntax tree, imports. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { type ESTree, parseSync } from 'vite';

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** The path from the root of the repository, of one of ours. */
  readonly path: string | undefined;
  readonly typesOnly: boolean;
  readonly names: readonly string[];
  readonly line: number;
}

export interface Comment {
  readonly text: string;
  readonly line: number;
  readonly lastLine: number;
}

export interface Source {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly tree: SyntaxNode;
  readonly comments: readonly Comment[];
  readonly imports: readonly Import[];
  readonly isGenerated: boolean;
  lineOf(offset: number): number;
}

/** Any node of the tree; its children are found by looking. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export function readSource(path: string): Source {
  return parseSource(path, readFileSync(path, 'utf8'));
}

export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text, { sourceType: 'module' });
  const [problem] = errors;
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  const lineOf = (offset: number) => ends.filter((end) => end < offset).length + 1;
  const tree = program as unknown as SyntaxNode;
  return {
    path,
    lines: text.replace(/\n$/, '').split('\n'),
    tree,
    comments: comments.map((comment) => ({
      text: comment.value,
      line: lineOf(comment.start),
      lastLine: lineOf(comment.end),
    })),
    imports: importsOf(program, path, lineOf),
    isGenerated: /^\/[/*]+\s*Generated /.test(text),
    lineOf,
  };
}

/** Every node with those it stands in, the nearest last. */
export function* nodesOf(
  node: SyntaxNode,
  parents: readonly SyntaxNode[] = [],
): Generator<readonly [SyntaxNode, readonly SyntaxNode[]]> {
  yield [node, parents];
  for (const child of Object.values(node).flat()) {
    if (isNode(child)) yield* nodesOf(child, [...parents, node]);
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

type LineOf = (offset: number) => number;

interface Statement {
  readonly start: number;
  readonly specifier: string;
  readonly typesOnly: boolean;
  readonly names: readonly string[];
}

function importsOf(program: ESTree.Program, path: string, lineOf: LineOf): readonly Import[] {
  const statements = program.body.flatMap(importOf);
  const expressions = [...nodesOf(program as unknown as SyntaxNode)].flatMap(([node]) =>
    node.type === 'ImportExpression' || node.type === 'TSImportType' ? [expressionOf(node)] : [],
  );
  return [...statements, ...expressions].map(({ start, specifier, typesOnly, names }) => {
    const isOurs = specifier.startsWith('.');
    const target = isOurs ? posix.join(posix.dirname(path), specifier) : undefined;
    return { specifier, path: target, typesOnly, names, line: lineOf(start) };
  });
}

/** An import, or an export from elsewhere. */
function importOf(node: ESTree.Program['body'][number]): readonly Statement[] {
  const { start } = node;
  if (node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') {
    const typesOnly = node.exportKind === 'type';
    const specifier = node.source?.value;
    return specifier === undefined ? [] : [{ start, specifier, typesOnly, names: [] }];
  }
  if (node.type !== 'ImportDeclaration') return [];
  const specifiers = node.specifiers.map((one) => ({
    isType: one.type === 'ImportSpecifier' && one.importKind === 'type',
    name: one.type === 'ImportSpecifier' && 'name' in one.imported ? one.imported.name : '*',
  }));
  const areTypes = specifiers.length > 0 && specifiers.every(({ isType }) => isType);
  const typesOnly = node.importKind === 'type' || areTypes;
  const names = specifiers.map(({ name }) => name);
  return [{ start, specifier: node.source.value, typesOnly, names }];
}

/** `import('...')`, of a value or of a type. */
function expressionOf({ type, start, source }: SyntaxNode): Statement {
  const specifier = isNode(source) ? String(source['value']) : '';
  return { start, specifier, typesOnly: type === 'TSImportType', names: [] };
}
