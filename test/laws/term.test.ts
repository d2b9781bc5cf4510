/** A term of leadership, whatever the network does and however long the process stands still. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { startLeader, TIMES } from '../controller/elector-stage.ts';
import { type Journey, LOST, SWIFT } from '../controller/lease-server.ts';

type Event =
  | { readonly kind: 'Pass'; readonly ms: number }
  /** Time passes while nothing in this process runs. */
  | { readonly kind: 'Stall'; readonly ms: number }
  | { readonly kind: 'Travel'; readonly journey: Journey };

const slow = fc.nat(6_000).map((backMs): Journey => ({ ...SWIFT, backMs }));
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('Pass'), ms: fc.nat(2_500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('Stall'), ms: fc.nat(11_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('Travel'),
      journey: fc.oneof(slow, slow, fc.constant(LOST), fc.constant(SWIFT)),
    }),
  },
);

interface Look {
  readonly leads: boolean;
  readonly atMs: number;
  /** When the last request was sent that was answered, or may still be. */
  readonly sentAtMs: number;
}

async function play(events: readonly Event[]): Promise<readonly Look[]> {
  const { lead, clock, calls, travel, stall } = await startLeader();
  const looks: Look[] = [];
  let stalledMs = 0;
  let journey = SWIFT;
  let seen = calls.length;
  let sentAtMs = clock.monotonicMs();
  for (const each of events) {
    if (each.kind === 'Pass') await clock.advance(each.ms);
    if (each.kind === 'Stall') stall(each.ms);
    const sent = calls.slice(seen).filter(({ verb }) => verb === 'update' || verb === 'create');
    seen = calls.length;
    const last = journey.fate === 'Arrives' ? sent.at(-1) : undefined;
    if (last !== undefined) sentAtMs = last.atMs + stalledMs;
    if (each.kind === 'Stall') stalledMs += each.ms;
    if (each.kind === 'Travel') travel((journey = each.journey), 'update');
    const leads = lead.assertLeader() === undefined;
    looks.push({ leads, atMs: clock.monotonicMs() + stalledMs, sentAtMs });
  }
  const ending = lead.end();
  await clock.advance(2 * TIMES.renewDeadlineMs);
  await ending;
  return looks;
}

const terms = fc.array(event, { minLength: 5, maxLength: 40, size: 'max' });

test('a term that is over never begins again', async () => {
  await fc.assert(
    fc.asyncProperty(terms, async (events) => {
      const looks = await play(events);
      const over = looks.findIndex(({ leads }) => !leads);
      expect(over < 0 ? [] : looks.slice(over).filter(({ leads }) => leads)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('nobody leads longer than the renew deadline after it asked', async () => {
  await fc.assert(
    fc.asyncProperty(terms, async (events) => {
      const late = (await play(events)).filter(
        ({ leads, atMs, sentAtMs }) => leads && atMs >= sentAtMs + TIMES.renewDeadlineMs,
      );
      expect(late).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
