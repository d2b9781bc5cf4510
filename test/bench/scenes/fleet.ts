/** Twenty-five thousand resources: what they weigh, and what it takes to take them over. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Called } from '../cognito-server.ts';
import type { Asked } from '../kubernetes-server.ts';
import type { Operator } from '../operator.ts';
import { poolId, range, specimen } from '../resources.ts';
import type { Row, Scene } from '../row.ts';
import { openStage, type Stage } from '../stage.ts';
import { median } from '../statistics.ts';
import { listedMoments, throughputOf, throughputText } from '../throughput.ts';

const POOLS = 1_000;
const SERVERS = 25;
const IDLE_SECONDS = 60;
/** Of the account: 20 reads a second, and the share of them that is ours. */
const N = 16;

const SCOPE_CHARS = 60;
const SCOPES = ['read', 'write', 'admin'].map((verb) => ({
  name: `forecast.${verb}.`.padEnd(SCOPE_CHARS, 'x'),
  description: `To ${verb} forecasts of the weather `.padEnd(SCOPE_CHARS, 'y'),
}));

const FLEET = range(POOLS * SERVERS, (index) =>
  specimen(`team-${index}-weather-api`, poolId(Math.floor(index / SERVERS)), SCOPES),
);
const EDITED = FLEET[FLEET.length / 2] ?? FLEET[0]!;

export const fleet: Scene = {
  name: 'fleet',
  play: async (conditions) => {
    await using stage = await openStage(conditions);
    const { kubernetes, cognito } = stage;
    await stage.load(FLEET);
    await handOver(stage);
    await Promise.all([kubernetes.call('trace'), cognito.call('trace')]);
    await kubernetes.call('rename', EDITED.name, 'Edited while nobody led');
    const operator = stage.start();
    await stage.untilListed(2 * POOLS, 150_000);
    const verifying = await cognito.call('trace');
    await sleep(1_000);
    const rssMiB = await idleRssMiB(operator);
    const calls = [...verifying, ...(await cognito.call('trace'))];
    const asked = (await kubernetes.call('trace')).filter(({ isOperators }) => isOperators);
    return [memoryRow(rssMiB), restartRow({ verifying, calls, asked })];
  },
};

/** The first operator takes over, sweeps once, quickly, and hands over. */
async function handOver({ start, cognito, untilListed }: Stage): Promise<void> {
  await cognito.call('meter', false);
  const first = start({
    'account-reads-per-second': '1000',
    'account-writes-per-second': '1000',
    'pool-calls-per-second': '100',
  });
  await first.untilSaid('leading');
  await untilListed(POOLS, 120_000);
  await first.stop();
  await cognito.call('meter', true);
}

async function idleRssMiB(operator: Operator): Promise<number> {
  const samples: number[] = [];
  for (let second = 0; second < IDLE_SECONDS; second += 1) {
    await sleep(1_000);
    samples.push(operator.rssMiB());
  }
  return median(samples);
}

function memoryRow(rssMiB: number): Row {
  return {
    measure: '25,000 resources in 1,000 pools, swept once: median RSS of 60 idle seconds',
    bar: '<= 200 MiB',
    measured: `${rssMiB.toFixed(0)} MiB`,
    isMet: rssMiB <= 200,
  };
}

interface Restart {
  /** Until all pools were listed; the next round begins while the operator idles. */
  readonly verifying: readonly Called[];
  readonly calls: readonly Called[];
  readonly asked: readonly Asked[];
}

function restartRow({ verifying, calls, asked }: Restart): Row {
  const throughput = throughputOf(listedMoments(verifying), N);
  const verified = new Set(verifying.filter(isList).map(({ pool }) => pool)).size === POOLS;
  const update = calls.find(({ operation }) => operation === 'UpdateResourceServer');
  const landedMs = update?.landedMs ?? Number.POSITIVE_INFINITY;
  const lists = asked.filter(({ verb, appliedMs }) => verb === 'list' && appliedMs < landedMs);
  const editMs = landedMs - Math.max(...lists.map(({ appliedMs }) => appliedMs));
  const writes = writesBesideTheEdit(calls, asked);
  const isVerified = verified && throughput.ratio >= 0.97;
  return {
    measure: 'restarted: all verified at its share of 20 reads/s; an edit in 2 s; writes',
    bar: 'yes; yes; 0',
    measured: [
      `${isVerified ? 'yes' : 'no'}: ${throughputText(throughput)}`,
      `${editMs <= 2_000 ? 'yes' : 'no'}: ${Math.round(editMs)} ms`,
      writes,
    ].join('; '),
    isMet: isVerified && editMs <= 2_000 && writes === 0,
  };
}

function isList({ operation, outcome }: Called): boolean {
  return operation === 'ListResourceServers' && outcome === 'Success';
}

/** Of either side; the Lease is not about a resource. */
function writesBesideTheEdit(calls: readonly Called[], asked: readonly Asked[]): number {
  const effects = calls.filter(
    ({ effect, identifier }) => effect && identifier !== EDITED.identifier,
  );
  const requests = asked.filter(
    ({ verb, resource, name }) =>
      !['get', 'list', 'watch'].includes(verb) && resource !== 'leases' && name !== EDITED.name,
  );
  return effects.length + requests.length;
}
