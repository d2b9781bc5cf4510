/** We changed Cognito and somebody changed the object: on what the records are written then. */
import { expect, test } from 'vitest';
import type { Ports } from '../../src/ports.ts';
import { settle } from '../../src/reconcile/settle.ts';
import type { Surroundings } from '../../src/reconcile/surroundings.ts';
import { aResourceServer, aView, type ResourceServerBuilder } from '../support/builders.ts';
import { aDesk, type Desk } from './desk.ts';

const asked = aResourceServer().finalized().atGeneration(2).withPending('Create');
const { key, pending } = asked.parsed();

/** Settles what a Create has made, after the object became `live`. */
async function settleOn(live: ResourceServerBuilder): Promise<Desk> {
  const desk = aDesk(asked);
  desk.touch(key, () => live.raw());
  const { remote } = asked.withRemote().parsed();
  const made = aView(asked)
    .with({ records: { remote, pending: undefined } })
    .described()
    .climbed({ effects: ['Created'] })
    .view();
  await settle(quietly(desk.around), desk.run, made, { kind: 'Synced' });
  return desk;
}

/** What else hears of an ending has nothing to say here. */
function quietly(around: Surroundings): Surroundings {
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const said = { log, events: { publish: silent }, metrics: { count: silent } };
  const gate = { forget: silent, stepAside: silent };
  return { ...around, gate, ports: { ...around.ports, ...said } as unknown as Ports } as never;
}

test('what was made is recorded on the object that was edited meanwhile', async () => {
  const edited = asked.atGeneration(3).calling('Edited').withPending('Create', pending);
  const { live } = await settleOn(edited);
  expect(live(key)?.remote).toBeDefined();
  expect(live(key)?.pending).toBeUndefined();
  expect(live(key)?.status.observedGeneration).toBe(2);
});

test('nothing is written onto another object of that name', async () => {
  const { stored, live } = await settleOn(asked.withUid('another').recordedFor('another'));
  expect(stored).toEqual([]);
  expect(live(key)?.pending).toBeDefined();
});

test('nothing is written over the record of another call', async () => {
  const { stored } = await settleOn(asked.withPending('Create', { startTime: 'another' }));
  expect(stored).toEqual([]);
});
