/** What src/README.md says of the sources, held against them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeOf, tableOf } from './markdown.ts';
import { ROOT } from './schema.ts';

const INSIDE = read('src/README.md');

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

test('every file and folder that it names is there', () => {
  const named = codeOf(INSIDE).filter((code) => /^[\w./-]+(\.ts|\.json|\/)$/.test(code));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !isThere(path))).toEqual([]);
});

function isThere(path: string): boolean {
  return existsSync(join(ROOT, 'src', path)) || existsSync(join(ROOT, path));
}

test('its table of imports is the one that the tests know', () => {
  const { rows } = tableOf(INSIDE, 'module');
  const told = rows.map(([module = '', imports = '']) => [
    codeOf(module)[0],
    imports === 'all' ? ['*'] : namesIn(imports),
  ]);
  expect(Object.fromEntries(told)).toEqual(rules());
});

const CLIMB = 'and the climb';

function namesIn(imports: string): readonly string[] {
  const [climb = ''] = /^The climb is [^.]*/m.exec(INSIDE) ?? [];
  const own = codeOf(imports);
  const any = imports.includes('any package') ? ['*'] : [];
  return [...own, ...(imports.includes(CLIMB) ? codeOf(climb) : []), ...any].sort();
}

/** Read as text: the table is nobody's but its own test's. */
function rules(): Readonly<Record<string, readonly string[]>> {
  const text = read('test/tidy/import-rules.ts');
  const [, climb = ''] = /THE_CLIMB = \[(.*?)\]/s.exec(text) ?? [];
  const [, table = ''] = /const TABLE[^=]*= (\{.*?\n\});/s.exec(text) ?? [];
  const rows = table.matchAll(/^ {2}(\w+): (\{.*?\}),$/gms);
  return Object.fromEntries(
    [...rows].map(([, module, allowance = '']) => {
      const names = quoted(allowance.replace('...THE_CLIMB', climb));
      return [module, [...new Set(names)].sort()];
    }),
  );
}

function quoted(text: string): readonly string[] {
  return [...text.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
}
