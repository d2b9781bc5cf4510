/** The alerts that the chart ships. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const RULES_FILE = join(
  import.meta.dirname,
  '../../charts/cognito-operator/files/alerts.yaml',
);

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Alert[] }[];
}

const { groups } = parse(readFileSync(RULES_FILE, 'utf8')) as RuleFile;

export const GROUPS = groups;
export const ALERTS = groups.flatMap(({ rules }) => rules);

/** Of a duration such as `5m` or `2h`. */
export function minutesOf(duration: string): number {
  const [, count = '', unit = ''] = /^(\d+)([mh])$/.exec(duration) ?? [];
  return Number(count) * (unit === 'h' ? 60 : 1);
}
