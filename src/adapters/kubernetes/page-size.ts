/**
 * How many objects a page of a list may have. One that did not arrive whole may have been too
 * large, or too slow for its deadline: whoever lists anew gets smaller ones, until a list was
 * complete.
 */
import type { KubernetesFailure } from '../../core/failure.ts';
import type { Answer, ListPage } from '../../ports.ts';

/** As many of the largest objects that etcd takes as one answer may hold. */
const PAGE_OBJECTS_MIN = 5;
const SHRINKS_BY = 10;

export interface PageSize {
  readonly limit: number;
  /** @param limit what was asked for */
  learn(limit: number, answer: Answer<ListPage, KubernetesFailure>): void;
}

export function createPageSize(): PageSize {
  const memory = { limit: Number.POSITIVE_INFINITY };
  return {
    get limit() {
      return memory.limit;
    },
    learn(limit, answer) {
      if (answer.kind === 'Answered') {
        if (answer.value.continueToken === undefined) memory.limit = Number.POSITIVE_INFINITY;
        return;
      }
      if (!wasCutOff(answer.failure)) return;
      memory.limit = Math.min(limit, Math.max(PAGE_OBJECTS_MIN, Math.floor(limit / SHRINKS_BY)));
    },
  };
}

function wasCutOff(failure: KubernetesFailure): boolean {
  return failure.kind === 'KubernetesFailed' && failure.status === undefined;
}
