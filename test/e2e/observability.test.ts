/** What somebody on call sees of the operator, from outside: its log, its Events, its metrics. */
import { expect } from 'vitest';
import { RECONCILE_ID_ANNOTATION } from '../../src/api/names.ts';
import { valueOf } from '../observability/page.ts';
import { findPromtool, promtool } from '../observability/promtool.ts';
import { aResourceServer, FOREIGN } from '../support/builders.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInOwnHouse, testInSharedHouse } from '../support/house-test.ts';
import type { LogLine, OperatorProcess } from '../support/launch.ts';
import type { StoredEvent } from '../support/user.ts';
import { waitFor } from '../support/wait.ts';

const QUIET = { ...UNMETERED, flags: { ...UNMETERED.flags, resync: '1s', 'log-level': 'info' } };

const lookup = findPromtool();
if (lookup.kind === 'missing') console.warn(`SKIPPED: promtool check metrics: ${lookup.reason}`);

function theOperator({ operators: [operator] }: House): OperatorProcess {
  if (operator === undefined) throw new Error('the house has no operator');
  return operator;
}

async function scrape(house: House): Promise<string> {
  const { metricsPort } = await theOperator(house).untilSaid('started');
  return (await fetch(`http://127.0.0.1:${String(metricsPort)}/metrics`)).text();
}

function runOf(event: StoredEvent): string | undefined {
  return event.metadata.annotations?.[RECONCILE_ID_ANNOTATION];
}

const test = testInSharedHouse(QUIET);

test('the Event of a climb names its line in the log', async ({ house, user, pool }) => {
  await user.apply(aResourceServer().inPool(pool.id));
  const created = await user.untilEvent('Created');
  await user.untilReady();
  pool.fault('Update', { kind: 'accessDenied' });
  await user.editSpec({ name: 'Weather API 2' });
  const denied = await user.untilEvent('AccessDenied');
  const { lines } = theOperator(house);
  const isOfDenied = ({ reconcileID }: LogLine) => reconcileID === runOf(denied);
  await waitFor('the line of the denied climb', () => lines.some(isOfDenied));
  const ours = lines.filter(({ key }) => String(key).startsWith(`${user.namespace}/`));
  const lineOf = (event: StoredEvent) =>
    ours.filter(({ reconcileID }) => reconcileID === runOf(event));
  expect(lineOf(created)).toMatchObject([{ msg: 'reconciled', effects: ['Created'] }]);
  expect(lineOf(denied)).toMatchObject([{ msg: 'reconcile failed', outcome: { kind: 'Denied' } }]);
  expect(new Set(ours.map(({ reconcileID }) => reconcileID)).size).toBe(ours.length);
});

test('the page counts what was done, once each', async ({ house, user, pool }) => {
  await user.apply(aResourceServer().inPool(pool.id));
  await user.untilReady();
  const before = await scrape(house);
  pool.put(FOREIGN);
  await user.untilEvent('DriftCorrected');
  await user.untilReady();
  const after = await scrape(house);
  const grown = (name: string, labels = {}) =>
    (valueOf(after, name, labels) ?? Number.NaN) - (valueOf(before, name, labels) ?? Number.NaN);
  expect(grown('cognito_operator_drift_repairs_total')).toBe(1);
  const updates = { operation: 'Update', code: 'OK' };
  expect(grown('cognito_operator_aws_requests_total', updates)).toBe(1);
  expect(grown('cognito_operator_sweeps_total', { result: 'Complete' })).toBeGreaterThan(0);
  expect(valueOf(after, 'cognito_operator_resync_seconds')).toBe(1);
  expect(valueOf(after, 'leader_election_master_status')).toBe(1);
});

test('a reconcile that only the user can help is an error too', async ({ house, user, pool }) => {
  const errors = async () => {
    const page = await scrape(house);
    const result = { result: 'error' };
    return [
      valueOf(page, 'controller_runtime_terminal_reconcile_errors_total'),
      valueOf(page, 'controller_runtime_reconcile_errors_total'),
      valueOf(page, 'controller_runtime_reconcile_total', result),
    ].map(Number);
  };
  const before = await errors();
  pool.put(FOREIGN);
  await user.apply(aResourceServer().inPool(pool.id));
  await user.untilReason('AlreadyExists');
  const isCounted = async () => (await errors()).every((each, at) => each > Number(before[at]));
  await waitFor('all three to grow', isCounted);
  const [terminal = 0, all, results] = await errors();
  expect(all).toBeGreaterThanOrEqual(terminal);
  expect(results).toBe(all);
});

test.skipIf(lookup.kind === 'missing')(
  'promtool finds no fault in the page of an operator that worked',
  async ({ house, user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    const page = await scrape(house);
    expect(page).toMatch(/^rest_client_requests_total\{/m);
    expect(promtool(lookup, ['check', 'metrics'], page)).toEqual({ code: 0, said: '' });
  },
);

test('SIGUSR2 turns debug lines on, and off again', async ({ house, user, pool }) => {
  const operator = theOperator(house);
  const toggles = () => operator.said('log level changed').map(({ logLevel }) => logLevel);
  const look = async (request: string) => {
    await user.requestSync(request);
    await user.untilSynced(request);
  };
  const isDebug = ({ level }: { readonly level: string }) => level === 'debug';
  await user.apply(aResourceServer().inPool(pool.id));
  await user.untilReady();
  await look('quiet');
  expect(operator.lines.filter(isDebug)).toEqual([]);
  process.kill(operator.pid, 'SIGUSR2');
  await waitFor('debug lines to be on', () => toggles().length === 1);
  await look('loud');
  await waitFor('a debug line', () => operator.lines.some(isDebug));
  process.kill(operator.pid, 'SIGUSR2');
  await waitFor('debug lines to be off', () => toggles().length === 2);
  const loud = operator.lines.filter(isDebug).length;
  await look('quiet again');
  expect(operator.lines.filter(isDebug)).toHaveLength(loud);
  expect(toggles()).toEqual(['debug', 'info']);
});

const testWithRates = testInOwnHouse({ flags: { resync: '1h', share: '0.2' } });

testWithRates('a key that waits for its turn is counted', async ({ house, user, pool }) => {
  const names = Array.from({ length: 12 }, (_, at) => `api-${at}`);
  for (const name of names) {
    await user.apply(
      aResourceServer().named(name).identifiedAs(`https://${name}.example`).inPool(pool.id),
    );
  }
  const waiting = async () => valueOf(await scrape(house), 'cognito_operator_gate_waiting');
  await waitFor('keys in line', async () => Number(await waiting()) > 0);
  for (const name of names) await user.untilReady(name);
  await waitFor('nobody in line', async () => (await waiting()) === 0);
  const page = await scrape(house);
  const again = { result: 'requeue_after' };
  expect(valueOf(page, 'controller_runtime_reconcile_total', again)).toBeGreaterThan(0);
  const waited = valueOf(page, 'cognito_operator_gate_wait_seconds_sum', { access: 'write' });
  expect(waited).toBeGreaterThan(1);
});
