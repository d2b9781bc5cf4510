/** What it costs to know that three hundred servers are as they should be. */
import { waitFor } from '../../support/wait.ts';
import { poolId, range, specimen } from '../resources.ts';
import type { Row, Scene } from '../row.ts';
import { openStage, SERVERS_MAX, type Stage } from '../stage.ts';

const AUDITS = 3;
const PAGES = SERVERS_MAX / 50;
const SWEEPS = 'cognito_operator_sweeps_total';

export const auditing: Scene = {
  name: 'auditing',
  play: async (conditions) => {
    await using stage = await openStage(conditions);
    await stage.load(range(SERVERS_MAX, (index) => specimen(`api-${index}`, poolId(1))));
    const operator = stage.start({ resync: '5s', 'log-level': 'debug' });
    const reconciles = () => operator.lines.filter(({ msg }) => msg === 'reconciled').length;
    const untilSwept = (sweeps: number) =>
      waitFor(`${sweeps} sweeps`, async () => (await operator.metric(SWEEPS)) >= sweeps);
    await untilSwept(1);
    await waitFor('the first pass', () => reconciles() >= SERVERS_MAX);
    const before = { reconciles: reconciles(), sweeps: await operator.metric(SWEEPS) };
    await clear(stage);
    await untilSwept(before.sweeps + AUDITS);
    const calls = (await stage.cognito.call('trace')).length;
    const writes = (await stage.kubernetes.call('trace')).filter(
      ({ resource, verb }) => resource.startsWith('resourceservers') && verb !== 'watch',
    );
    return [rowOf(calls / AUDITS, writes.length, reconciles() - before.reconciles)];
  },
};

async function clear({ cognito, kubernetes }: Stage): Promise<void> {
  await Promise.all([cognito.call('trace'), kubernetes.call('trace')]);
}

function rowOf(calls: number, writes: number, reconciles: number): Row {
  return {
    measure: 'an audit of 300 unchanged servers: calls; status writes; reconciles',
    bar: '6; 0; 0',
    measured: `${calls}; ${writes}; ${reconciles}`,
    isMet: calls === PAGES && writes === 0 && reconciles === 0,
  };
}
