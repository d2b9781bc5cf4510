/**
 * `npm run ha`: rounds of blows to the leader under load, on a real kube-apiserver and etcd, and
 * what Cognito's own log says of them. Nothing may be doubled, lost or stolen.
 *
 *   npm run ha                           10 rounds
 *   npm run ha -- --rounds 100
 *   npm run ha -- --replicas 2 --seed 7
 *   npm run ha -- --default-lease        15/10/2 s, as installed
 */
import { startControlPlane } from '../cluster/control-plane.ts';
import { buildBundle } from '../support/bundle.ts';
import { understood } from '../support/command-line.ts';
import { type Flags, launchOperator } from '../support/launch.ts';
import { createSeededChance } from '../support/seeded-chance.ts';
import { gatherHerd, HERD } from './herd.ts';
import { isAmiss, playRound } from './round.ts';
import { DEFAULT_LEASE, openStage, SCALED } from './stage.ts';
import { STRIKES, type StrikeName } from './strike.ts';
import { type NamedOutcome, tallyText } from './tally.ts';

const USAGE = `Usage: npm run ha -- [options]

  --rounds N         how often the leader is struck (10)
  --replicas N       operators at a time, 2 or more (3)
  --seed N           of who wishes what, and when the blow falls (1)
  --default-lease    15/10/2 s instead of 5/3/0.5 s
  --help
`;

const orders = understood(USAGE, {
  options: {
    rounds: { type: 'string', default: '10' },
    replicas: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    'default-lease': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (orders !== undefined) {
  const { rounds, replicas, seed, 'default-lease': isDefault } = orders.values;
  const isFlawless = await play({
    rounds: countOf('rounds', rounds, 1),
    replicas: countOf('replicas', replicas, 2),
    seed: countOf('seed', seed, 0),
    flags: isDefault ? DEFAULT_LEASE : SCALED,
  });
  process.exitCode = isFlawless ? 0 : 1;
}

interface Plan {
  readonly rounds: number;
  readonly replicas: number;
  readonly seed: number;
  readonly flags: Flags;
}

/** @returns whether nothing was amiss */
async function play({ rounds, replicas, seed, flags }: Plan): Promise<boolean> {
  using bundle = buildBundle();
  const admin = await startControlPlane();
  try {
    await using stage = await openStage({
      admin,
      launch: (given, environment) => launchOperator(bundle.file, given, environment),
      flags,
      replicas,
      areReplaced: true,
    });
    const herd = await gatherHerd(stage, HERD);
    const { roll } = createSeededChance(seed);
    const outcomes: NamedOutcome[] = [];
    try {
      for (let round = 1; round <= rounds; round += 1) {
        const name = pick(roll);
        const outcome = await playRound(stage, herd, { strike: STRIKES[name], roll });
        outcomes.push({ name: outcome.isStruck ? name : 'ended by itself', ...outcome });
        process.stderr.write(`${round}: ${JSON.stringify(outcomes.at(-1))}\n`);
      }
    } finally {
      process.stdout.write(`${tallyText(outcomes)}\n`);
    }
    return !outcomes.some(isAmiss);
  } finally {
    await admin.stop();
  }
}

function pick(roll: () => number): StrikeName {
  const names = Object.keys(STRIKES) as StrikeName[];
  return names[Math.floor(roll() * names.length)] ?? 'kill';
}

function countOf(name: string, given: string, least: number): number {
  const count = Number(given);
  if (Number.isInteger(count) && count >= least) return count;
  throw new Error(`--${name} takes a whole number of at least ${least}, not ${given}`);
}
