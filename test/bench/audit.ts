/**
 * What was asked of a real API server, as its audit log tells it: each request once, a watch when
 * it was opened.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Audited {
  readonly verb: string;
  /** With its subresource, such as `resourceservers/status`. */
  readonly resource: string;
  readonly name: string;
  readonly isOperators: boolean;
  /** Wall clock of the machine, in milliseconds with fractions. */
  readonly arrivedMs: number;
  readonly answeredMs: number;
}

export interface Audit {
  /** For kube-apiserver. */
  readonly flags: readonly string[];
  /** All so far; lines that are being written are left for later. */
  read(): readonly Audited[];
}

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly userAgent?: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
  };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

const POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};

/** JSON is YAML. */
export function auditInto(folder: string): Audit {
  const [policy, log] = [join(folder, 'audit-policy.yaml'), join(folder, 'audit.log')];
  writeFileSync(policy, JSON.stringify(POLICY));
  return {
    flags: [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`],
    read: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as AuditEvent)
        .filter(({ verb, stage }) => stage === stageOf(verb))
        .map(audited),
  };
}

/** That counts: of a watch its opening, of all else the answer. */
function stageOf(verb: string): string {
  return verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete';
}

function audited(event: AuditEvent): Audited {
  const { resource = event.requestURI, subresource, name = '' } = event.objectRef ?? {};
  return {
    verb: event.verb,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    name,
    isOperators: event.userAgent?.startsWith('cognito-operator/') === true,
    arrivedMs: msOf(event.requestReceivedTimestamp),
    answeredMs: msOf(event.stageTimestamp),
  };
}

/** Of a timestamp with microseconds, which `Date` would drop. */
function msOf(timestamp: string): number {
  const micros = Number(/\.\d{3}(\d{3})Z$/.exec(timestamp)?.[1] ?? 0);
  return Date.parse(timestamp) + micros / 1_000;
}
