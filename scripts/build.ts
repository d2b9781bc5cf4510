// Bundles the operator into dist/, or into the folder of the argument: main.mjs, the serve.mjs that
// it loads, their source maps, and the licences of all that is in them. The image needs nothing
// else beside Node.

import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { LEAN_CLIENT, REQUIRED_BUILTINS, SERVE_APART } from './build/lean.ts';
import { licencesOf } from './build/licences.ts';

const ROOT = join(import.meta.dirname, '..');
const OUT = resolve(process.argv[2] ?? join(ROOT, 'dist'));

/** A dependency that is CommonJS still asks for `require` inside the ESM file. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module';" +
  'const require = __createRequire(import.meta.url);';

function versionOfPackage(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  if (typeof version === 'string') return version;
  throw new Error('package.json has no version');
}

rmSync(OUT, { recursive: true, force: true });
const { warnings, metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/main.ts', 'src/serve.ts'],
  outdir: OUT,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  // ES modules, of which what is not used stays out: half of the AWS SDK.
  mainFields: ['module', 'main'],
  plugins: [SERVE_APART, LEAN_CLIENT, REQUIRED_BUILTINS],
  banner: { js: REQUIRE },
  define: { COGNITO_OPERATOR_VERSION: JSON.stringify(versionOfPackage()) },
  // The text stays in memory while it runs, twice as large with one letter beyond Latin-1 in a
  // comment. Names stay, for stacks.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'external',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(join(OUT, 'LICENCES.txt'), licencesOf(ROOT, Object.keys(metafile.inputs)));
const bytes = ['main.mjs', 'serve.mjs'].map((file) => statSync(join(OUT, file)).size);
console.log(`dist: ${(bytes.reduce((sum, size) => sum + size) / 1e6).toFixed(1)} MB`);
process.exitCode = warnings.length > 0 ? 1 : 0;
