import { describe, expect, test } from 'vitest';
import { startLeader, TIMES } from './elector-stage.ts';
import { type Call, LOST, refused, SWIFT } from './lease-server.ts';

const MASTER = 'leader_election_master_status{operators/cognito-operator}';
const SLOW_PATH = 'leader_election_slowpath_total{operators/cognito-operator}';

function verbs(calls: readonly Call[]): readonly string[] {
  return calls.map(({ verb }) => verb).filter((verb) => verb !== 'watch');
}

describe('a leader', () => {
  test('renews every retry period, without reading', async () => {
    const { lead, ...replica } = await startLeader();
    await replica.clock.advance(20 * TIMES.retryPeriodMs);
    const updates = Array.from({ length: 20 }, () => 'update');
    expect(verbs(replica.calls)).toEqual(['get', 'create', ...updates]);
    expect(replica.server.record?.transitions).toBe(0);
    expect(lead.assertLeader()).toBeUndefined();
    await lead.end();
  });

  test('writes another renew time each time, though the wall clock may stand still', async () => {
    const { lead, ...replica } = await startLeader();
    const microseconds = new Set<string | undefined>();
    for (let renewals = 0; renewals < 20; renewals += 1) {
      microseconds.add(replica.server.record?.renewTime.slice(-4));
      await replica.clock.advance(TIMES.retryPeriodMs);
    }
    expect(microseconds.size).toBe(20);
    await lead.end();
  });

  test('leads no longer than the renew deadline after it sent its last renewal', async () => {
    const { lead, ...replica } = await startLeader();
    replica.travel({ ...SWIFT, backMs: 500 });
    await replica.clock.advance(2_500);
    replica.travel(LOST);
    await replica.clock.advance(9_499);
    expect(lead.assertLeader()).toBeUndefined();
    expect(lead.lost.aborted).toBe(false);
    await replica.clock.advance(1);
    expect(lead.assertLeader()).toBe('NotLeader');
    expect(lead.lost.aborted).toBe(true);
    expect(replica.witness.metric(MASTER)).toBe(0);
    expect(replica.witness.lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'leadership is lost',
      fields: { because: 'not renewed in time' },
    });
    await replica.clock.advance(60_000);
    expect(replica.clock.timers).toBe(0);
  });

  test('gives a request half the deadline, then the time that is left', async () => {
    const { lead, ...replica } = await startLeader();
    replica.travel(LOST);
    await replica.clock.advance(10_000);
    expect(replica.calls.slice(-2).map(({ verb, atMs }) => [verb, atMs])).toEqual([
      ['update', 52_000],
      ['get', 57_000],
    ]);
    expect(lead.lost.aborted).toBe(true);
  });

  test('survives requests that fail for a while', async () => {
    const { lead, ...replica } = await startLeader();
    replica.travel(refused(503));
    await replica.clock.advance(7_999);
    replica.travel(SWIFT);
    await replica.clock.advance(20_000);
    expect(lead.assertLeader()).toBeUndefined();
    expect(replica.witness.metric(SLOW_PATH)).toBeGreaterThan(0);
    await lead.end();
  });

  test('reads at once after a conflict, and goes on when the Lease still names it', async () => {
    const { lead, ...replica } = await startLeader();
    replica.server.edit({});
    await replica.clock.advance(2_000);
    expect(verbs(replica.calls).slice(-3)).toEqual(['update', 'get', 'update']);
    expect(lead.assertLeader()).toBeUndefined();
    await replica.clock.advance(10_000);
    expect(lead.assertLeader()).toBeUndefined();
    await lead.end();
  });

  test('does not fight with whoever edits the Lease all the time', async () => {
    const { lead, ...replica } = await startLeader();
    replica.travel({ ...SWIFT, outMs: 10 }, 'update');
    const editing = setIntervalOn(replica.clock, 5, () => replica.server.edit({}));
    await replica.clock.advance(9_000);
    expect(replica.calls.length).toBeLessThan(20);
    editing.abort();
    replica.travel(SWIFT);
    await lead.end();
  });

  test.each([
    ['another', { holder: 'third', transitions: 1 }],
    ['nobody', { holder: '' }],
  ])('has lost when the Lease names %s', async (_name, edit) => {
    const { lead, ...replica } = await startLeader();
    replica.server.edit(edit);
    await replica.clock.advance(2_000);
    expect(lead.lost.aborted).toBe(true);
    expect(lead.assertLeader()).toBe('NotLeader');
    await lead.end();
    expect(replica.server.record).toMatchObject(edit);
  });

  test('creates the Lease again when somebody deleted it', async () => {
    const { lead, ...replica } = await startLeader();
    replica.server.remove();
    await replica.clock.advance(2_000);
    expect(lead.assertLeader()).toBeUndefined();
    expect(replica.server.record?.holder).toBe('me');
    await lead.end();
  });

  test('has lost when somebody deleted the Lease and another created it', async () => {
    const { lead, ...replica } = await startLeader();
    const record = replica.server.record!;
    replica.server.remove();
    replica.server.create({ ...record, holder: 'third' });
    await replica.clock.advance(2_000);
    expect(lead.lost.aborted).toBe(true);
  });
});

