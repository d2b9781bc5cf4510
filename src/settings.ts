/**
 * Every knob, with its unit, default and bounds, and what must hold between them. Flags win over
 * the environment, the environment over the defaults; all problems are told together.
 */
import { readArguments } from './settings/arguments.ts';
import { type Environment, readEnvironment } from './settings/environment.ts';
import { helpText } from './settings/help.ts';
import {
  ACCOUNT_ID,
  ADDRESS,
  ANY_TEXT,
  duration,
  listOf,
  NAMESPACE,
  OBJECT_NAME,
  oneOf,
  optional,
  PORT,
  positiveNumber,
  SELECTOR,
  SWITCH,
  wholeNumber,
} from './settings/kinds.ts';
import { brokenRelations, type Relation } from './settings/relations.ts';
import { type Setting, setting } from './settings/setting.ts';
import { readValues } from './settings/values.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const SECTIONS = [
  {
    title: 'What is worked on',
    settings: [
      setting('namespaces', listOf(NAMESPACE, 'names of namespaces, with commas between'), {
        default: '',
        description: 'Namespaces to watch, with commas between. Empty: all.',
      }),
      setting('labelSelector', SELECTOR, {
        default: '',
        description: 'Works on matching resources only. The others still hold what they own.',
      }),
      setting('concurrency', wholeNumber(1, 1_000), {
        default: '16',
        unit: 'reconciles',
        description: 'Reconciles at the same time.',
      }),
      setting('resyncMs', duration(SECOND, 24 * HOUR), {
        default: '10m',
        description: 'How often each user pool is compared with the resources.',
      }),
    ],
  },
  {
    title: 'Amazon Cognito',
    settings: [
      setting('accountId', optional(ACCOUNT_ID), {
        default: '',
        description: 'The AWS account of the credentials. Empty: found out when needed.',
      }),
      setting('share', positiveNumber(1), {
        default: '0.8',
        description: 'The part of the quotas below that is ours to use.',
      }),
      setting('accountReadsPerSecond', positiveNumber(10_000), {
        default: '20',
        unit: 'calls/s',
        description: "Cognito's quota of reads for an account and Region.",
      }),
      setting('accountWritesPerSecond', positiveNumber(10_000), {
        default: '15',
        unit: 'calls/s',
        description: "Cognito's quota of writes for an account and Region.",
      }),
      setting('poolCallsPerSecond', positiveNumber(10_000), {
        default: '5',
        unit: 'calls/s',
        description: "Cognito's quota of reads, and of writes, for one user pool.",
      }),
      setting('callDeadlineMs', duration(100, MINUTE), {
        default: '4s',
        description: 'A call not answered by then counts as unanswered.',
      }),
      setting('lateMs', duration(100, HOUR), {
        default: '30s',
        description: 'An unanswered call may still take effect for as long as this.',
      }),
    ],
  },
  {
    title: 'Kubernetes',
    settings: [
      setting('kubeconfig', optional(ANY_TEXT), {
        default: '',
        description: 'A kubeconfig file. Empty: as kubectl finds it, or the cluster we run in.',
      }),
      setting('context', optional(ANY_TEXT), {
        default: '',
        description: 'A context of the kubeconfig. Empty: its current one.',
      }),
      setting('kubernetesDeadlineMs', duration(100, 5 * MINUTE), {
        default: '10s',
        description: 'For each request but lists and watches.',
      }),
      setting('listDeadlineMs', duration(100, 10 * MINUTE), {
        default: '30s',
        description: 'For each page of a list.',
      }),
      setting('pageSize', wholeNumber(1, 10_000), {
        default: '500',
        unit: 'objects',
        description: 'In a page of a list.',
      }),
      setting('watchList', SWITCH, {
        default: 'off',
        description: 'Begins with a streamed list, where the API server can.',
      }),
      setting('watchIdleMs', duration(SECOND, HOUR), {
        default: '80s',
        description: 'A watch that is silent for so long is opened anew.',
      }),
    ],
  },
  {
    title: 'Leader election',
    settings: [
      setting('leaseName', OBJECT_NAME, {
        default: 'cognito-operator',
        description: 'The Lease that the replicas share.',
      }),
      setting('leaseNamespace', optional(NAMESPACE), {
        default: '',
        description: 'Its namespace. Empty: our own in a cluster, else `default`.',
      }),
      setting('leaseDurationMs', duration(SECOND, HOUR), {
        default: '15s',
        description: 'A standby takes over when the Lease has not moved for so long.',
      }),
      setting('renewDeadlineMs', duration(100, HOUR), {
        default: '10s',
        description: 'A leader that could not renew for so long steps down.',
      }),
      setting('retryPeriodMs', duration(100, HOUR), {
        default: '2s',
        description: 'Between two tries to acquire or renew.',
      }),
    ],
  },
  {
    title: 'The process',
    settings: [
      setting('metricsPort', PORT, { default: '8080', description: 'Serves /metrics.' }),
      setting('probesPort', PORT, { default: '8081', description: 'Serves /healthz and /readyz.' }),
      setting('bindAddress', optional(ADDRESS), {
        default: '',
        description: 'Where both listen. Empty: on all addresses.',
      }),
      setting('logLevel', oneOf(['debug', 'info', 'warn', 'error']), {
        default: 'info',
        description: 'The least that is logged.',
      }),
      setting('shutdownGraceMs', duration(SECOND, HOUR), {
        default: '25s',
        description: 'After SIGTERM, for what is under way.',
      }),
    ],
  },
] as const;

