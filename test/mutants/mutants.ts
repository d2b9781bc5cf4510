/**
 * `npm run mutants`: bugs with names, each built into a copy of the tree, and which tiers of the
 * tests notice. Each has to be noticed by two.
 *
 *   npm run mutants -- --tiers core,laws,controller   those that the cheap tiers have to notice
 *   npm run mutants -- --all                          all tiers, until two have noticed
 *   npm run mutants -- --all --record                 and writes it down, for `npm run generate`
 *   npm run mutants -- --only claim-by-name --kills 9 one, by as many tiers as it names
 *
 * A run that was stopped, at any moment, goes on where it was: verdicts are kept in `.cache`, each
 * with a hash of all that it depends on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { understood } from '../support/command-line.ts';
import { MUTANTS } from './all-mutants.ts';
import { type Copy, copyTree, ROOT } from './copy.ts';
import { type Hunted, hunt, killers } from './hunt.ts';
import { openLedger } from './ledger.ts';
import type { Mutant } from './mutant.ts';
import { recordVerdicts } from './record.ts';
import { type Suite, TIERS, type Tier } from './tiers.ts';

const USAGE = `Usage: npm run mutants -- [options]

  --tiers A,B    of ${TIERS.join(', ')}
                 (core,laws,reconcile,controller)
  --all          all of them; also those tiers that nobody named for a mutant
  --only NAME    this mutant alone; may be given again
  --kills N      how many tiers have to notice (2)
  --workers N    copies of the tree, and tests at a time (1)
  --record       writes the verdicts down; \`npm run generate\` shows them in docs/assurance.md
  --json         verdicts as JSON on standard output
  --help
`;

const CHEAP = 'core,laws,reconcile,controller';
/** Whole tiers that are worth a try where those that were named do not suffice. */
const OTHERS: readonly Suite[] = [
  'core',
  'laws',
  'reconcile',
  'controller',
  'contract',
  'model',
  'simulation',
];

const orders = understood(USAGE, {
  options: {
    tiers: { type: 'string', default: CHEAP },
    all: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    kills: { type: 'string', default: '2' },
    workers: { type: 'string', default: '1' },
    record: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (orders !== undefined) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const { all, only, kills, workers, record, json } = orders.values;
  const tiers = all ? TIERS : TIERS.filter((tier) => orders.values.tiers.split(',').includes(tier));
  const hunted = await huntAll({
    tiers,
    all,
    only,
    kills: Number(kills),
    workers: Number(workers),
  });
  if (record) recordVerdicts(hunted);
  if (json) console.log(JSON.stringify(hunted.map(plain), undefined, 2));
  console.error(summary(hunted));
  process.exitCode = hunted.every(({ isDead }) => isDead) ? 0 : 1;
}

interface Wishes {
  readonly tiers: readonly Tier[];
  readonly all: boolean;
  readonly only: readonly string[];
  readonly kills: number;
  readonly workers: number;
}

async function huntAll({ tiers, all, only, kills, workers }: Wishes): Promise<readonly Hunted[]> {
  const meant = chosen(only);
  using copies = new DisposableStack();
  const places = Array.from({ length: workers }, () => copies.use(copyTree()));
  const [first] = places;
  if (first === undefined) throw new Error('no worker, no verdict');
  return await hunt(meant, places, {
    tiers,
    others: all ? OTHERS : [],
    kills,
    ledger: openLedger(join(ROOT, '.cache/mutants.jsonl')),
    read: readerOf(first),
    tell: (line) => console.error(line),
  });
}

function chosen(only: readonly string[]): readonly Mutant[] {
  const unknown = only.filter((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (unknown.length > 0) throw new Error(`no such mutant: ${unknown.join(', ')}`);
  return only.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => only.includes(name));
}

/** The source as it was when the first copy was made. */
function readerOf({ folder }: Copy): (file: string) => string {
  const texts = new Map<string, string>();
  for (const { file } of MUTANTS.flatMap(({ edits }) => edits)) {
    texts.set(file, readFileSync(join(folder, file), 'utf8'));
  }
  return (file) => texts.get(file) ?? '';
}

function plain({ mutant, verdicts, isDead }: Hunted) {
  return { name: mutant.name, isDead, verdicts: Object.fromEntries(verdicts) };
}

function summary(hunted: readonly Hunted[]): string {
  const met = hunted.filter(({ verdicts }) => verdicts.size > 0);
  const alive = met.filter(({ isDead }) => !isDead);
  const lines = alive.map(({ mutant, verdicts }) => {
    const noticed = [...killers(verdicts)].join(', ') || 'nobody';
    return `  ${mutant.name}: ${noticed}`;
  });
  const left = hunted.length - met.length;
  const rest = left === 0 ? '' : `; ${left} are left to the other tiers`;
  return [`${met.length - alive.length} of ${met.length} were noticed as they have to be${rest}`]
    .concat(lines)
    .join('\n');
}
