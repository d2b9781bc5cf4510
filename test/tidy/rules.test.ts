/** Each rule finds what it is there for, and nothing beside it. */
import { describe, expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { cycleFindings, importFindings } from './import-rules.ts';
import { assertionFindings, coreFindings, hookFindings, moduleFindings } from './shape-rules.ts';
import { fileSizeFindings, functionSizeFindings, lineSizeFindings, SIZES } from './size-rules.ts';
import { parseSource, type Source } from './source.ts';
import { globalFindings, leftoverFindings, nameFindings, pathFindings } from './word-rules.ts';

type Rule = (source: Source) => readonly Finding[];

function findings(rule: Rule, path: string, text: string): readonly Finding[] {
  return rule(parseSource(path, text));
}

function functionOf(lines: number): string {
  return ['function f() {', ...Array.from({ length: lines - 2 }, () => '  g();'), '}'].join('\n');
}

describe('imports', () => {
  test.each([
    ['src/api/a.ts', "import { b } from '../core/b.ts';", 'api may not import core'],
    ['src/core/a.ts', "import type { B } from '../ports.ts';", 'core may not import ports'],
    ['src/core/a.ts', "import b from 'pino';", 'may not import the package pino'],
    ['src/ports.ts', "import { b } from './core/b.ts';", 'types of core only'],
    ['src/ports.ts', "import { type A, b } from './core/b.ts';", 'types of core only'],
    ['src/settings.ts', "import { b } from './api/b.ts';", 'settings may not import api'],
    ['src/settings/a.ts', "import { b } from '../core/b.ts';", 'settings may not import core'],
    ['src/controller/a.ts', "import { b } from '../core/view.ts';", 'may not import core'],
    ['src/controller/a.ts', "import { b } from '@aws-sdk/x/y';", 'the package @aws-sdk/x'],
    ['src/reconciler.ts', "import { b } from './controller/b.ts';", 'may not import controller'],
    [
      'src/adapters/a/a.ts',
      "import { b } from '../b/b.ts';",
      'adapters/a may not import adapters/b',
    ],
    ['src/adapters/a/a.ts', "import { b } from '../../core/b.ts';", 'types of core only'],
    ['src/adapters/a/a.ts', "const b = import('../../core/b.ts');", 'types of core only'],
    ['src/adapters/a.ts', "export * from '../operator.ts';", 'may not import operator'],
    ['src/operator.ts', "import { b } from './adapters/b.ts';", 'may not import adapters/b'],
    ['src/operator.ts', "import { b } from './main.ts';", 'may not import main'],
    ['src/main.ts', "import { b } from './adapters/b/b.ts';", 'may not import adapters/b'],
    ['src/elsewhere/a.ts', '', 'is in no row'],
  ])('of %s: %s', (path, text, want) => {
    expect(findings(importFindings, path, text)).toEqual([expect.stringContaining(want)]);
  });

  test.each([
    ['src/core/a.ts', "import { b } from '../api/b.ts';"],
    ['src/core/a.ts', "import { b } from './b.ts';"],
    ['src/core/a.ts', "import { createHash } from 'node:crypto';"],
    ['src/ports.ts', "import type { B } from './core/b.ts';"],
    ['src/ports.ts', "import { type A, type B } from './core/b.ts';"],
    ['src/settings.ts', "import { b } from './settings/b.ts';"],
    ['src/settings/a.ts', "import { b } from '../settings.ts';"],
    ['src/controller/a.ts', "import { b } from '../core/backoff.ts';"],
    ['src/controller/a.ts', "import b from 'p-queue';"],
    ['src/adapters/a/a.ts', "import { b } from './b.ts';"],
    ['src/adapters/a/a.ts', "import type { B } from '../../core/b.ts';"],
    ['src/adapters/a/a.ts', "const b: import('../../core/b.ts').B = 1;"],
    ['src/adapters/a.ts', "import { b } from '@aws-sdk/x';"],
    ['src/cli/a.ts', "import { b } from '../adapters/kubernetes/b.ts';"],
    ['src/serve.ts', "import { b } from './operator.ts'; import { c } from './adapters/c.ts';"],
    ['src/main.ts', "const { serve } = await import('./serve.ts');"],
  ])('of %s may be: %s', (path, text) => {
    expect(findings(importFindings, path, text)).toEqual([]);
  });

  test('in a circle, types too', () => {
    const a = parseSource('src/core/a.ts', "import type { B } from './b.ts';");
    const b = parseSource('src/core/b.ts', "\nimport { c } from '../core/c.ts';");
    const c = parseSource('src/core/c.ts', "import { a } from './a.ts';");
    expect(cycleFindings([a, b])).toEqual([]);
    expect(cycleFindings([a, b, c])).toEqual([
      'src/core/c.ts:1: closes a circle of imports: ' +
        'src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts',
    ]);
  });
});

describe('sizes', () => {
  test.each([
    ['src/a.ts', SIZES.sourceLinesMax],
    ['test/a.ts', SIZES.testLinesMax],
  ])('of a file like %s: %i lines and no more', (path, linesMax) => {
    expect(findings(fileSizeFindings, path, '\n'.repeat(linesMax))).toEqual([]);
    expect(findings(fileSizeFindings, path, '\n'.repeat(linesMax + 1))).toEqual([
      `${path}:${linesMax + 1}: is longer than ${linesMax} lines: cut it where two nouns meet`,
    ]);
  });

  test('of a line', () => {
    const line = `// ${'a'.repeat(97)}`;
    expect(findings(lineSizeFindings, 'src/a.ts', line)).toEqual([]);
    expect(findings(lineSizeFindings, 'src/a.ts', `\n${line}b`)).toHaveLength(1);
  });

  test('of what was generated are not judged', () => {
    const text = `// Generated from x.\n// ${'a'.repeat(200)}${'\n'.repeat(300)}`;
    expect(findings(fileSizeFindings, 'src/a.ts', text)).toEqual([]);
    expect(findings(lineSizeFindings, 'src/a.ts', text)).toEqual([]);
  });

  test.each([
    ['of 40 lines', functionOf(40), 0],
    ['of 41 lines', functionOf(41), 1],
    ['of 41 lines with another comment', `// A function.\n${functionOf(41)}`, 1],
    ['of 41 lines with its reason above', `// Long: one table.\n${functionOf(41)}`, 0],
    ['of 41 lines with its reason far above', `// Long: one table.\n\n\n${functionOf(41)}`, 1],
    ['of 42 lines with its reason inside', functionOf(41).replace('{', '{\n// Long: so.'), 0],
    ['of 70 lines with its reason', `// Long: one table.\n${functionOf(70)}`, 0],
    ['of 71 lines with its reason', `// Long: one table.\n${functionOf(71)}`, 1],
    ['that is an arrow', `const f = () => {${'\n'.repeat(40)}};`, 1],
    ['that is an arrow, with its reason', `// Long: so.\nconst f = () => {${'\n'.repeat(40)}};`, 0],
    ['that is a method', `class A {\n  f() {${'\n'.repeat(40)}}\n}`, 1],
    ['that is a method, with its reason', `class A {\n// Long: so.\nf() {${'\n'.repeat(40)}}}`, 0],
  ])('of a function %s', (_, text, count) => {
    expect(findings(functionSizeFindings, 'src/a.ts', text)).toHaveLength(count);
  });
});

describe('words', () => {
  test.each([
    ['const a = new Date();', 'Date'],
    ['const a = Date.now();', 'Date'],
    ['const a = performance.now();', 'performance'],
    ['const a = Math.random();', 'Math.random'],
    ['setTimeout(f, 1);', 'setTimeout'],
    ['const wait = setInterval;', 'setInterval'],
    ['const a = { setTimeout };', 'setTimeout'],
    ['const a = AbortSignal.timeout(1);', 'AbortSignal.timeout'],
    ["import { setTimeout as wait } from 'node:timers/promises';", 'node:timers/promises'],
    ["import { randomUUID } from 'node:crypto';", 'randomUUID'],
    ['const a = process.env;', 'process'],
    ["import { exit } from 'node:process';", 'node:process'],
    ['console.log(1);', 'console'],
    ['globalThis.f();', 'globalThis'],
  ])('that are not used: %s', (text, word) => {
    const found = findings(globalFindings, 'src/operator.ts', text);
    expect(found[0]).toMatch(`src/operator.ts:1: \`${word}\``);
  });

  test.each([
    ['src/operator.ts', 'const a = { Date: 1, process: 2 }; a.Date = a.process;'],
    ['src/operator.ts', 'const a = Math.max(1, 2); const b = AbortSignal.any([]);'],
    ['src/operator.ts', '// Date, process and console.log\nconst a = "setTimeout";'],
    ['src/adapters/system.ts', 'const a = Date.now() + Math.random();'],
    ['src/main.ts', 'const a = process.argv;'],
    ['src/cli/plan.ts', 'const a = process.argv;'],
  ])('in %s may be: %s', (path, text) => {
    expect(findings(globalFindings, path, text)).toEqual([]);
  });

  test.each([
    'const leaseManager = 1;',
    'const data = 1;',
    'function clickHandler() {}',
    'class StringUtils {}',
    'interface PoolInfo {}',
    'type RetryHelper = 1;',
    'function f(userData: string) {}',
    'const f = ({ info }: A) => info;',
    'const { a: [service] } = b;',
    'const POOL_DATA = 1;',
  ])('that name nothing: %s', (text) => {
    expect(findings(nameFindings, 'src/a.ts', text)).toHaveLength(1);
  });

  test.each([
    'log.info(a.data);',
    'const metadata = 1; const database = 2; const processed = 3;',
    'const a = { data: 1, info: () => 2 };',
    'interface A { data: string; info(data: string): void }',
    'const { data: pools } = b;',
    'const FIELD_MANAGER = 1; const requestHandler = 2;',
  ])('that are of others, or only look alike: %s', (text) => {
    expect(findings(nameFindings, 'src/a.ts', text)).toEqual([]);
  });

  test('that name nothing, as names of files', () => {
    expect(findings(nameFindings, 'src/core/string-utils.ts', '')).toHaveLength(1);
    expect(findings(nameFindings, 'src/core/helpers.ts', '')).toHaveLength(1);
    expect(findings(nameFindings, 'src/core/metadata.ts', '')).toEqual([]);
  });

  test('that put something off', () => {
    const word = 'TODO';
    expect(findings(leftoverFindings, 'src/a.ts', `\n/* ${word}: later */`)).toEqual([
      `src/a.ts:2: ${word}: do it, or leave it out`,
    ]);
    expect(findings(leftoverFindings, 'src/a.ts', `const a = '${word}';`)).toEqual([]);
  });

  test('that are of one machine', () => {
    const home = ['', 'home', 'me', 'x.ts'].join('/');
    expect(pathFindings('a.md', `\nsee ${home}`)).toEqual([
      `a.md:2: \`${home.slice(0, 7)}\` is of one machine: say it from the repository`,
    ]);
    expect(pathFindings('a.md', `see https://example.com${home} and ..${home}`)).toEqual([]);
  });
});

describe('modules', () => {
  test.each([
    'export default 1;',
    "export * from './b.ts';",
    'let a = 1;',
    'export let a = 1;',
    'var a = 1;',
    "export { b } from './b.ts';",
  ])('that are not ours: %s', (text) => {
    expect(findings(moduleFindings, 'src/a.ts', text)).not.toEqual([]);
  });

  test.each([
    'export const a = 1;',
    'function f() { let a = 1; return a; }',
    "export type { B } from './b.ts';\nexport const a = 1;",
    "import { b } from './b.ts'; b();",
  ])('that may be: %s', (text) => {
    expect(findings(moduleFindings, 'src/a.ts', text)).toEqual([]);
  });
});

describe('hooks', () => {
  test.each(['beforeEach(f);', 'afterEach(() => {});', 'beforeAll(f);', 'afterAll(f);'])(
    'are for test files: %s',
    (text) => {
      expect(findings(hookFindings, 'test/support/a.ts', text)).toHaveLength(1);
      expect(findings(hookFindings, 'test/a.test.ts', text)).toEqual([]);
      expect(findings(hookFindings, 'test/support/a.ts', `  ${text}`)).toEqual([]);
    },
  );
});

describe('core', () => {
  test.each([
    'async function f() {}',
    'const f = async () => 1;',
    'await f();',
    'function f() { throw new Error(); }',
    'class A { async f() {} }',
  ])('does not: %s', (text) => {
    expect(findings(coreFindings, 'src/core/a.ts', text)).toHaveLength(1);
    expect(findings(coreFindings, 'src/operator.ts', text)).toEqual([]);
  });

  test('asserts in one place', () => {
    const text = 'function assertNever(x: never): never { throw new Error(x); }';
    const a = parseSource('src/core/a.ts', text);
    const b = parseSource('src/core/b.ts', text);
    expect(coreFindings(a)).toEqual([]);
    expect(assertionFindings([a])).toEqual([]);
    expect(assertionFindings([a, b])).toEqual([expect.stringContaining('src/core/b.ts:1')]);
  });
});
