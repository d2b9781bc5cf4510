/**
 * `npm run stryker`: StrykerJS changes each expression of `src/core` by itself, and the tables and
 * laws have to notice: nine of ten in all, and whatever they miss has its reason.
 *
 *   npm run stryker                        every file, those that were judged before excepted
 *   npm run stryker -- --files lease,drift
 *   npm run stryker -- --record            and writes it down, for `npm run generate`
 *
 * A file is judged anew when anything it depends on has changed.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { understood } from '../support/command-line.ts';
import { ROOT } from './copy.ts';
import { recordScores } from './record.ts';
import { type Judged, readReport, scoreOf, stale } from './scores.ts';

const USAGE = `Usage: npm run stryker -- [options]

  --files A,B   of src/core, without their ending (all)
  --record      writes the scores down; \`npm run generate\` shows them in docs/assurance.md
  --help
`;

const SCORE_MIN = 90;
const CACHE = join(ROOT, '.cache/stryker');
/** What a verdict depends on. */
const READ = '{src/core,src/api,test/core,test/laws,test/support,test/mutants/stryker*}{,/**}/*';

const orders = understood(USAGE, {
  options: {
    files: { type: 'string' },
    record: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (orders !== undefined) {
  const { files, record } = orders.values;
  const all = globSync('src/core/*.ts', { cwd: ROOT }).map((path) => basename(path, '.ts'));
  const meant = all.sort().filter((name) => files?.split(',').includes(name) ?? true);
  mkdirSync(CACHE, { recursive: true });
  const judged = meant.flatMap((name) => judge(name));
  if (record) recordScores(judged);
  process.exitCode = isGood(judged, meant.length === all.length) ? 0 : 1;
}

/** Types alone have nothing to change. */
function judge(name: string): readonly Judged[] {
  const file = join(CACHE, `${name}-${keyOf()}.json`);
  if (!existsSync(file)) run(name, file);
  const judged = readReport(JSON.parse(readFileSync(file, 'utf8')));
  for (const each of judged) tell(each);
  return judged;
}

function keyOf(): string {
  const hash = createHash('sha256');
  for (const path of globSync(READ, { cwd: ROOT }).sort()) {
    if (path.endsWith('.ts')) hash.update(path).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest('hex').slice(0, 12);
}

function run(name: string, file: string): void {
  const stryker = join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const mutate = `src/core/${name}.ts`;
  const config = 'test/mutants/stryker.config.json';
  const args = [stryker, 'run', config, '--mutate', mutate, '--logLevel', 'error'];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(file, readFileSync(join(CACHE, 'report.json')));
}

function tell(judged: Judged): void {
  console.log(`${scoreOf([judged]).toFixed(1).padStart(5)} %  ${judged.file}`);
  for (const { line, change, because } of judged.missed) {
    if (because === undefined) console.log(`         ${judged.file}: ${change}   in   ${line}`);
  }
}

function isGood(judged: readonly Judged[], isWhole: boolean): boolean {
  const score = scoreOf(judged);
  const open = judged.flatMap(({ missed }) =>
    missed.filter(({ because }) => because === undefined),
  );
  const gone = isWhole ? stale(judged) : [];
  console.log(`${score.toFixed(1)} % in all; ${open.length} missed without a reason`);
  for (const each of gone) console.log(`not missed any more: ${each}`);
  return score >= SCORE_MIN && open.length === 0 && gone.length === 0;
}
