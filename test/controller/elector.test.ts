import { describe, expect, test } from 'vitest';
import { released } from '../../src/core/lease.ts';
import { settled } from '../support/fake-clock.ts';
import { FOREIGN, startReplica, TIMES } from './elector-stage.ts';
import { LOST, refused, SWIFT } from './lease-server.ts';

const LATER = '2020-01-01T00:00:02.000Z';
const MASTER = 'leader_election_master_status{operators/cognito-operator}';
const SLOW_PATH = 'leader_election_slowpath_total{operators/cognito-operator}';

describe('a standby', () => {
  test('creates the first Lease and leads at once', async () => {
    const replica = await startReplica();
    expect(replica.term()?.startedAtMs).toBe(50_000);
    expect(replica.server.record).toMatchObject({
      holder: 'me',
      leaseDurationSeconds: 15,
      transitions: 0,
    });
    expect(replica.witness.metric(MASTER)).toBe(1);
    await replica.term()?.end();
    expect(replica.clock.timers).toBe(0);
  });

  test('takes a released Lease at once, and counts the transition', async () => {
    const replica = await startReplica(released(FOREIGN, LATER));
    expect(replica.term()?.assertLeader()).toBeUndefined();
    expect(replica.server.record).toMatchObject({ holder: 'me', transitions: 4 });
    await replica.term()?.end();
  });

  test('waits out a Lease, however old its times, from when it saw it', async () => {
    const replica = await startReplica(FOREIGN);
    await replica.clock.advance(14_999);
    expect(replica.term()).toBeUndefined();
    expect(replica.witness.metric(MASTER)).toBe(0);
    expect(replica.witness.metric(SLOW_PATH)).toBe(0);
    await replica.clock.advance(1);
    expect(replica.term()?.startedAtMs).toBe(65_000);
    expect(replica.server.record?.transitions).toBe(4);
    await replica.term()?.end();
  });

  test('stands by as long as the holder renews, without reading what the watch tells', async () => {
    const replica = await startReplica(FOREIGN);
    for (let renewals = 0; renewals < 30; renewals += 1) {
      await replica.clock.advance(1_999);
      replica.server.edit({ renewTime: `renewal ${renewals}` });
    }
    expect(replica.term()).toBeUndefined();
    expect(replica.calls.map(({ verb }) => verb)).toEqual(['watch', 'get']);
    replica.stop.abort();
    await settled();
    expect(replica.hasGivenUp()).toBe(true);
  });

  test('does not take a label edit for a renewal', async () => {
    const replica = await startReplica(FOREIGN);
    for (let edits = 0; edits < 10; edits += 1) {
      await replica.clock.advance(1_500);
      replica.server.edit({});
    }
    await settled();
    expect(replica.term()?.startedAtMs).toBe(65_000);
    await replica.term()?.end();
  });

  test('notices a release by its watch and leads in the same instant', async () => {
    const replica = await startReplica(FOREIGN);
    await replica.clock.advance(1_000);
    replica.server.edit({ holder: '', leaseDurationSeconds: 1, renewTime: LATER });
    await settled();
    expect(replica.term()?.startedAtMs).toBe(51_000);
    await replica.term()?.end();
  });

  test('waits out a Lease whose holder was edited away: that one does not know yet', async () => {
    const replica = await startReplica(FOREIGN);
    replica.server.edit({ holder: '' });
    await replica.clock.advance(14_999);
    expect(replica.term()).toBeUndefined();
    await replica.clock.advance(1);
    expect(replica.term()).toBeDefined();
    await replica.term()?.end();
  });

  test('waits out a Lease that somebody deleted: its holder creates it again', async () => {
    const replica = await startReplica(FOREIGN);
    await replica.clock.advance(2_000);
    replica.server.remove();
    await replica.clock.advance(2_000);
    expect(replica.term()).toBeUndefined();
    replica.server.create({ ...FOREIGN, renewTime: LATER });
    await replica.clock.advance(14_000);
    expect(replica.term()).toBeUndefined();
    replica.stop.abort();
  });

  test('misses no release between a watch that ended and the next one', async () => {
    const replica = await startReplica(FOREIGN);
    await replica.clock.advance(3_000);
    replica.server.endWatches();
    await settled();
    replica.server.edit({ holder: '', leaseDurationSeconds: 1, renewTime: LATER });
    await settled();
    expect(replica.term()?.startedAtMs).toBe(53_000);
    await replica.term()?.end();
  });

  test('opens a watch that ends at once no oftener than it reads', async () => {
    const replica = await startReplica(FOREIGN, { watch: refused(500) });
    await replica.clock.advance(6_000);
    const opened = replica.calls.filter(({ verb }) => verb === 'watch').map(({ atMs }) => atMs);
    expect(opened).toEqual([50_000, 52_000, 54_000, 56_000]);
    replica.stop.abort();
  });

  test.each([
    ['is forbidden', refused(403), 0, 2_000],
    ['is forbidden', refused(403), 0.5, 3_200],
    ['is silent', LOST, 0, 2_000],
    ['is silent', LOST, 0.5, 3_200],
  ])('whose watch %s (%#) reads every 2 to 4.4 seconds', async (_name, watch, roll, periodMs) => {
    const replica = await startReplica(FOREIGN, { roll, watch });
    await replica.clock.advance(periodMs * 3);
    const reads = replica.calls.filter(({ verb }) => verb === 'get').map(({ atMs }) => atMs);
    expect(reads).toEqual([0, 1, 2, 3].map((periods) => 50_000 + periods * periodMs));
    replica.stop.abort();
  });

  test.each([
    ['forbidden', refused(403)],
    ['silent', LOST],
  ])('whose watch is %s finds a release by reading', async (_name, watch) => {
    const replica = await startReplica(FOREIGN, { watch });
    await replica.clock.advance(100);
    replica.server.edit({ holder: '', leaseDurationSeconds: 1 });
    await replica.clock.advance(2_000);
    expect(replica.term()?.startedAtMs).toBe(52_000);
    await replica.term()?.end();
  });

  test('does not lead when another was faster', async () => {
    const replica = await startReplica(FOREIGN);
    replica.travel({ ...SWIFT, outMs: 100 }, 'update');
    await replica.clock.advance(15_050);
    replica.server.edit({ holder: 'third', renewTime: LATER, transitions: 4 });
    await replica.clock.advance(10_000);
    expect(replica.term()).toBeUndefined();
    expect(replica.server.record?.holder).toBe('third');
    replica.stop.abort();
  });

  test('leads from before it asked, not from when it was answered', async () => {
    const replica = await startReplica(FOREIGN);
    replica.travel({ ...SWIFT, backMs: 4_000 }, 'update');
    await replica.clock.advance(15_000);
    replica.travel(LOST);
    await replica.clock.advance(4_000);
    expect(replica.term()?.startedAtMs).toBe(69_000);
    await replica.clock.advance(5_999);
    expect(replica.term()?.assertLeader()).toBeUndefined();
    await replica.clock.advance(1);
    expect(replica.term()?.assertLeader()).toBe('NotLeader');
  });

  test('finds out that it has won when the answer was lost', async () => {
    const replica = await startReplica(FOREIGN);
    replica.travel({ ...SWIFT, fate: 'AnswerLost' }, 'update');
    await replica.clock.advance(15_000);
    expect(replica.server.record?.holder).toBe('me');
    expect(replica.term()).toBeUndefined();
    replica.travel(SWIFT, 'update');
    await replica.clock.advance(TIMES.renewDeadlineMs / 2 + TIMES.retryPeriodMs);
    expect(replica.term()?.assertLeader()).toBeUndefined();
    expect(replica.server.record?.transitions).toBe(4);
    await replica.term()?.end();
  });

  test('gives each request half of the renew deadline', async () => {
    const replica = await startReplica(FOREIGN);
    replica.travel(LOST);
    await replica.clock.advance(30_000);
    const reads = replica.calls.filter(({ verb }) => verb === 'get').map(({ atMs }) => atMs);
    expect(reads.slice(1, 3)).toEqual([52_000, 52_000 + 5_000 + 2_000]);
    replica.stop.abort();
  });
});

