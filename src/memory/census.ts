/** How many resources there are for each reason of Ready: a gauge, not a series for each. */

import { findCondition, REASONS, type Reason } from '../api/conditions.ts';
import type { ResourceServer } from '../api/parse.ts';

export type Standing = Reason | 'Unseen';

export interface Census {
  /** @returns the counts that changed */
  moved(
    before: ResourceServer | undefined,
    after: ResourceServer | undefined,
  ): ReadonlyMap<Standing, number>;
}

export function createCensus(): Census {
  const counts = new Map<Standing, number>();
  return {
    moved: (before, after) => {
      const was = before && standingOf(before);
      const is = after && standingOf(after);
      if (was === is) return new Map();
      if (was !== undefined) counts.set(was, (counts.get(was) ?? 0) - 1);
      if (is !== undefined) counts.set(is, (counts.get(is) ?? 0) + 1);
      const changed = [was, is].filter((each) => each !== undefined);
      return new Map(changed.map((each) => [each, counts.get(each) ?? 0]));
    },
  };
}

function standingOf({ status }: ResourceServer): Standing {
  const ready = findCondition(status.conditions, 'Ready');
  return REASONS.find((each) => each === ready?.reason) ?? 'Unseen';
}
