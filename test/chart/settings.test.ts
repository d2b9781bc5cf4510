/** The flags that the chart renders, read by the operator's own settings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSettings, SETTINGS, type Settings } from '../../src/settings.ts';
import {
  CASES,
  type Chart,
  containerOf,
  describeChart,
  podOf,
  ROOT,
  withoutMonitoring,
} from './chart.ts';

const NAMES = Object.keys(CASES);

/** What is not a value of its own, and why it needs none. */
const ONLY_BY_EXTRA_ARGS: readonly (keyof Settings)[] = [
  'callDeadlineMs',
  'lateMs',
  'kubernetesDeadlineMs',
  'listDeadlineMs',
  'pageSize',
  'watchList',
  'watchIdleMs',
  'bindAddress',
];

/** The chart runs in the cluster that it works on, and its Lease is where its Role is. */
const BY_NOBODY: readonly (keyof Settings)[] = ['kubeconfig', 'context', 'leaseNamespace'];

describeChart('the settings of the operator', (chart) => {
  test('are all at their defaults when there are no values', async () => {
    expect(await settingsOf(chart, {})).toEqual(defaults());
  });

  test.each(NAMES)('are accepted by the operator with the values of %s', async (name) => {
    const parsed = parseSettings(await flagsOf(chart, withoutMonitoring(name)), {});
    expect(parsed.kind === 'Problems' ? parsed.problems : []).toEqual([]);
  });

  test('can each be changed', async () => {
    const [before, after] = [defaults(), await settingsOf(chart, everything())];
    const same = SETTINGS.map(({ field }) => field).filter((field) =>
      Object.is(before[field], after[field]),
    );
    expect(same).toEqual(BY_NOBODY);
  });

  test('are what the values say', async () => {
    expect(await settingsOf(chart, everything())).toMatchObject({
      namespaces: ['team-a', 'team-b', 'platform'],
      concurrency: 8,
      resyncMs: 300_000,
      shutdownGraceMs: 60_000,
      accountId: '012345678901',
      share: 0.25,
      accountReadsPerSecond: 40,
      accountWritesPerSecond: 30.5,
      poolCallsPerSecond: 10,
      leaseName: 'identity.leader',
      leaseDurationMs: 30_000,
      renewDeadlineMs: 20_000,
      retryPeriodMs: 5_000,
      metricsPort: 9080,
      probesPort: 9081,
      logLevel: 'debug',
    });
  });

  test('that have a value are reached by it, the others by extraArgs', async () => {
    const { extraArgs, ...values } = everything();
    const changed = await settingsOf(chart, values);
    const left = SETTINGS.map(({ field }) => field).filter((field) =>
      Object.is(defaults()[field], changed[field]),
    );
    expect(new Set(left)).toEqual(new Set([...ONLY_BY_EXTRA_ARGS, ...BY_NOBODY]));
    expect(extraArgs).toHaveLength(ONLY_BY_EXTRA_ARGS.length);
  });

  test('follow extraArgs where both speak', async () => {
    const values = { log: { level: 'warn' }, extraArgs: ['--log-level=error'] };
    expect(await settingsOf(chart, values)).toMatchObject({ logLevel: 'error' });
  });

  test.each([
    ['--namespaces=a', 'set `watch.namespaces`'],
    ['--lease-name=a', 'set `leaderElection.leaseName`'],
    ['--lease-namespace=a', 'the Lease is in the namespace of the release, where its Role is'],
    ['--renew-deadline=1s', 'set `leaderElection.renewDeadline`'],
    ['--shutdown-grace=1s', 'set `controller.shutdownGracePeriod`'],
    ['--metrics-port=1', 'set `metrics.port`'],
    ['--probes-port', 'set `probes.port`'],
  ])('refuse %s among extraArgs: the chart has to know it', async (flag, advice) => {
    const rendered = await chart.render({ extraArgs: ['--late=60s', flag] });
    const message = expect.stringContaining(`\`extraArgs[1]\` must not be ${flag}: ${advice}`);
    expect(rendered).toEqual({ kind: 'Refused', message });
  });

  test('turn metrics off with the port', async () => {
    const objects = await chart.objects({ metrics: { enabled: false } });
    expect(await settingsOf(chart, { metrics: { enabled: false } })).toMatchObject({
      metricsPort: undefined,
    });
    expect(containerOf(objects).ports.map(({ name }) => name)).toEqual(['probes']);
    expect(objects.filter(({ kind }) => kind === 'Service')).toEqual([]);
  });

  test.each([
    ['25s', '10s', 40],
    ['2m', '10s', 135],
    ['1h', '1500ms', 3_607],
  ])(
    'give a pod time for a grace of %s and a renewal of %s',
    async (shutdownGracePeriod, renewDeadline, seconds) => {
      const values = { controller: { shutdownGracePeriod }, leaderElection: { renewDeadline } };
      const pod = podOf(await chart.objects(values));
      expect(pod.spec.terminationGracePeriodSeconds).toBe(seconds);
    },
  );

  test('reach the file that the image runs', async () => {
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    const [program = ''] = containerOf(await chart.objects()).args;
    expect(dockerfile).toContain(`CMD ["${program}"]`);
  });
});

interface Everything {
  readonly extraArgs: readonly string[];
}

function everything(): Everything {
  const values = { ...(CASES['everything'] as Everything) };
  const { metrics } = values as Everything & { readonly metrics: { readonly port: number } };
  return { ...values, metrics: { port: metrics.port } } as Everything;
}

function defaults(): Settings {
  return settingsIn([]);
}

async function settingsOf(chart: Chart, values: object): Promise<Settings> {
  return settingsIn(await flagsOf(chart, values));
}

function settingsIn(flags: readonly string[]): Settings {
  const parsed = parseSettings(flags, {});
  if (parsed.kind !== 'Settings') throw new Error(JSON.stringify(parsed));
  return parsed.settings;
}

/** Without the program. */
async function flagsOf(chart: Chart, values: object = {}): Promise<readonly string[]> {
  const rendered = await chart.objects(values);
  return containerOf(rendered).args.slice(1);
}