describe('a stall of the event loop', () => {
  test('ends leadership on the first line after it', async () => {
    const { lead, ...replica } = await startLeader();
    replica.stall(9_999);
    expect(lead.assertLeader()).toBeUndefined();
    replica.stall(1);
    expect(lead.assertLeader()).toBe('NotLeader');
    expect(lead.lost.aborted).toBe(false);
    await replica.clock.advance(2_000);
    expect(lead.lost.aborted).toBe(true);
  });

  test('in the middle of a renewal is not made good by its late answer', async () => {
    const { lead, ...replica } = await startLeader();
    replica.travel({ ...SWIFT, backMs: 1_000 }, 'update');
    await replica.clock.advance(2_500);
    replica.stall(8_000);
    expect(lead.assertLeader()).toBe('NotLeader');
    await replica.clock.advance(500);
    expect(lead.assertLeader()).toBe('NotLeader');
    expect(lead.lost.aborted).toBe(true);
  });
});

describe('the end of a term', () => {
  test('stops leading at once and releases the Lease', async () => {
    const { lead, ...replica } = await startLeader();
    const ending = lead.end();
    expect(lead.assertLeader()).toBe('NotLeader');
    await ending;
    expect(replica.server.record).toMatchObject({
      holder: '',
      leaseDurationSeconds: 1,
      transitions: 0,
    });
    expect(lead.lost.aborted).toBe(false);
    expect(replica.witness.metric(MASTER)).toBe(0);
    expect(replica.clock.timers).toBe(0);
  });

  test('asked for twice releases once', async () => {
    const { lead, ...replica } = await startLeader();
    await Promise.all([lead.end(), lead.end()]);
    expect(replica.server.writes).toBe(2);
  });

  test('in the middle of a renewal releases what that leaves behind', async () => {
    const { lead, ...replica } = await startLeader();
    replica.travel({ ...SWIFT, outMs: 100 }, 'update');
    await replica.clock.advance(2_050);
    const ending = lead.end();
    await replica.clock.advance(1_000);
    await ending;
    expect(replica.server.record?.holder).toBe('');
  });

  test('after a conflict reads, and releases what is still ours', async () => {
    const { lead, ...replica } = await startLeader();
    replica.server.edit({});
    await lead.end();
    expect(replica.server.record?.holder).toBe('');
  });

  test('leaves the Lease of another alone', async () => {
    const { lead, ...replica } = await startLeader();
    replica.server.edit({ holder: 'third' });
    await lead.end();
    expect(replica.server.record?.holder).toBe('third');
    expect(replica.witness.loud()).toEqual([]);
  });

  test('after a loss for want of renewal releases what still names us', async () => {
    const { lead, ...replica } = await startLeader();
    replica.travel(LOST);
    await replica.clock.advance(10_000);
    expect(lead.lost.aborted).toBe(true);
    replica.travel(SWIFT);
    await lead.end();
    expect(replica.server.record?.holder).toBe('');
  });

  test('takes no longer than the renew deadline when nothing answers, and says so', async () => {
    const { lead, ...replica } = await startLeader();
    replica.travel(LOST);
    let isOver = false;
    const ending = lead.end().then(() => (isOver = true));
    await replica.clock.advance(9_999);
    expect(isOver).toBe(false);
    await replica.clock.advance(1);
    await ending;
    expect(replica.witness.lines.at(-1)?.message).toBe(
      'the lease was not released: the next leader waits it out',
    );
    expect(replica.clock.timers).toBe(0);
  });

  test('lets another lead again in the same process', async () => {
    const { lead, ...replica } = await startLeader();
    await lead.end();
    const again = await replica.elector.lead(new AbortController().signal);
    expect(again?.assertLeader()).toBeUndefined();
    expect(replica.server.record).toMatchObject({ holder: 'me', transitions: 1 });
    await again?.end();
  });
});

/** Calls `tick` every `ms` of the clock until aborted. */
function setIntervalOn(
  clock: { sleep(ms: number, signal: AbortSignal): Promise<void> },
  ms: number,
  tick: () => void,
): AbortController {
  const over = new AbortController();
  void (async () => {
    while (!over.signal.aborted) {
      await clock.sleep(ms, over.signal);
      tick();
    }
  })();
  return over;
}
