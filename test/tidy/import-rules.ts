/** Who may import whom: dependencies point one way, and only adapters know an SDK. */
import { at, type Finding } from './finding.ts';
import type { Import, Source } from './source.ts';

interface Allowance {
  /** Modules, or single files of them, that may be imported whole; `*` is any. */
  readonly all?: readonly string[];
  /** Modules of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages; `*` is any. What Node brings itself is judged by the rules about words. */
  readonly packages?: readonly string[];
}

/** What the reconciler is made of. */
const THE_CLIMB = [
  'auditor',
  'gate',
  'lanes',
  'memory',
  'pace',
  'reconcile',
  'reconciler',
  'keys',
  'rounds',
];

/** The table. A module is a folder or a file of `src`; `adapters/x` is one for each x. */
const TABLE: Readonly<Record<string, Allowance>> = {
  api: {},
  core: { all: ['api'] },
  ports: { types: ['api', 'core'] },
  gate: { types: ['core'] },
  settings: {},
  controller: { all: ['core/backoff', 'core/lease', 'gate', 'ports'], packages: ['p-queue'] },
  memory: { all: ['api', 'core'] },
  reconcile: { all: ['api', 'core', 'gate', 'ports', 'memory'] },
  reconciler: { all: ['api', 'core', 'ports', 'memory', 'reconcile'] },
  auditor: { all: ['api', 'core', 'keys', 'ports', 'memory', 'reconcile'] },
  lanes: { all: ['gate'], types: ['reconcile'] },
  pace: {},
  keys: {},
  rounds: { all: ['controller', 'keys', 'memory', 'pace', 'ports'] },
  adapters: { all: ['api', 'ports'], types: ['core'], packages: ['*'] },
  work: { all: ['controller', 'core', 'ports', ...THE_CLIMB] },
  leading: { all: ['api', 'controller', 'core', 'ports', 'work', ...THE_CLIMB] },
  operator: {
    all: ['api', 'leading', 'controller', 'core', 'ports', 'settings', 'work', ...THE_CLIMB],
  },
  cli: { all: ['api', 'core', 'adapters', 'settings'], packages: ['*'] },
  version: {},
  serve: { all: ['adapters', 'api', 'operator', 'settings', 'version'], types: ['ports'] },
  // Loads the SDKs only through `serve`, when its listeners for signals are there.
  main: {
    all: ['adapters/telemetry', 'api', 'serve', 'settings', 'version'],
    types: ['ports'],
  },
};

export function importFindings(source: Source): readonly Finding[] {
  const module = moduleOf(source.path);
  const allowance = TABLE[rowOf(module)];
  if (allowance === undefined) {
    return [at(source, 1, 'is in no row of the table of imports: move it, or give it a row')];
  }
  return source.imports.flatMap((each) => {
    const advice = adviceOn(each, module, allowance);
    return advice === undefined ? [] : [at(source, each.line, advice)];
  });
}

function adviceOn(each: Import, module: string, allowance: Allowance): string | undefined {
  if (each.specifier.startsWith('node:')) return undefined;
  if (each.path === undefined) return adviceOnPackage(each.specifier, module, allowance);
  const target = moduleOf(each.path);
  if (target === module) return undefined;
  const { all = [], types = [] } = allowance;
  const names = ['*', target, rowOf(target), nameOf(each.path)];
  if (names.some((name) => all.includes(name))) return undefined;
  if (!names.some((name) => types.includes(name))) {
    return `${module} may not import ${target}: pass it in, or move what both need further down`;
  }
  return each.typesOnly ? undefined : `${module} may import types of ${target} only`;
}

function adviceOnPackage(specifier: string, module: string, { packages = [] }: Allowance) {
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  if (packages.includes('*') || packages.includes(name)) return undefined;
  return `${module} may not import the package ${name}: put it behind a port, in an adapter`;
}

/**
 * `adapters/cognito` of `src/adapters/cognito/account.ts`, `settings` of `src/settings/kinds.ts`.
 */
function moduleOf(path: string): string {
  const [first = '', second = ''] = nameOf(path).split('/');
  return first === 'adapters' ? `${first}/${second}` : first;
}

function rowOf(module: string): string {
  return module.replace(/\/.*$/, '');
}

function nameOf(path: string): string {
  return path.replace(/^src\//, '').replace(/\.ts$/, '');
}

/** Imports of types count: two files that need each other are one. */
export function cycleFindings(sources: readonly Source[]): readonly Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const findings: Finding[] = [];
  const done = new Set<string>();
  const visit = (source: Source, trail: readonly string[]): void => {
    if (done.has(source.path)) return;
    const trailHere = [...trail, source.path];
    for (const { path, line } of source.imports) {
      const target = byPath.get(path ?? '');
      const start = trailHere.indexOf(path ?? '');
      const circle = [...trailHere.slice(start), path].join(' -> ');
      if (start >= 0) findings.push(at(source, line, `closes a circle of imports: ${circle}`));
      else if (target !== undefined) visit(target, trailHere);
    }
    done.add(source.path);
  };
  for (const source of sources) visit(source, []);
  return findings;
}
