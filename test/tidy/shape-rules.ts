/** What modules may look like, and what `core/` may do. */
import { at, type Finding } from './finding.ts';
import { nodesOf, type Source, type SyntaxNode } from './source.ts';

/** No default exports, no barrels, nothing at module level that changes. */
export function moduleFindings(source: Source): readonly Finding[] {
  const body = statementsOf(source.tree);
  const exports = body.filter(({ type }) => type.startsWith('Export'));
  const isBarrel = exports.length > 0 && exports.every((node) => Boolean(node['source']));
  const barrel = isBarrel ? [at(source, 1, 'exports what is not its own: import it there')] : [];
  return body.reduce<readonly Finding[]>((findings, node) => {
    const advice = adviceOn(node);
    const line = source.lineOf(node.start);
    return advice === undefined ? findings : [...findings, at(source, line, advice)];
  }, barrel);
}

function adviceOn(node: SyntaxNode): string | undefined {
  const declaration = node.type === 'ExportNamedDeclaration' ? node['declaration'] : node;
  if (node.type === 'ExportDefaultDeclaration') return 'a default export: give it its name';
  if (node.type === 'ExportAllDeclaration') return 'exports all of another file: import it there';
  const isVariable = (declaration as SyntaxNode | null)?.type === 'VariableDeclaration';
  if (!isVariable || (declaration as SyntaxNode)['kind'] === 'const') return undefined;
  return 'a variable at module level: state is held by what createX returns';
}

function statementsOf(tree: SyntaxNode): readonly SyntaxNode[] {
  return tree['body'] as readonly SyntaxNode[];
}

/** One that every test file runs, as it is named by a configuration. */
const SETUP = 'test/cluster/not-there.ts';
const HOOK = /^(before|after)(Each|All)\(/;

/** Test files share their modules: what another file registers, only the first of them has. */
export function hookFindings({ path, lines }: Source): readonly Finding[] {
  if (path.endsWith('.test.ts') || path === SETUP) return [];
  return lines.flatMap((line, index) =>
    HOOK.test(line) ? [at({ path }, index + 1, 'a hook for one file: use onTestFinished')] : [],
  );
}

/** `core/` is total and synchronous: no waiting, no throwing, but for one `assertNever`. */
export function coreFindings(source: Source): readonly Finding[] {
  if (!source.path.startsWith('src/core/')) return [];
  return [...nodesOf(source.tree)].flatMap(([node, parents]) => {
    const advice = adviceOnCore(node, parents);
    return advice === undefined ? [] : [at(source, source.lineOf(node.start), advice)];
  });
}

function adviceOnCore(node: SyntaxNode, parents: readonly SyntaxNode[]): string | undefined {
  if (node['async'] === true) return '`async` in core: it decides, others perform';
  if (node.type === 'AwaitExpression') return '`await` in core: it decides, others perform';
  if (node.type === 'ForOfStatement' && node['await'] === true) return '`await` in core';
  if (node.type !== 'ThrowStatement') return undefined;
  const isAssertion = parents.some((parent) => nameOf(parent) === 'assertNever');
  return isAssertion ? undefined : '`throw` in core: return what is wrong as a value';
}

function nameOf(node: SyntaxNode): unknown {
  return (node['id'] as SyntaxNode | null | undefined)?.['name'];
}

export function assertionFindings(sources: readonly Source[]): readonly Finding[] {
  const assertions = sources
    .filter(({ path }) => path.startsWith('src/core/'))
    .flatMap((source) =>
      [...nodesOf(source.tree)]
        .filter(([node]) => node.type === 'FunctionDeclaration' && nameOf(node) === 'assertNever')
        .map(([node]) => at(source, source.lineOf(node.start), 'one `assertNever` is enough')),
    );
  return assertions.slice(1);
}
