/** Three hundred creates in one pool, as fast as its window allows; meanwhile, edits elsewhere. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Called } from '../cognito-server.ts';
import { poolId, range, type Specimen, specimen } from '../resources.ts';
import type { Row, Scene } from '../row.ts';
import { openStage, SERVERS_MAX, type Stage } from '../stage.ts';
import { percentile } from '../statistics.ts';
import { createdMoments, throughputOf, throughputText } from '../throughput.ts';

const CROWDED = poolId(0);
/** Of a pool: 5 calls a second, and the share of them that is ours. */
const N = 4;
const EDIT_EVERY_MS = 300;

export const crowdedPool: Scene = {
  name: 'crowded-pool',
  play: async (conditions) => {
    await using stage = await openStage(conditions);
    const { kubernetes, cognito } = stage;
    const edited = range(20, (index) => specimen(`edited-${index}`, poolId(1 + index)));
    await cognito.call('addPools', [CROWDED], SERVERS_MAX);
    await stage.load(edited);
    await stage.start().untilSaid('leading');
    await stage.untilListed(edited.length);
    for (const one of range(SERVERS_MAX, (index) => specimen(`new-${index}`, CROWDED))) {
      await kubernetes.call('apply', one);
    }
    const edits = await editWhileCreating(stage, edited);
    await stage.untilCreated(SERVERS_MAX);
    const calls = await cognito.call('trace');
    const asked = await kubernetes.call('trace');
    const throughput = throughputOf(createdMoments(calls, asked), N);
    const throttles = await cognito.call('throttled');
    return [
      {
        measure: '300 creates in one pool: of what its window allows; throttles',
        bar: '>= 97 %; 0',
        measured: `${throughputText(throughput)}; ${throttles}`,
        isMet: throughput.ratio >= 0.97 && throttles === 0,
      },
      editRow(edits, calls),
    ];
  },
};

interface Edit {
  readonly one: Specimen;
  readonly name: string;
  readonly appliedMs: number;
}

/** Until few creates are left, so that they wait all the while. */
async function editWhileCreating(
  { kubernetes, cognito }: Stage,
  edited: readonly Specimen[],
): Promise<readonly Edit[]> {
  const edits: Edit[] = [];
  while ((await cognito.call('succeeded', 'CreateResourceServer')) < SERVERS_MAX - 3 * N) {
    const one = edited[edits.length % edited.length];
    if (one === undefined) break;
    const name = `Edition ${edits.length}`;
    const appliedMs = await kubernetes.call('rename', one.name, name);
    edits.push({ one, name, appliedMs });
    await sleep(EDIT_EVERY_MS);
  }
  return edits;
}

/** An edit that never arrived counts as one that took for ever. */
function editRow(edits: readonly Edit[], calls: readonly Called[]): Row {
  const updates = calls.filter(
    ({ operation, effect }) => operation === 'UpdateResourceServer' && effect,
  );
  const tookMs = edits.map(({ one, appliedMs }) => {
    const update = updates.find(
      ({ identifier, landedMs }) => identifier === one.identifier && landedMs >= appliedMs,
    );
    return (update?.landedMs ?? Number.POSITIVE_INFINITY) - appliedMs;
  });
  const p99 = percentile(tookMs, 99);
  return {
    measure: 'an edit while 300 creates wait in another pool: in Cognito, p99',
    bar: '<= 1 s',
    measured: `${Math.round(p99)} ms (${edits.length} edits)`,
    isMet: p99 <= 1_000,
  };
}