describe('a standby that is stopped', () => {
  test('before it began neither reads nor writes', async () => {
    const replica = await startReplica(FOREIGN);
    replica.stop.abort();
    await settled();
    expect(await replica.elector.lead(AbortSignal.abort())).toBeUndefined();
    expect(replica.calls.filter(({ verb }) => verb !== 'watch')).toHaveLength(1);
  });

  test('while it rests gives up at once and leaves nothing behind', async () => {
    const replica = await startReplica(FOREIGN);
    replica.stop.abort();
    await settled();
    expect(replica.hasGivenUp()).toBe(true);
    expect(replica.clock.timers).toBe(0);
  });

  test('while it reads gives up at once', async () => {
    const replica = await startReplica(FOREIGN);
    replica.travel(LOST, 'get');
    await replica.clock.advance(2_000);
    replica.stop.abort();
    await settled();
    expect(replica.hasGivenUp()).toBe(true);
    expect(replica.clock.timers).toBe(0);
  });

  test('while it is winning gives the Lease back', async () => {
    const replica = await startReplica(FOREIGN);
    replica.travel({ ...SWIFT, backMs: 300 }, 'update');
    await replica.clock.advance(15_100);
    expect(replica.server.record?.holder).toBe('me');
    replica.stop.abort();
    await replica.clock.advance(600);
    expect(replica.hasGivenUp()).toBe(true);
    expect(replica.server.record).toMatchObject({ holder: '', leaseDurationSeconds: 1 });
  });
});

describe('a standby that may not', () => {
  test('says so once, naming verb, resource and namespace, and keeps trying', async () => {
    const replica = await startReplica(FOREIGN);
    replica.travel(refused(403, 'leases is forbidden'), 'get');
    replica.server.edit({ renewTime: LATER });
    await replica.clock.advance(20_000);
    expect(replica.witness.loud()).toEqual([
      {
        level: 'error',
        message:
          'RBAC forbids leader election: allow this verb on this resource in this namespace; ' +
          'trying again',
        fields: {
          verb: 'get',
          resource: 'leases.coordination.k8s.io',
          namespace: 'operators',
          name: 'cognito-operator',
          because: 'leases is forbidden',
        },
      },
    ]);
    replica.travel(SWIFT, 'get');
    await replica.clock.advance(20_000);
    expect(replica.term()).toBeDefined();
    await replica.term()?.end();
  });

  test('says so again when it comes back after it was gone', async () => {
    const replica = await startReplica(FOREIGN, { watch: LOST });
    for (let spells = 0; spells < 2; spells += 1) {
      replica.travel(refused(403), 'get');
      await replica.clock.advance(6_000);
      replica.travel(SWIFT, 'get');
      replica.server.edit({ renewTime: `renewal ${spells}` });
      await replica.clock.advance(2_000);
    }
    expect(replica.witness.loud()).toHaveLength(2);
    replica.stop.abort();
  });

  test('warns once when the API server does not answer', async () => {
    const replica = await startReplica(FOREIGN);
    replica.travel(LOST);
    await replica.clock.advance(60_000);
    expect(replica.witness.loud().map(({ message }) => message)).toEqual([
      'a lease request failed, trying again',
    ]);
    replica.stop.abort();
  });
});
