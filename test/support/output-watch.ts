/**
 * Everything that the operators of a house put out, searched for their secrets: what they write to
 * Kubernetes as it passes, objects and Events as they are stored, logs, and pages of metrics.
 */
import { guardEnvironment, guardKubeconfig } from './canaries.ts';
import type { HouseKubernetes } from './house-kubernetes.ts';
import type { Environment, OperatorProcess } from './launch.ts';
import { createSecretSearch, type SecretSearch } from './secret-search.ts';

export interface OutputWatch {
  /** Its output must not hold any of these. */
  guard(operator: OperatorProcess, environment: Environment): void;
  /** To be asked while the servers and the operators are still there. */
  leaks(): Promise<readonly string[]>;
}

/** Without a switchboard of faults, what was sent is only looked at where it is stored. */
type Kubernetes = Pick<HouseKubernetes, 'request' | 'operatorKubeconfig'> &
  Partial<Pick<HouseKubernetes, 'faults'>>;

export function createOutputWatch(kubernetes: Kubernetes): OutputWatch {
  const search = createSecretSearch();
  const operators: OperatorProcess[] = [];
  guardKubeconfig(search, kubernetes.operatorKubeconfig);
  kubernetes.faults?.onRequest(({ verb, resource, path, query, body }, stage) => {
    if (stage === 'arrived' && body !== undefined) {
      search.look(`what was sent to ${verb} ${resource}`, JSON.stringify(body));
    }
    if (stage === 'arrived') search.look('a path', `${path}?${query.toString()}`);
  });
  return {
    guard(operator, environment) {
      operators.push(operator);
      guardEnvironment(search, environment);
    },
    async leaks() {
      await Promise.all(STORED.map((path) => lookAtStored(search, kubernetes, path)));
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

async function lookAtMetrics(search: SecretSearch, operator: OperatorProcess): Promise<void> {
  const metricsPort = operator.said('started').at(-1)?.['metricsPort'];
  if (!operator.isRunning() || typeof metricsPort !== 'number') return;
  const signal = AbortSignal.timeout(PAGE_WITHIN_MS);
  const page = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { signal }).then(
    (answer) => answer.text(),
    () => '',
  );
  search.look('the page of metrics', page);
}
