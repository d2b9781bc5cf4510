/** What is asked in the last synchronous step before a record leaves. */
import { describe, expect, test } from 'vitest';
import { begin, end, proven } from '../../src/core/attempts.ts';
import { adopt, recordPending } from '../../src/reconcile/writes.ts';
import {
  aResourceServer,
  aView,
  IDENTIFIER,
  POOL,
  type ResourceServerBuilder,
} from '../support/builders.ts';
import { aDesk, type Desk } from './desk.ts';

const identity = { userPoolId: POOL, identifier: IDENTIFIER };
/** By their names the other way round: it is age that counts. */
const younger = aResourceServer().named('junior').finalized().createdAt('2026-01-02T00:00:00Z');
const elder = aResourceServer().named('senior').finalized().createdAt('2026-01-01T00:00:00Z');

const KINDS = [
  {
    name: 'a pending record',
    write: ({ around, run }: Desk, resource: ResourceServerBuilder) =>
      recordPending(around, run, aView(resource).described(undefined, 500).view(), {
        operation: 'Create',
        hash: '1:x',
      }),
  },
  {
    name: 'an adopted record',
    write: ({ around, run }: Desk, resource: ResourceServerBuilder) =>
      adopt(around, run, aView(resource).described(undefined, 500).view(), '1:x'),
  },
];

describe.each(KINDS)('$name', ({ write }) => {
  test('leaves when all is as it was decided on', async () => {
    const desk = aDesk(younger);
    const learned = await write(desk, younger);
    expect(learned.kind).toMatch(/Recorded$/);
    expect(desk.stored).toHaveLength(1);
  });

  test.each<{ name: string; happen: (desk: Desk) => void; want: string }>([
    {
      name: 'an elder names the identity',
      happen: ({ know }) => know(elder),
      want: 'ClaimChanged',
    },
    {
      name: 'a call of another resource began',
      happen: ({ around: { memory } }) =>
        memory.setAttempts(identity, begin(memory.attemptsOf(identity), 'uid-2', 'now')),
      want: 'ObservationStale',
    },
    {
      name: 'a call of another resource ended',
      happen: ({ around: { memory } }) => {
        const begun = begin(memory.attemptsOf(identity), 'uid-2', 'now');
        memory.setAttempts(identity, end(begun, 'Answered', 600));
      },
      want: 'ObservationStale',
    },
    {
      name: 'a look told that a call had landed',
      happen: ({ around: { memory } }) =>
        memory.setAttempts(identity, proven(memory.attemptsOf(identity), 600)),
      want: 'ObservationStale',
    },
    {
      name: 'the lease was lost',
      happen: ({ lose }) => lose('NotLeader'),
      want: 'NotLeader',
    },
  ])('stays when meanwhile $name: $want', async ({ happen, want }) => {
    const desk = aDesk(younger);
    desk.meanwhile(() => happen(desk));
    const learned = await write(desk, younger);
    expect(learned).toMatchObject({
      kind: 'Stopped',
      stop: { of: 'Record', failure: { kind: 'NotSent', withheld: want } },
    });
    expect(desk.stored).toEqual([]);
  });

  test('is refused when somebody wrote the object meanwhile', async () => {
    const desk = aDesk(younger);
    const { key } = younger.parsed();
    desk.meanwhile(() => desk.touch(key, (raw) => ({ ...raw, touched: true })));
    const learned = await write(desk, younger);
    expect(learned).toMatchObject({ stop: { failure: { kind: 'Conflict' } } });
    expect(desk.stored).toEqual([]);
  });
});
