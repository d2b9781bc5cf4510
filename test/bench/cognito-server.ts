/** The embedded Cognito in a process of its own; its log tells moments of the shared clock. */
import type { CallRecord } from '../sandbox/cognito/log.ts';
import { startCognito } from '../sandbox/cognito/server.ts';
import { obey } from './remote.ts';
import { ACCOUNT, type Specimen, serverOf } from './resources.ts';
import { sharedOffsetMs } from './shared-clock.ts';

const cognito = await startCognito({ accountId: ACCOUNT });
const offsetMs = sharedOffsetMs();
let taken = 0;

/** Moments of the shared clock. */
function shared(record: CallRecord) {
  const { operation, pool, identifier, outcome, effect } = record;
  return {
    operation,
    pool,
    identifier,
    outcome,
    effect,
    arrivedMs: record.at + offsetMs,
    landedMs: (record.landedAt ?? Number.NaN) + offsetMs,
    answeredMs: (record.answeredAt ?? Number.NaN) + offsetMs,
  };
}

export type Called = ReturnType<typeof shared>;

const commands = {
  url: () => cognito.url,
  /** @param serversMax the quota of each */
  addPools: (ids: readonly string[], serversMax: number) => {
    for (const id of ids) {
      cognito.addPool(id);
      cognito.setQuota(id, serversMax);
    }
  },
  load: (all: readonly Specimen[]) => {
    for (const one of all) cognito.load(one.userPoolId, [serverOf(one)]);
  },
  meter: (isOn: boolean) => {
    cognito.setRates(
      isOn ? { perAccount: { read: 20, update: 15 }, perPool: 5, mode: 'per-operation' } : 'off',
    );
  },
  /** How often an operation succeeded, of all calls there ever were. */
  succeeded: (operation: string) => cognito.counts()[operation]?.['Success'] ?? 0,
  throttled: () =>
    Object.values(cognito.counts())
      .map((outcomes) => outcomes['TooManyRequestsException'] ?? 0)
      .reduce((sum, each) => sum + each, 0),
  /** Calls since the last time. */
  trace: () => {
    const calls = cognito.log.since(taken);
    taken = cognito.log.size;
    return calls.map(shared);
  },
};

export type CognitoCommands = typeof commands;
obey(commands);
