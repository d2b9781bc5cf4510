/** Words that are not used, or used in one place only. */
import { basename } from 'node:path';
import { at, type Finding } from './finding.ts';
import { isNode, nodesOf, type Source, type SyntaxNode } from './source.ts';

interface Ban {
  readonly words: readonly string[];
  readonly allowedIn: RegExp;
  readonly advice: string;
}

const NOWHERE = /^$/;

/** Globals, members of globals (`Math.random`), and modules of Node that bring the same. */
const BANS: readonly Ban[] = [
  {
    words: [
      'Date',
      'performance',
      'Math.random',
      'setTimeout',
      'setInterval',
      'AbortSignal.timeout',
      'node:timers',
      'node:timers/promises',
      'node:perf_hooks',
    ],
    allowedIn: /^src\/adapters\/system\.ts$/,
    advice: 'time and chance come through the ports Clock and Chance',
  },
  {
    words: ['randomUUID', 'crypto.randomUUID'],
    allowedIn: /^src\/(adapters\/system|main)\.ts$/,
    advice: 'chance comes through the port Chance',
  },
  {
    words: ['process', 'node:process'],
    allowedIn: /^src\/(main\.ts|cli\/)/,
    advice: 'only main.ts and cli/ touch the process: take what you need as a parameter',
  },
  { words: ['console'], allowedIn: NOWHERE, advice: 'log through the port Log' },
  { words: ['globalThis'], allowedIn: NOWHERE, advice: 'name what you need, so that it is seen' },
];

export function globalFindings(source: Source): readonly Finding[] {
  const used = [...nodesOf(source.tree)].flatMap(([node, parents]) => {
    const word = wordOf(node, parents.at(-1));
    return word === undefined ? [] : [{ word, line: source.lineOf(node.start) }];
  });
  const imported = source.imports.flatMap(({ specifier, names, line }) =>
    [specifier, ...names].map((word) => ({ word, line })),
  );
  return [...used, ...imported].flatMap(({ word, line }) => {
    const ban = BANS.find(({ words }) => words.includes(word));
    if (ban === undefined || ban.allowedIn.test(source.path)) return [];
    return [at(source, line, `\`${word}\`: ${ban.advice}`)];
  });
}

/** `Date` of `new Date()`, `Math.random` of `Math.random()`; nothing for the key of an object. */
function wordOf(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  if (node.type === 'MemberExpression' && node['computed'] === false) {
    const { object, property } = node;
    if (isNode(object) && isNode(property) && object.type === 'Identifier') {
      return `${String(object['name'])}.${String(property['name'])}`;
    }
  }
  if (node.type !== 'Identifier' || parent === undefined) return undefined;
  const isName = parent['property'] === node || (parent['key'] === node && !parent['shorthand']);
  if (isName && parent['computed'] !== true) return undefined;
  return parent.type.startsWith('Import') ? undefined : String(node['name']);
}

const VAGUE = [
  'manager',
  'handler',
  'helper',
  'helpers',
  'util',
  'utils',
  'process',
  'data',
  'info',
  'service',
];
const ADVICE_ON_NAMES = 'says nothing: name it after what it is or does';

export function nameFindings(source: Source): readonly Finding[] {
  const file = basename(source.path, '.ts');
  const ofFile = isVague(file) ? [at(source, 1, `the name \`${file}\` ${ADVICE_ON_NAMES}`)] : [];
  if (source.isGenerated) return ofFile;
  const declared = [...nodesOf(source.tree)].flatMap(([node, parents]) => {
    const name = declaredName(node, parents);
    if (name === undefined || !isVague(name)) return [];
    return [at(source, source.lineOf(node.start), `the name \`${name}\` ${ADVICE_ON_NAMES}`)];
  });
  return [...ofFile, ...declared];
}

/** Words of others, which we must use: of the API server, and of the AWS SDK. */
const NAMES_OF_OTHERS = /(field_?manager|request_?handler)$/i;

function isVague(name: string): boolean {
  if (NAMES_OF_OTHERS.test(name)) return false;
  const last = name.split(/[-_.]|(?=[A-Z][a-z])/).at(-1);
  return VAGUE.includes(last?.toLowerCase() ?? '');
}

const DECLARATIONS =
  /^(FunctionDeclaration|ClassDeclaration|TSInterfaceDeclaration|TSTypeAliasDeclaration)$/;

/** The name that a node binds: of a declaration, a variable or a parameter, patterns included. */
function declaredName(node: SyntaxNode, parents: readonly SyntaxNode[]): string | undefined {
  if (node.type !== 'Identifier') return undefined;
  const name = String(node['name']);
  const parent = parents.at(-1);
  if (parent === undefined) return undefined;
  if (DECLARATIONS.test(parent.type)) {
    const { params } = parent;
    return parent['id'] === node || (Array.isArray(params) && params.includes(node))
      ? name
      : undefined;
  }
  return isPattern(node, parents) ? name : undefined;
}

function isPattern(node: SyntaxNode, parents: readonly SyntaxNode[]): boolean {
  const parent = parents.at(-1);
  if (parent === undefined) return false;
  const { params } = parent;
  if (Array.isArray(params)) return params.includes(node) && 'body' in parent;
  switch (parent.type) {
    case 'VariableDeclarator':
      return parent['id'] === node;
    case 'AssignmentPattern':
      return parent['left'] === node && isPattern(parent, parents.slice(0, -1));
    case 'Property':
      return parent['value'] === node && isPattern(parent, parents.slice(0, -1));
    case 'ObjectPattern':
    case 'ArrayPattern':
    case 'RestElement':
      return isPattern(parent, parents.slice(0, -1));
    default:
      return false;
  }
}

const LEFTOVER = /\b(TODO|FIXME|XXX|HACK)\b/;

export function leftoverFindings(source: Source): readonly Finding[] {
  return source.comments.flatMap(({ text, line }) => {
    const word = LEFTOVER.exec(text)?.[0];
    return word === undefined ? [] : [at(source, line, `${word}: do it, or leave it out`)];
  });
}

/** Folders of one machine. Of a container's there are others. */
const MACHINE_PATH = /(?<![\w.:/~*-])\/(?:home|root|Users|work|mnt)\/[\w.]/;

export function pathFindings(path: string, text: string): readonly Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const found = MACHINE_PATH.exec(line)?.[0];
    if (found === undefined) return [];
    return [at({ path }, index + 1, `\`${found}\` is of one machine: say it from the repository`)];
  });
}
