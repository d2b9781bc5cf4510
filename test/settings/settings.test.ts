import { describe, expect, test } from 'vitest';
import { parseSettings, SETTINGS, type Settings } from '../../src/settings.ts';
import { ROWS } from './rows.ts';

function settingsOf(argv: readonly string[], environment = {}): Settings {
  const parsed = parseSettings(argv, environment);
  if (parsed.kind === 'Settings') return parsed.settings;
  throw new Error(JSON.stringify(parsed, undefined, 2));
}

function problemsOf(argv: readonly string[], environment = {}): readonly string[] {
  const parsed = parseSettings(argv, environment);
  return parsed.kind === 'Problems' ? parsed.problems : [];
}

test('each setting has a row in this table, and each row a setting', () => {
  expect(ROWS.map(({ field }) => field)).toEqual(SETTINGS.map(({ field }) => field));
});

describe.each(ROWS)('$flag', ({ field, flag, variable, byDefault, good, bad, beside = [] }) => {
  test('has its default when nobody says otherwise', () => {
    expect(settingsOf([])[field]).toEqual(byDefault);
  });

  test.each(Object.entries(good))('takes `%s` from a flag', (text, value) => {
    expect(settingsOf([...beside, `${flag}=${text}`])[field]).toEqual(value);
    expect(settingsOf([...beside, flag, text])[field]).toEqual(value);
  });

  test.each(Object.entries(good))('takes `%s` from the environment', (text, value) => {
    const environment = { [variable]: text };
    expect(settingsOf(beside, environment)[field]).toEqual(text === '' ? byDefault : value);
  });

  test('wants the flag rather than the environment', () => {
    const [text = '', value] = Object.entries(good)[0] ?? [];
    const environment = { [variable]: bad[0] };
    expect(settingsOf([...beside, `${flag}=${text}`], environment)[field]).toEqual(value);
  });

  test.each(bad)('refuses `%s`, naming both its names and what it wants', (text) => {
    const wants = SETTINGS.find((setting) => setting.field === field)?.kind.wants;
    expect(problemsOf([...beside, `${flag}=${text}`])).toEqual([
      `\`${flag}\` (also ${variable}) is \`${text.slice(0, 80)}\`: it must be ${wants}`,
    ]);
    if (text === '') return;
    expect(problemsOf(beside, { [variable]: text })).toEqual([
      `\`${variable}\` (also ${flag}) is \`${text.slice(0, 80)}\`: it must be ${wants}`,
    ]);
  });
});

describe('what must hold between settings', () => {
  test.each([
    {
      flags: ['--lease-duration=10s', '--call-deadline=100ms'],
      want: /`--lease-duration` must be longer than `--renew-deadline`.*\(now 10s, 10s\)$/,
    },
    {
      flags: ['--renew-deadline=10s', '--retry-period=9s'],
      want: /`--renew-deadline` must be longer than 1.2 times `--retry-period`.*\(now 10s, 9s\)$/,
    },
    {
      flags: ['--call-deadline=5s'],
      want: /`--call-deadline` must be shorter than `--lease-duration` less `--renew-deadline`/,
    },
    {
      flags: ['--late=4s'],
      want: /`--late` must be longer than `--call-deadline`.*\(now 4s, 4s\)$/,
    },
    {
      flags: ['--shutdown-grace=14s'],
      want: /`--shutdown-grace` must be longer than `--call-deadline` plus `--kubernetes-deadline`/,
    },
    {
      flags: ['--pool-calls-per-second=16'],
      want: /`--pool-calls-per-second` must be at most .*\(now 16, 20, 15\)$/,
    },
    {
      flags: ['--account-reads-per-second=4'],
      want: /`--pool-calls-per-second` must be at most .*\(now 5, 4, 15\)$/,
    },
    {
      flags: ['--metrics-port=8081'],
      want: /`--metrics-port` must differ from `--probes-port`.*\(now 8081, 8081\)$/,
    },
  ])('refuses $flags', ({ flags, want }) => {
    expect(problemsOf(flags)).toContainEqual(expect.stringMatching(want));
  });

  test.each([
    ['a lease', ['--lease-duration=10101ms', '--call-deadline=100ms']],
    ['a renewal', ['--renew-deadline=8400ms', '--retry-period=6999ms']],
    ['a call', ['--call-deadline=4999ms']],
    ['what is late', ['--late=4001ms']],
    ['the grace', ['--shutdown-grace=14001ms']],
    ['a pool that has all of its account', ['--pool-calls-per-second=15']],
    ['two free ports', ['--metrics-port=0', '--probes-port=0']],
    ['no port at all', ['--metrics-port=off', '--probes-port=off']],
  ])('lets %s through at the edge', (_, flags) => {
    expect(problemsOf(flags)).toEqual([]);
  });

  test('is not judged by a value that could not be read', () => {
    expect(problemsOf(['--lease-duration=x', '--renew-deadline=1h'])).toHaveLength(1);
  });

  test('lets the times through that suites with kills and waits run with', () => {
    const lease = ['--lease-duration=3s', '--renew-deadline=2s', '--retry-period=500ms'];
    const calls = ['--call-deadline=800ms', '--late=1s', '--resync=5s'];
    expect(problemsOf([...lease, ...calls])).toEqual([]);
  });
});

