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
import { brokenRelations, RELATIONS, type Relation } from './settings/relations.ts';
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
        description: 'How many a page of a list holds.',
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
        description: 'The namespace of that Lease. Empty: our own in a cluster, else `default`.',
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

export type Parsed =
  | { readonly kind: 'Settings'; readonly settings: Settings }
  | { readonly kind: 'Help'; readonly text: string }
  | { readonly kind: 'Version' }
  | { readonly kind: 'Problems'; readonly problems: readonly string[] };

/** @param argv without the program's own name */
export function parseSettings(argv: readonly string[], environment: Environment): Parsed {
  const flagNames = SETTINGS.map(({ flag }) => flag);
  const flags = readArguments(argv, flagNames);
  if (flags.wish === 'Help') return { kind: 'Help', text: helpText(SECTIONS) };
  if (flags.wish === 'Version') return { kind: 'Version' };
  const variableNames = SETTINGS.map(({ variable }) => variable);
  const variables = readEnvironment(environment, variableNames);
  const values = readValues(SETTINGS, flags.texts, variables.texts);
  const relations: readonly Relation<NumberField>[] = RELATIONS;
  const broken = brokenRelations(relations, values.given);
  const problems = [flags.problems, variables.problems, values.problems, broken].flat();
  const pairs = [...values.given].map(([field, { value }]) => [field, value]);
  const settings: object = Object.freeze(Object.fromEntries(pairs));
  if (problems.length > 0 || !isComplete(settings)) return { kind: 'Problems', problems };
  return { kind: 'Settings', settings };
}

/** A setting is missing only when its text had a problem; each reader gives its own type. */
function isComplete(settings: object): settings is Settings {
  return SETTINGS.every(({ field }) => Object.hasOwn(settings, field));
}
