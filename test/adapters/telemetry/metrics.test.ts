import { describe, expect, test } from 'vitest';
import { OPEN_SERIES_MAX } from '../../../src/adapters/telemetry/metric-table.ts';
import { createMetrics } from '../../../src/adapters/telemetry/metrics.ts';

const BUILD = { version: '1.2.3', node: '26.0.0' };

/** Our own lines, without those of each bucket. */
async function pageOf(telemetry = createMetrics(BUILD)): Promise<string> {
  const lines = (await telemetry.render()).split('\n');
  const isOurs = (line: string) => !/^(# \w+ )?(process_|nodejs_)/.test(line);
  const ours = lines.filter((line) => isOurs(line) && !/_bucket{.*le="[^+]/.test(line));
  return `${ours.join('\n').trimEnd()}\n`;
}

describe('the metrics page', () => {
  test('shows all that is known, at zero, before anything happened', async () => {
    await expect(await pageOf()).toMatchFileSnapshot('../../golden/metrics.txt');
  });

  test('has what Node says of its process', async () => {
    const page = await createMetrics(BUILD).render();
    expect(page).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(page).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });

  test('is in the format of Prometheus', () => {
    expect(createMetrics(BUILD).contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test('is of one registry and no other', async () => {
    const telemetry = createMetrics(BUILD);
    createMetrics(BUILD).metrics.count('workqueue_adds_total', {});
    expect(await pageOf(telemetry)).toMatch(/^workqueue_adds_total{.*} 0$/m);
  });
});

describe('metrics', () => {
  test('count, observe and set what they are told', async () => {
    const telemetry = createMetrics(BUILD);
    const { metrics } = telemetry;
    metrics.count('controller_runtime_reconcile_total', { result: 'success' });
    metrics.count('controller_runtime_reconcile_total', { result: 'success' }, 2);
    metrics.observe('cognito_operator_gate_wait_seconds', { access: 'read' }, 1.5);
    metrics.set('cognito_operator_oldest_sweep_seconds', {}, 12);
    const page = await telemetry.render();
    expect(page).toContain(
      'controller_runtime_reconcile_total{controller="resourceserver",result="success"} 3\n',
    );
    expect(page).toContain('cognito_operator_gate_wait_seconds_sum{access="read"} 1.5\n');
    expect(page).toContain('cognito_operator_gate_wait_seconds_bucket{le="1",access="read"} 0\n');
    expect(page).toContain('cognito_operator_gate_wait_seconds_bucket{le="2",access="read"} 1\n');
    expect(page).toContain('cognito_operator_oldest_sweep_seconds 12\n');
  });

  test('throw for a name that is not in the table', () => {
    const { metrics } = createMetrics(BUILD);
    expect(() => metrics.count('no_such_total', {})).toThrow('the table has no Counter no_such');
  });

  test('throw for a metric of another kind', () => {
    const { metrics } = createMetrics(BUILD);
    expect(() => metrics.set('workqueue_adds_total', {}, 1)).toThrow('has no Gauge workqueue_adds');
  });

  test.each([
    ['a value that is not known', { result: 'maybe' }],
    ['a label that is missing', {}],
    ['a label that is not known', { result: 'success', color: 'red' }],
    ['a label that is fixed', { result: 'success', controller: 'other' }],
  ])('throw for %s', (_, labels: Readonly<Record<string, string>>) => {
    const { metrics } = createMetrics(BUILD);
    expect(() => metrics.count('controller_runtime_reconcile_total', labels)).toThrow('no labels');
  });

  test('let values from outside make so many series and no more', async () => {
    const telemetry = createMetrics(BUILD);
    const name = 'cognito_operator_aws_unknown_errors_total';
    for (let at = 0; at < OPEN_SERIES_MAX + 10; at += 1) {
      telemetry.metrics.count(name, { name: `Error${at}` });
    }
    telemetry.metrics.count(name, { name: 'Error0' });
    const page = await telemetry.render();
    expect(page.match(new RegExp(`^${name}{`, 'gm'))).toHaveLength(OPEN_SERIES_MAX + 1);
    expect(page).toContain(`${name}{name="Other"} 10\n`);
    expect(page).toContain(`${name}{name="Error0"} 2\n`);
  });
});
