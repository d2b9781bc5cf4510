/** Reads live every resource that names an identity: no late record of them can be overlooked. */
import type { Identity } from '../api/parse.ts';
import type { Learned } from '../core/learn.ts';
import type { Run, Surroundings } from './surroundings.ts';
import { learnStored, readLive } from './writes.ts';

export async function readRivals(
  around: Surroundings,
  run: Run,
  identity: Identity,
): Promise<Learned> {
  const { memory, ports, shelf } = around;
  const requestedAtMs = ports.clock.monotonicMs();
  for (const { key, uid } of memory.claims.claimants(identity)) {
    const live = await readLive(around, run, key);
    if (live.kind === 'Answered') {
      if (live.value.uid === uid) learnStored(around, run, live.value);
      else run.deserving.push(...shelf.removed(key, uid));
    } else if (live.failure.kind === 'Gone') {
      run.deserving.push(...shelf.removed(key, uid));
    } else {
      return { kind: 'Stopped', stop: { kind: 'WriteFailed', of: 'Rival', failure: live.failure } };
    }
  }
  memory.claims.confirm(identity, requestedAtMs);
  return { kind: 'RivalsRead' };
}
