/**
 * The fields of other projects' kinds that our examples use, as their documentation names them.
 * Whoever uses another one looks it up and adds it: an unknown field is ignored in silence by some
 * of these controllers.
 */
interface Kind {
  readonly source: string;
  /** Below `spec`; one that ends in `.*` holds whatever its user likes. */
  readonly fields: readonly string[];
}

const ARGO_CD = 'https://argo-cd.readthedocs.io/en/stable/operator-manual';
const FLUX = 'https://fluxcd.io/flux/components';

export const KNOWN_KINDS: Readonly<Record<string, Kind>> = {
  'argoproj.io/v1alpha1 Application': {
    source: `${ARGO_CD}/application.yaml`,
    fields: [
      'destination.namespace',
      'destination.server',
      'project',
      'source.helm.releaseName',
      'source.helm.valuesObject.*',
      'source.path',
      'source.repoURL',
      'source.targetRevision',
      'syncPolicy.automated.prune',
      'syncPolicy.automated.selfHeal',
      'syncPolicy.managedNamespaceMetadata.labels.*',
      'syncPolicy.retry.backoff.duration',
      'syncPolicy.retry.backoff.factor',
      'syncPolicy.retry.backoff.maxDuration',
      'syncPolicy.retry.limit',
      'syncPolicy.syncOptions[]',
    ],
  },
  'argoproj.io/v1alpha1 AppProject': {
    source: `${ARGO_CD}/project.yaml`,
    fields: [
      'clusterResourceWhitelist[].group',
      'clusterResourceWhitelist[].kind',
      'description',
      'destinations[].namespace',
      'destinations[].server',
      'namespaceResourceWhitelist[].group',
      'namespaceResourceWhitelist[].kind',
      'sourceRepos[]',
    ],
  },
  'kustomize.toolkit.fluxcd.io/v1 Kustomization': {
    source: `${FLUX}/kustomize/kustomizations/`,
    fields: [
      'deletionPolicy',
      'dependsOn[].name',
      'healthCheckExprs[].apiVersion',
      'healthCheckExprs[].current',
      'healthCheckExprs[].failed',
      'healthCheckExprs[].inProgress',
      'healthCheckExprs[].kind',
      'healthChecks[].apiVersion',
      'healthChecks[].kind',
      'healthChecks[].name',
      'healthChecks[].namespace',
      'interval',
      'path',
      'prune',
      'retryInterval',
      'sourceRef.kind',
      'sourceRef.name',
      'timeout',
      'wait',
    ],
  },
  'helm.toolkit.fluxcd.io/v2 HelmRelease': {
    source: `${FLUX}/helm/helmreleases/`,
    fields: [
      'chart.spec.chart',
      'chart.spec.sourceRef.kind',
      'chart.spec.sourceRef.name',
      'driftDetection.mode',
      'install.remediation.retries',
      'interval',
      'timeout',
      'upgrade.remediation.retries',
      'values.*',
    ],
  },
  'source.toolkit.fluxcd.io/v1 GitRepository': {
    source: `${FLUX}/source/gitrepositories/`,
    fields: ['interval', 'ref.tag', 'url'],
  },
};

/** The paths of an object's leaves: `healthChecks[].name`. */
export function pathsIn(value: unknown, at = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => pathsIn(each, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([name, inner]) =>
    pathsIn(inner, at === '' ? name : `${at}.${name}`),
  );
}

export function isKnown(path: string, { fields }: Kind): boolean {
  return fields.some((field) =>
    field.endsWith('.*') ? path.startsWith(field.slice(0, -1)) : path === field,
  );
}
