/**
 * What kstatus says of a custom resource: the rules that Helm 4 `--wait`, Flux and kapp share.
 *
 * Source: fluxcd/cli-utils, pkg/kstatus/status/generic.go (checkGenericProperties,
 * checkReadyCondition) and status.go (Compute): what none of the rules decides is Current.
 */
export type KStatus = 'Terminating' | 'InProgress' | 'Failed' | 'Current';

interface Kubernetes {
  readonly metadata?: { readonly deletionTimestamp?: string; readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export function kstatusOf({ metadata, status }: Kubernetes): KStatus {
  if (metadata?.deletionTimestamp) return 'Terminating';
  const observed = status?.observedGeneration;
  const generation = metadata?.generation;
  const areKnown = observed !== undefined && generation !== undefined;
  if (areKnown && observed !== generation) return 'InProgress';
  const conditions = status?.conditions ?? [];
  const abnormal = conditions.find(
    (each) => each.status === 'True' && (each.type === 'Reconciling' || each.type === 'Stalled'),
  );
  if (abnormal !== undefined) return abnormal.type === 'Stalled' ? 'Failed' : 'InProgress';
  const ready = conditions.find((each) => each.type === 'Ready');
  return ready === undefined || ready.status === 'True' ? 'Current' : 'InProgress';
}
