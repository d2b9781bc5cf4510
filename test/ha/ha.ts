/**
 * `npm run ha`: rounds of blows to the leader under load, on a real kube-apiserver and etcd, and
 * what Cognito's own log says of them. Nothing may be doubled, lost or stolen.
 *
 *   npm run ha                           10 rounds
 *   npm run ha -- --rounds 100
 *   npm run ha -- --replicas 2 --seed 7
 *   npm run ha -- --default-lease        15/10/2 s, as installed
 */
import { parseArgs } from 'node:util';
import { startControlPlane } from '../cluster/control-plane.ts';
import { buildBundle } from '../support/bundle.ts';
import { launchOperator } from '../support/launch.ts';
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
  --default-lease    15/10/2 s instead of 3/2/0.5 s
  --help
`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    replicas: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    'default-lease': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(USAGE);
else process.exitCode = (await play()) ? 0 : 1;

/** @returns whether nothing was amiss */
async function play(): Promise<boolean> {
  using bundle = buildBundle();
  const admin = await startControlPlane();
  try {
    await using stage = await openStage({
      admin,
      launch: (flags, environment) => launchOperator(bundle.file, flags, environment),
      flags: values['default-lease'] ? DEFAULT_LEASE : SCALED,
      replicas: countOf('replicas', 2),
    });
    const herd = await gatherHerd(stage, HERD);
    const { roll } = createSeededChance(countOf('seed', 0));
    const outcomes: NamedOutcome[] = [];
    for (let round = 1; round <= countOf('rounds', 1); round += 1) {
      const name = pick(roll);
      const outcome = { name, ...(await playRound(stage, herd, { strike: STRIKES[name], roll })) };
      outcomes.push(outcome);
      process.stderr.write(`${round}: ${JSON.stringify(outcome)}\n`);
    }
    process.stdout.write(`${tallyText(outcomes)}\n`);
    return !outcomes.some(isAmiss);
  } finally {
    await admin.stop();
  }
}

function pick(roll: () => number): StrikeName {
  const names = Object.keys(STRIKES) as StrikeName[];
  return names[Math.floor(roll() * names.length)] ?? 'kill';
}

function countOf(name: 'rounds' | 'replicas' | 'seed', least: number): number {
  const count = Number(values[name]);
  if (Number.isInteger(count) && count >= least) return count;
  throw new Error(`--${name} takes a whole number of at least ${least}, not ${values[name]}`);
}
