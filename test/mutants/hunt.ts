/** Each mutant meets its tiers one after the other, until enough of them have noticed. */
import type { Copy } from './copy.ts';
import { keyOf, type Ledger } from './ledger.ts';
import { type Mutant, transform } from './mutant.ts';
import { readBy, type Suite, type Tier, tierOf } from './tiers.ts';
import { type Trial, tryOut, type Verdict } from './trial.ts';

export interface Hunt {
  readonly tiers: readonly Tier[];
  /** Those that nobody named for a mutant are asked too, where those that were do not suffice. */
  readonly others: readonly Suite[];
  /** Different tiers that have to notice; then the next mutant comes. */
  readonly kills: number;
  readonly ledger: Ledger;
  readonly read: (file: string) => string;
  readonly tell: (line: string) => void;
}

export interface Hunted {
  readonly mutant: Mutant;
  readonly verdicts: ReadonlyMap<Suite, Verdict>;
  /** As many tiers noticed as were asked for, and none was broken. */
  readonly isDead: boolean;
}

/** One copy each, and the next mutant for whoever is free. */
export async function hunt(
  all: readonly Mutant[],
  copies: readonly Copy[],
  rules: Hunt,
): Promise<readonly Hunted[]> {
  const queue = [...all.entries()];
  const hunted: Hunted[] = [];
  const trees = new Map<Suite, string>();
  const work = async (copy: Copy): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [at, mutant] = next;
      hunted[at] = await huntOne(mutant, { copy, trees, ...rules });
    }
  };
  await Promise.all(copies.map(work));
  return hunted;
}

interface Stand extends Hunt {
  readonly copy: Copy;
  readonly trees: Map<Suite, string>;
}

async function huntOne(mutant: Mutant, stand: Stand): Promise<Hunted> {
  const { tiers, others, kills } = stand;
  const named = mutant.killedBy.filter((suite) => tiers.includes(tierOf(suite)));
  const wanted = Math.min(kills, others.length > 0 ? kills : tiersOf(named).size);
  const suites = [...new Set([...named, ...others])];
  const verdicts = new Map<Suite, Verdict>();
  for (const suite of suites) {
    if (killers(verdicts).size >= wanted) break;
    const { verdict, tookMs } = await meet(mutant, suite, stand);
    verdicts.set(suite, verdict);
    stand.tell(line(mutant, suite, verdict, tookMs));
  }
  const isWhole = [...verdicts.values()].every(({ kind }) => kind !== 'Broken');
  return { mutant, verdicts, isDead: isWhole && killers(verdicts).size >= wanted };
}

function tiersOf(suites: Iterable<Suite>): ReadonlySet<Tier> {
  return new Set([...suites].map(tierOf));
}

/** The tiers that noticed. */
export function killers(verdicts: ReadonlyMap<Suite, Verdict>): ReadonlySet<Tier> {
  const killed = [...verdicts].filter(([, { kind }]) => kind === 'Killed');
  return tiersOf(killed.map(([suite]) => suite));
}

/** Only a suite that passes without the mutant can say anything of it. */
async function meet(mutant: Mutant, suite: Suite, stand: Stand): Promise<Trial> {
  const sound = await remembered({ suite, withinMs: WITHOUT_MUTANT_MS }, stand);
  const { verdict } = sound;
  if (verdict.kind === 'Broken') return sound;
  if (verdict.kind === 'Killed') {
    const because = `it fails without any mutant: ${verdict.by}`;
    return { verdict: { kind: 'Broken', because }, tookMs: 0 };
  }
  const withinMs = PATIENCE.times * sound.tookMs + PATIENCE.moreMs;
  return remembered({ suite, withinMs, mutant }, stand);
}

const WITHOUT_MUTANT_MS = 600_000;
/** Of how long the suite takes without one, on a machine that does other things too. */
const PATIENCE = { times: 5, moreMs: 60_000 };

interface Attempt {
  readonly suite: Suite;
  readonly withinMs: number;
  readonly mutant?: Mutant;
}

async function remembered(
  { suite, withinMs, mutant }: Attempt,
  { copy, trees, ledger, read }: Stand,
): Promise<Trial> {
  const tree = trees.get(suite) ?? copy.hashOf(readBy(suite));
  trees.set(suite, tree);
  const key = keyOf(mutant, suite, tree);
  const known = ledger.get(key);
  if (known !== undefined) return known;
  using _ = copy.change(mutant === undefined ? [] : transform(mutant, read));
  const trial = await tryOut(copy.folder, suite, withinMs);
  const isSound = mutant !== undefined || trial.verdict.kind === 'Survived';
  // What fails without a mutant may have failed by chance: it is asked again the next time.
  ledger.put(key, trial, isSound);
  return trial;
}

function line({ name }: Mutant, suite: Suite, verdict: Verdict, tookMs: number): string {
  const seconds = (tookMs / 1_000).toFixed(1);
  switch (verdict.kind) {
    case 'Killed':
      return `killed    ${name} by ${suite} in ${seconds} s: ${verdict.by}`;
    case 'Survived':
      return `SURVIVED  ${name} ${suite}, ${seconds} s`;
    case 'Broken':
      return `BROKEN    ${name} ${suite}: ${verdict.because}`;
  }
}
