/** What is asked in the last synchronous step before a server is handed over. */
import { expect, test } from 'vitest';
import { handOver } from '../../src/reconcile/hand-over.ts';
import { aResourceServer, aView } from '../support/builders.ts';
import { aDesk, aDeskFor, type Desk } from './desk.ts';

const giver = aResourceServer().named('giver').finalized().withRemote().deleting();
const heir = aResourceServer().named('heir').finalized().createdAt('2026-01-02T00:00:00Z');
const { key, uid } = heir.parsed();

function give({ around, run }: Desk) {
  return handOver(around, run, aView(giver).view(), { key, uid });
}

test('the heir receives the record, and from whom', async () => {
  const desk = aDesk(giver, heir);
  expect(await give(desk)).toEqual({ kind: 'HandedOver' });
  const { remote } = giver.parsed();
  expect(desk.live(key)?.remote).toEqual({ ...remote, from: giver.parsed().uid });
});

test.each([
  { name: 'is paused', changed: heir.paused() },
  { name: 'is deleted', changed: heir.deleting() },
  { name: 'only observes', changed: heir.observing() },
  { name: 'lost our finalizer', changed: heir.metadata({ finalizers: [] }) },
])('an heir that $name meanwhile receives nothing', async ({ changed }) => {
  const desk = aDesk(giver, heir);
  desk.meanwhile(() => desk.know(changed));
  expect(await give(desk)).toMatchObject({
    kind: 'Stopped',
    stop: { of: 'Heir', failure: { kind: 'NotSent', withheld: 'ClaimChanged' } },
  });
  expect(desk.stored).toEqual([]);
});

test('an heir that somebody wrote meanwhile receives nothing', async () => {
  const desk = aDesk(giver, heir);
  desk.meanwhile(() => desk.touch(key, (raw) => ({ ...raw, touched: true })));
  expect(await give(desk)).toMatchObject({ stop: { failure: { kind: 'Conflict' } } });
  expect(desk.stored).toEqual([]);
});

test('an heir that the label selector leaves out receives nothing', async () => {
  const desk = aDeskFor((resource) => resource.key !== key, giver, heir);
  expect(await give(desk)).toMatchObject({ stop: { failure: { withheld: 'ClaimChanged' } } });
  expect(desk.stored).toEqual([]);
});

test('an heir of another namespace receives nothing', async () => {
  const stranger = heir.inNamespace('elsewhere');
  const desk = aDesk(giver, stranger);
  const { around, run } = desk;
  const learned = await handOver(around, run, aView(giver).view(), stranger.parsed());
  expect(learned).toMatchObject({ stop: { failure: { withheld: 'ClaimChanged' } } });
});