describe('the command line', () => {
  test('tells all problems together', () => {
    const argv = ['--concurency', '8', '--page-size', '--share=2', '--late=4s', 'now'];
    const environment = { COGNITO_OPERATOR_LEASE: 'a', COGNITO_OPERATOR_RESYNC: '5' };
    expect(problemsOf(argv, environment)).toEqual([
      '`--concurency` is no flag: did you mean --concurrency?',
      '`--page-size` has no value: write `--page-size=...`',
      '`now` stands alone: a value needs its flag',
      expect.stringMatching(/^`COGNITO_OPERATOR_LEASE` is no variable of ours: did you mean /),
      expect.stringMatching(/^`COGNITO_OPERATOR_RESYNC` \(also --resync\) is `5`: it must be /),
      expect.stringMatching(/^`--share` \(also COGNITO_OPERATOR_SHARE\) is `2`: it must be /),
      expect.stringMatching(/^`--late` must be longer than `--call-deadline`/),
    ]);
  });

  test.each([
    ['--lease', '--lease-name or --lease-namespace or --lease-duration?'],
    ['--resyncs', '--resync?'],
    ['--leasename', '--lease-name?'],
  ])('suggests for %s', (flag, suggestion) => {
    expect(problemsOf([`${flag}=1s`])[0]).toMatch(`did you mean ${suggestion}`);
  });

  test('points to --help when no name is near', () => {
    expect(problemsOf(['--frobnicate'])).toEqual([
      '`--frobnicate` is no flag: --help lists them all',
    ]);
  });

  test('takes the last of a flag given twice', () => {
    expect(settingsOf(['--page-size=1', '--page-size', '2']).pageSize).toBe(2);
  });

  test('shows a long value in part only', () => {
    expect(problemsOf([`--share=${'9'.repeat(5_000)}`])[0]?.length).toBeLessThan(200);
  });

  test.each([['--help'], ['-h'], ['--share=9', '--help'], ['--version', '--help']])(
    'answers %s with help, whatever else is wrong',
    (...argv) => {
      expect(parseSettings(argv, { COGNITO_OPERATOR_SHARE: '9' }).kind).toBe('Help');
    },
  );

  test('answers --version', () => {
    expect(parseSettings(['--share=9', '--version'], {})).toEqual({ kind: 'Version' });
  });
});

describe('the environment', () => {
  test('is ours only under our prefix', () => {
    const environment = { PATH: '/bin', OPERATOR_SHARE: '9', COGNITO_OPERATORX: '1' };
    expect(problemsOf([], environment)).toEqual([]);
  });

  test('may hold what Kubernetes says about Services named like us', () => {
    const environment = {
      COGNITO_OPERATOR_SERVICE_HOST: '10.0.0.1',
      COGNITO_OPERATOR_SERVICE_PORT: '8080',
      COGNITO_OPERATOR_SERVICE_PORT_METRICS: '8080',
      COGNITO_OPERATOR_PORT: 'tcp://10.0.0.1:8080',
      COGNITO_OPERATOR_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
      COGNITO_OPERATOR_PORT_8080_TCP_ADDR: '10.0.0.1',
      COGNITO_OPERATOR_METRICS_PORT: 'tcp://10.0.0.1:8080',
      COGNITO_OPERATOR_METRICS_SERVICE_HOST: '10.0.0.1',
    };
    expect(settingsOf([], environment).metricsPort).toBe(8080);
  });
});

test('settings are frozen, lists in them too', () => {
  const settings = settingsOf(['--namespaces=a']);
  expect(Object.isFrozen(settings)).toBe(true);
  expect(Object.isFrozen(settings.namespaces)).toBe(true);
});

test('--help is a table for 100 columns', async () => {
  const parsed = parseSettings(['--help'], {});
  const text = parsed.kind === 'Help' ? parsed.text : '';
  const widths = text.split('\n').map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(100);
  await expect(text).toMatchFileSnapshot('../golden/help.txt');
});
