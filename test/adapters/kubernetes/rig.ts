/** The Kubernetes adapter against an API server of the test's choice. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCluster } from '../../../src/adapters/kubernetes/cluster.ts';
import { type Connection, createConnection } from '../../../src/adapters/kubernetes/connection.ts';
import { createEvents } from '../../../src/adapters/kubernetes/events.ts';
import { createLeases } from '../../../src/adapters/kubernetes/leases.ts';
import { createSystemChance, createSystemClock } from '../../../src/adapters/system.ts';
import { createSecrets } from '../../../src/api/secrets.ts';
import type { Clock, Cluster, Events, Leases } from '../../../src/ports.ts';
import { createRecorder, type Recorder } from '../recorder.ts';

export interface KubernetesRig extends Recorder {
  readonly connection: Connection;
  readonly cluster: Cluster;
  readonly leases: Leases;
  readonly events: Events;
  /** Puts another kubeconfig in the place of the first. */
  rewrite(kubeconfig: string): void;
  close(): Promise<void>;
}

export interface RigOptions {
  /** Its text: YAML, or JSON. */
  readonly kubeconfig: string;
  readonly clock?: Clock;
  readonly deadlineMs?: number;
  readonly lease?: string;
}

/** Longer than a busy machine stands still: who waits for a deadline sets one, or the clock. */
export const PATIENT_MS = 30_000;

export function createKubernetesRig(options: RigOptions): KubernetesRig {
  const { clock = createSystemClock(), deadlineMs = PATIENT_MS } = options;
  const { lease = 'default/operator' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  const path = join(folder, 'config');
  writeFileSync(path, options.kubeconfig);
  const recorder = createRecorder();
  const source = { kind: 'File', path, context: undefined } as const;
  const about = { source, clock, secrets: createSecrets(), version: '1.2.3' };
  const connection = createConnection({ ...about, ...recorder });
  const chance = createSystemChance();
  const deadlines = { requestDeadlineMs: deadlineMs, listDeadlineMs: deadlineMs };
  return {
    ...recorder,
    connection,
    cluster: createCluster({ connection, ...deadlines }),
    leases: createLeases({ connection, clock, lease, ...deadlines, ...recorder }),
    events: createEvents({ connection, clock, chance, instance: 'pod-1', ...recorder }),
    rewrite: (text) => writeFileSync(path, text),
    async close() {
      await connection.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export interface KubeconfigParts {
  readonly server: string;
  readonly cluster?: object;
  readonly user?: object;
}

export function kubeconfigOf({ server, cluster, user = { token: 'secret' } }: KubeconfigParts) {
  const name = 'test';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true, ...cluster } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
