/** What can be seen of a world from outside: judged by laws, counted as coverage, hashed. */
import type { CognitoFailure, KubernetesFailure } from '../../src/core/failure.ts';
import type { Log, Notice } from '../../src/ports.ts';
import type { CognitoRequest, Effect } from './cognito.ts';
import type { Stage } from './journey.ts';
import type { LeaseRequest } from './leases.ts';
import type { Change } from './objects.ts';
import type { KubernetesRequest } from './requests.ts';

/** Of one process, from its start to its end. */
export type Passage = 'Started' | 'Killed' | 'Frozen' | 'Thawed' | 'Asked to stop' | 'Ended';

export type Moment =
  | {
      readonly kind: 'Cognito';
      readonly by: string;
      readonly request: CognitoRequest;
      readonly stage: Stage<CognitoFailure>;
    }
  | {
      readonly kind: 'Kubernetes';
      readonly by: string;
      readonly request: KubernetesRequest;
      readonly stage: Stage<KubernetesFailure>;
    }
  | {
      readonly kind: 'Lease';
      readonly by: string;
      readonly request: LeaseRequest;
      readonly stage: Stage<KubernetesFailure>;
    }
  | { readonly kind: 'Change'; readonly change: Change }
  | { readonly kind: 'Effect'; readonly effect: Effect }
  | { readonly kind: 'Event'; readonly notice: Notice }
  | {
      readonly kind: 'Line';
      readonly by: string;
      readonly level: keyof Log;
      readonly message: string;
    }
  | { readonly kind: 'Count'; readonly name: string; readonly labels: Labels }
  | {
      readonly kind: 'Process';
      readonly by: string;
      readonly passage: Passage;
      readonly how: string;
    }
  /** A fault, or a step of the plan, that came to pass. */
  | { readonly kind: 'Fault'; readonly name: string };

export type Labels = Readonly<Record<string, string>>;

export type Witness = (moment: Moment, atMs: number) => void;
