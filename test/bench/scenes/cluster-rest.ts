/** What two replicas ask of a real API server while nothing happens. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Audited } from '../audit.ts';
import { clusterScene } from '../cluster-scene.ts';
import { openClusterStage } from '../cluster-stage.ts';
import { poolId, range, specimen } from '../resources.ts';

const POOLS = 40;
const SERVERS = 25;
/** As long as a watch lasts. */
const MINUTES = 4;
/** One every two seconds. */
const RENEWALS_PER_MINUTE = 30;
/** Both watch the resources, the standby watches the Lease. */
const WATCHES = 3;

export const clusterRest = clusterScene({
  name: 'rest',
  bars: [
    {
      measure: 'real API server: requests a minute at rest, 1,000 resources, two replicas',
      bar: '30 renewals; each watch once in 4 min; else 0',
    },
  ],
  play: async (conditions, binaries) => {
    await using stage = await openClusterStage(conditions, binaries);
    await stage.load(range(POOLS * SERVERS, (at) => specimen(`api-${at}`, poolOf(at))));
    await stage.start().untilSaid('leading');
    await stage.start().untilSaid('started');
    await stage.untilListed(POOLS);
    await sleep(2_000);
    const before = stage.audit.read().length;
    await sleep(MINUTES * 60_000);
    const asked = stage.audit
      .read()
      .slice(before)
      .filter(({ isOperators }) => isOperators);
    const renewals = asked.filter(isRenewal).length;
    const watches = asked.filter(({ verb }) => verb === 'watch').length;
    const rest = asked.filter((each) => !isExpected(each));
    const perMinute = (count: number) => (count / MINUTES).toFixed(1);
    return [
      {
        measured: [
          `${perMinute(renewals)} renewals`,
          `${watches} watches opened in ${MINUTES} min`,
          `else ${named(rest)}`,
        ].join('; '),
        isMet: renewals <= RENEWALS_PER_MINUTE * MINUTES && watches <= WATCHES && rest.length === 0,
      },
    ];
  },
});

function poolOf(at: number): string {
  return poolId(Math.floor(at / SERVERS));
}

function isExpected(asked: Audited): boolean {
  return asked.verb === 'watch' || isRenewal(asked);
}

/** How many, and of which kinds. */
function named(rest: readonly Audited[]): string {
  const kinds = new Set(rest.map(({ verb, resource }) => `${verb} ${resource}`));
  return [rest.length, ...kinds].join(' ');
}

function isRenewal({ verb, resource }: Audited): boolean {
  return verb === 'update' && resource === 'leases';
}