export const SETTINGS = SECTIONS.flatMap(({ settings }): readonly AnySetting[] => settings);

type AnySetting = (typeof SECTIONS)[number]['settings'][number];

export type Settings = {
  readonly [Row in AnySetting as Row['field']]: Row extends Setting<string, infer V> ? V : never;
};

type NumberField = {
  [Field in keyof Settings]: Settings[Field] extends number | undefined ? Field : never;
}[keyof Settings];

export const RELATIONS: readonly Relation<NumberField>[] = [
  {
    fields: ['leaseDurationMs', 'renewDeadlineMs'],
    holds: (leaseMs, renewMs) => leaseMs > renewMs,
    rule: '`--lease-duration` must be longer than `--renew-deadline`',
    because: 'a leader must have stepped down before a standby takes over',
  },
  {
    fields: ['renewDeadlineMs', 'retryPeriodMs'],
    holds: (renewMs, retryMs) => renewMs > 1.2 * retryMs,
    rule: '`--renew-deadline` must be longer than 1.2 times `--retry-period`',
    because: 'a renewal that failed needs time for a second try, late by its jitter',
  },
  {
    fields: ['callDeadlineMs', 'leaseDurationMs', 'renewDeadlineMs'],
    holds: (callMs, leaseMs, renewMs) => callMs < leaseMs - renewMs,
    rule: '`--call-deadline` must be shorter than `--lease-duration` less `--renew-deadline`',
    because: 'the last call of one leader must end before the next one begins',
  },
  {
    fields: ['lateMs', 'callDeadlineMs'],
    holds: (lateMs, callMs) => lateMs > callMs,
    rule: '`--late` must be longer than `--call-deadline`',
    because: 'a call is not given up before its own deadline',
  },
  {
    fields: ['shutdownGraceMs', 'callDeadlineMs', 'kubernetesDeadlineMs'],
    holds: (graceMs, callMs, kubernetesMs) => graceMs > callMs + kubernetesMs,
    rule: '`--shutdown-grace` must be longer than `--call-deadline` plus `--kubernetes-deadline`',
    because: 'a call under way is awaited and what it did is recorded',
  },
  {
    fields: ['poolCallsPerSecond', 'accountReadsPerSecond', 'accountWritesPerSecond'],
    holds: (pool, reads, writes) => pool <= Math.min(reads, writes),
    rule:
      '`--pool-calls-per-second` must be at most `--account-reads-per-second` and ' +
      '`--account-writes-per-second`',
    because: 'a pool draws on the quotas of its account',
  },
  {
    fields: ['metricsPort', 'probesPort'],
    holds: (metrics, probes) => metrics !== probes || metrics === 0,
    rule: '`--metrics-port` must differ from `--probes-port`',
    because: 'each has a server of its own',
  },
];

export type Parsed =
  | { readonly kind: 'Settings'; readonly settings: Settings }
  | { readonly kind: 'Help'; readonly text: string }
  | { readonly kind: 'Version' }
  | { readonly kind: 'Problems'; readonly problems: readonly string[] };

/** @param argv without the program's own name */
export function parseSettings(argv: readonly string[], environment: Environment): Parsed {
  const flags = readArguments(argv, namesOf('flag'));
  if (flags.wish === 'Help') return { kind: 'Help', text: helpText(SECTIONS) };
  if (flags.wish === 'Version') return { kind: 'Version' };
  const variables = readEnvironment(environment, namesOf('variable'));
  const values = readValues(SETTINGS, flags.texts, variables.texts);
  const relations = brokenRelations(RELATIONS, values);
  const problems = [flags, variables, values].flatMap((source) => source.problems);
  if (problems.length + relations.length > 0) {
    return { kind: 'Problems', problems: [...problems, ...relations] };
  }
  const pairs = [...values.given].map(([field, { value }]) => [field, value]);
  return { kind: 'Settings', settings: freeze(Object.fromEntries(pairs)) };
}
