/** How the process begins: settings, the CRD, permissions, ports. */

import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { aResourceServer } from '../support/builders.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { OperatorProcess } from '../support/launch.ts';
import { waitFor } from '../support/wait.ts';

const test = testInOwnHouse({ ...UNMETERED, operators: 0 });
const testWithoutCrd = testInOwnHouse({ ...UNMETERED, operators: 0, kubernetes: { crds: [] } });
const testStarted = testInOwnHouse(UNMETERED);

const CRD = parse(
  readFileSync(new URL('../../crds/resourceservers.yaml', import.meta.url), 'utf8'),
);

async function complaintsOf(house: House, flags: Record<string, string>) {
  const operator = house.start(flags);
  return { code: await operator.exited, text: operator.complaints, lines: operator.lines };
}

const loudLines = ({ lines }: OperatorProcess) =>
  lines.filter(({ level }) => level !== 'debug' && level !== 'info');

/** Other loud lines may come before it: a busy machine answers late. */
const untilLoud = (operator: OperatorProcess, sentence: RegExp) =>
  waitFor(`a loud line of ${sentence}`, () =>
    loudLines(operator).some((line) => sentence.test(JSON.stringify(line))),
  );

describe.concurrent('settings that cannot be used', () => {
  test('are told all together, with exit code 2', async ({ house }) => {
    const { code, text, lines } = await complaintsOf(house, {
      'lease-duration': '1s',
      resync: 'soon',
      'call-dedline': '1s',
      'metrics-port': '99999',
    });
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(text).toContain('`--call-dedline` is no flag: did you mean --call-deadline?');
    expect(text).toMatch(/`--resync`.*soon/);
    expect(text).toMatch(/`--metrics-port`.*99999/);
    expect(text).toContain('`--lease-duration` must be longer than `--renew-deadline`');
    expect(text).toContain('--help');
    expect(text).not.toMatch(/\n\s+at /);
  });

  test('are told of the environment, too', async ({ house }) => {
    const operator = house.start({}, { COGNITO_OPERATOR_SHARES: '1' });
    expect(await operator.exited).toBe(2);
    expect(operator.complaints).toContain('COGNITO_OPERATOR_SHARES');
  });

  test('are a kubeconfig that is not there', async ({ house }) => {
    const { code, lines } = await complaintsOf(house, { kubeconfig: '/nowhere/at/all' });
    expect(code).toBe(2);
    expect(lines.map(({ msg }) => msg)).toEqual(['the cluster cannot be used']);
  });

  test('are a port that is taken', async ({ house }) => {
    const { code, lines } = await complaintsOf(house, {
      'probes-port': String(house.cognito.port),
    });
    expect(code).toBe(2);
    expect(lines.map(({ msg }) => msg)).toEqual(['a port cannot be opened']);
  });
});

describe.concurrent('a cluster without the CRD', () => {
  testWithoutCrd('is said in one sentence, and works once it is there', async ({ house, pool }) => {
    const operator = house.start();
    const sentence = 'the API server does not know this kind: install its CRD; trying again';
    await operator.untilSaid(sentence);
    await waitFor(
      'another try',
      () => (house.kubernetes.counts.get('list resourceservers') ?? 0) >= 3,
    );
    const told = loudLines(operator).map(({ msg }) => msg);
    expect(told.filter((msg, at) => msg === told[at - 1])).toEqual([]);
    expect(await probe(operator, '/readyz')).toBe(503);
    await house.kubernetes.load([CRD]);
    const user = await house.user();
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    expect(await probe(operator, '/readyz')).toBe(200);
  });
});

describe.concurrent('permissions that are missing', () => {
  test('to list are said in one sentence', async ({ house, user, pool }) => {
    const denial = house.kubernetes.faults.deny('*', 'resourceservers');
    const operator = house.start();
    await untilLoud(operator, /RBAC forbids to list or watch/);
    denial.remove();
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
  });

  test('to patch status are said with the verb', async ({ house, user, pool }) => {
    const denial = house.kubernetes.faults.deny('patch', 'resourceservers/status');
    const operator = house.start();
    await user.apply(aResourceServer().inPool(pool.id));
    await untilLoud(operator, /patch.*resourceservers\/status/);
    expect(pool.calls('Create')).toEqual([]);
    denial.remove();
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
  });

  test('to write the Lease are said, and nobody leads', async ({ house }) => {
    const denial = house.kubernetes.faults.deny('create', 'leases');
    const operator = house.start();
    await untilLoud(operator, /lease.*forbidden|forbids.*lease/i);
    expect(operator.said('leading')).toEqual([]);
    denial.remove();
    await operator.untilLeading();
  });

  test('to write events stop nothing', async ({ house, user, pool }) => {
    house.kubernetes.faults.deny('*', 'events');
    const operator = house.start();
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await operator.untilSaid('a Kubernetes Event was dropped, more may be without a word');
    expect(await operator.stop()).toBe(0);
  });
});

/** Runs before the operator: signals as soon as somebody listens, and says what is loaded then. */
const HASTY = `data:text/javascript,${encodeURIComponent(`
  process.on('newListener', (name) => name === 'SIGTERM' && queueMicrotask(() => {
    process._rawDebug(process.moduleLoadList.includes('NativeModule https') ? 'late' : 'early');
    for (const signal of ['SIGUSR2', 'SIGTERM']) process.kill(process.pid, signal);
  }));
`)}`;

describe.concurrent('a signal that comes before all is loaded', () => {
  test('is heeded once it is', async ({ house }) => {
    const operator = house.start({}, { NODE_OPTIONS: `--import=${HASTY}` });
    expect(await operator.exited).toBe(0);
    expect(operator.complaints.trim()).toBe('early');
    expect(operator.said('log level changed')).toHaveLength(1);
    expect(operator.said('stopping')).toHaveLength(1);
    expect(operator.said('leading')).toEqual([]);
  });
});

describe.concurrent('the probes and metrics', () => {
  test('need no ports at all', async ({ house, user, pool }) => {
    const operator = house.start({ 'probes-port': 'off', 'metrics-port': 'off' });
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    expect(await operator.stop()).toBe(0);
  });

  testStarted('answer on their ports', async ({ house, user, pool }) => {
    const [operator] = house.operators as readonly [OperatorProcess];
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    expect(await probe(operator, '/healthz')).toBe(200);
    expect(await probe(operator, '/readyz')).toBe(200);
    const page = await fetch(`http://127.0.0.1:${portOf(operator, 'metricsPort')}/metrics`);
    const text = await page.text();
    expect(text).toContain(
      'leader_election_master_status{name="cognito-operator/cognito-operator"} 1',
    );
    expect(text).toMatch(/cognito_operator_aws_requests_total\{.*operation="Create".*\} 1/);
  });
});

function portOf(operator: OperatorProcess, field: 'probesPort' | 'metricsPort'): number {
  return Number(operator.said('started')[0]?.[field]);
}

async function probe(operator: OperatorProcess, path: string): Promise<number> {
  const { status } = await fetch(`http://127.0.0.1:${portOf(operator, 'probesPort')}${path}`);
  return status;
}
