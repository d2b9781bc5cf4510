/** What the tests look at in a pod of the operator, which has one container. */
import type { Body } from '../contract/kubernetes-client.ts';

export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly isReady: boolean;
  readonly isLeaving: boolean;
  /** ISO 8601: when its time to leave is over. */
  readonly deadline: string | undefined;
  readonly memoryLimit: string | undefined;
  readonly container: Container;
}

export interface Container {
  /** As the runtime and its control group know it. */
  readonly id: string;
  readonly restarts: number;
  readonly end: End | undefined;
}

export interface End {
  readonly exitCode: number;
  /** `Completed`, `Error`, `OOMKilled`. */
  readonly reason: string;
  readonly finishedAt: string;
}

interface Status {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly containerStatuses?: readonly [
    {
      readonly containerID?: string;
      readonly restartCount: number;
      readonly state: { readonly terminated?: End };
      readonly lastState: { readonly terminated?: End };
    },
  ];
}

interface Spec {
  readonly containers: readonly [
    { readonly resources: { readonly limits?: { readonly memory?: string } } },
  ];
}

export function podOf({ metadata, ...body }: Body): Pod {
  const { conditions = [], containerStatuses } = (body.status ?? {}) as Status;
  const spec = body.spec as unknown as Spec;
  const container = containerStatuses?.[0];
  return {
    name: metadata.name,
    uid: metadata.uid ?? '',
    isReady: conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    isLeaving: metadata.deletionTimestamp !== undefined,
    deadline: metadata.deletionTimestamp,
    memoryLimit: spec.containers[0].resources.limits?.memory,
    container: {
      id: container?.containerID?.replace(/^.*:\/\//, '') ?? '',
      restarts: container?.restartCount ?? 0,
      end: container?.state.terminated ?? container?.lastState.terminated,
    },
  };
}
