/** What the chart gives to Prometheus and Grafana, and when. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { chartFile, describeChart, only, PROMETHEUS } from './chart.ts';

const KINDS = ['ServiceMonitor', 'PodMonitor', 'PrometheusRule'];
const ALERTS = chartFile('files/alerts.yaml');
const DASHBOARD = chartFile('files/dashboard.json');

describeChart('its monitoring', (chart) => {
  const kindsOf = async (metrics: object, apiVersions: readonly string[] = PROMETHEUS) =>
    (await chart.objects({ metrics }, { apiVersions }))
      .map(({ kind }) => kind)
      .filter((kind) => KINDS.includes(kind));

  test('is off', async () => {
    expect(await kindsOf({})).toEqual([]);
  });

  test.each([
    ['serviceMonitor', 'ServiceMonitor'],
    ['podMonitor', 'PodMonitor'],
    ['prometheusRule', 'PrometheusRule'],
  ])('%s: renders a %s where the cluster knows it', async (value, kind) => {
    const asked = { [value]: { enabled: true } };
    expect(await kindsOf(asked)).toEqual([kind]);
    expect(await kindsOf(asked, [])).toEqual([]);
    expect(await kindsOf({ ...asked, renderMode: 'alwaysRender' }, [])).toEqual([kind]);
    await expect(kindsOf({ ...asked, renderMode: 'failIfMissing' }, [])).rejects.toThrow(
      'does not know monitoring.coreos.com/v1: install the Prometheus Operator first',
    );
  });

  test('scrapes the port of the Service that it brings along', async () => {
    const metrics = { port: 9999, service: { enabled: false }, serviceMonitor: { enabled: true } };
    const objects = await chart.objects({ metrics }, { apiVersions: PROMETHEUS });
    const { spec, metadata } = only(objects, 'Service');
    expect(spec).toMatchObject({ ports: [{ name: 'metrics', port: 9999, targetPort: 'metrics' }] });
    expect(only(objects, 'ServiceMonitor').spec).toMatchObject({
      selector: { matchLabels: { 'app.kubernetes.io/instance': 'cognito-operator' } },
      endpoints: [{ port: 'metrics', path: '/metrics' }],
    });
    expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/instance': 'cognito-operator' });
  });

  test.each([
    [
      { serviceMonitor: { enabled: true }, podMonitor: { enabled: true } },
      'must not both be enabled',
    ],
    [{ enabled: false, podMonitor: { enabled: true } }, '`metrics.enabled` must be true'],
  ])('refuses %j', async (metrics, complaint) => {
    await expect(kindsOf(metrics)).rejects.toThrow(complaint);
  });

  test('has the alerts of the chart, braces and all', async () => {
    const values = { metrics: { prometheusRule: { enabled: true } } };
    const rule = only(await chart.objects(values, { apiVersions: PROMETHEUS }), 'PrometheusRule');
    expect(rule.spec).toEqual(parse(ALERTS));
  });

  test('leads from each alert to the runbooks, where somebody says where they are', async () => {
    const runbookUrl = 'https://git.example.com/observability.md';
    const metrics = { prometheusRule: { enabled: true, runbookUrl } };
    const rule = only(
      await chart.objects({ metrics }, { apiVersions: PROMETHEUS }),
      'PrometheusRule',
    );
    const wanted = ALERTS.replaceAll('docs/observability.md#', `${runbookUrl}#`);
    expect(wanted).not.toBe(ALERTS);
    expect(rule.spec).toEqual(parse(wanted));
  });

  test('has the dashboard of the chart, where Grafana looks for one', async () => {
    const objects = await chart.objects({ metrics: { dashboard: { enabled: true } } });
    const { metadata, data = {} } = only(objects, 'ConfigMap');
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    expect(JSON.parse(data['cognito-operator.json'] ?? '')).toEqual(JSON.parse(DASHBOARD));
  });
});
