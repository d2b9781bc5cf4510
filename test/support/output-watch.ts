/**
 * Everything that the operators of a house put out, searched for their secrets: what they write to
 * Kubernetes as it passes, objects and Events as they are stored, logs, and pages of metrics.
 */

import type { FaultedRequest } from '../sandbox/kubernetes/edge/fault-rules.ts';
import { guardEnvironment, guardKubeconfig } from './canaries.ts';
import type { HouseKubernetes } from './house-kubernetes.ts';
import type { Environment, OperatorProcess } from './launch.ts';
import { createSecretSearch, type SecretSearch } from './secret-search.ts';
import type { BackDoor } from './user.ts';

export interface OutputWatch {
  /** Its output must not hold any of these. */
  guard(operator: Operator, environment: Environment): void;
  /** What was sent, for a server without a switchboard of faults. */
  look(request: Sent): void;
  /** To be asked while the servers and the operators are still there. */
  leaks(): Promise<readonly string[]>;
}

type Operator = Pick<OperatorProcess, 'lines' | 'complaints' | 'said' | 'isRunning'>;
type Sent = Pick<FaultedRequest, 'verb' | 'resource' | 'path' | 'query' | 'body'>;

/** Without a switchboard of faults, what was sent is looked at where it is stored. */
type Kubernetes = Pick<HouseKubernetes, 'operatorKubeconfig'> &
  Pick<BackDoor, 'request'> &
  Partial<Pick<HouseKubernetes, 'faults'>>;

/** @param namespaces where there are others: what is stored in the rest is looked at by them */
export function createOutputWatch(
  kubernetes: Kubernetes,
  namespaces?: readonly string[],
): OutputWatch {
  const search = createSecretSearch();
  const operators: Operator[] = [];
  guardKubeconfig(search, kubernetes.operatorKubeconfig);
  const look = ({ verb, resource, path, query, body }: Sent): void => {
    if (body !== undefined) {
      search.look(`what was sent to ${verb} ${resource}`, JSON.stringify(body));
    }
    search.look('a path', `${path}?${query.toString()}`);
  };
  kubernetes.faults?.onRequest((request, stage) => void (stage === 'arrived' && look(request)));
  return {
    look,
    guard(operator, environment) {
      operators.push(operator);
      guardEnvironment(search, environment);
    },
    async leaks() {
      const paths = STORED.flatMap((path) => namespaces?.map(inside(path)) ?? path);
      await Promise.all(paths.map((path) => lookAtStored(search, kubernetes, path)));
      await Promise.all(operators.map((operator) => lookAtMetrics(search, operator)));
      for (const { lines, complaints } of operators) {
        search.look('the log', `${JSON.stringify(lines)}\n${complaints}`);
      }
      return search.leaks;
    },
  };
}

const STORED = [
  '/apis/cognito-operator.io/v1/resourceservers',
  '/apis/events.k8s.io/v1/events',
  '/apis/coordination.k8s.io/v1/leases',
];

function inside(path: string): (namespace: string) => string {
  return (namespace) => path.replace(/[^/]+$/, `namespaces/${namespace}/$&`);
}

async function lookAtStored(
  search: SecretSearch,
  { request }: Kubernetes,
  path: string,
): Promise<void> {
  const { status, body } = await request('GET', path);
  // A test may have taken the CRD away.
  if (status !== 200 && status !== 404) throw new Error(`${path}: ${JSON.stringify(body)}`);
  search.look(`what is stored at ${path}`, JSON.stringify(body));
}

/** One that stands still, or has just ended, has no page any more. */
const PAGE_WITHIN_MS = 10_000;

async function lookAtMetrics(search: SecretSearch, operator: Operator): Promise<void> {
  const metricsPort = operator.said('started').at(-1)?.['metricsPort'];
  if (!operator.isRunning() || typeof metricsPort !== 'number') return;
  const signal = AbortSignal.timeout(PAGE_WITHIN_MS);
  const page = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { signal }).then(
    (answer) => answer.text(),
    () => '',
  );
  search.look('the page of metrics', page);
}
