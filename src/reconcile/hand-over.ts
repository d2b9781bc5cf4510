/** What the heir receives: the record of the server, and from whom. See `core/hand-over.ts`. */
import type { ResourceServer } from '../api/parse.ts';
import type { ResourceServerStatus } from '../api/resource-server.ts';
import type { Withheld } from '../core/failure.ts';
import type { Learned } from '../core/learn.ts';
import type { Heir, View } from '../core/view.ts';
import type { Run, Surroundings } from './surroundings.ts';
import { patchStatus, recordPending, stopped } from './writes.ts';

export function recordHandOver(
  around: Surroundings,
  run: Run,
  view: View,
  heir: Heir,
): Promise<Learned> {
  const hash = view.records.remote?.hash ?? '';
  return recordPending(around, run, view, { operation: 'HandOver', hash, to: heir.uid });
}

/** Guarded by the version in which the heir was judged: whoever touched it since comes first. */
export async function handOver(
  around: Surroundings,
  run: Run,
  view: View,
  { key, uid }: Heir,
): Promise<Learned> {
  const heir = around.shelf.get(key);
  if (heir?.uid !== uid) return stopped('Heir', { kind: 'Gone' });
  const status = inherited(heir, view);
  const guard = () => withheldFromHeir(around, view, uid);
  const written = await patchStatus(around, run, heir, { status, guard });
  if (written.kind === 'Answered') return { kind: 'HandedOver' };
  const { failure } = written;
  if (failure.kind === 'KubernetesFailed' && !failure.answered) noteSilence(around, view);
  return stopped('Heir', failure);
}

/** Its conditions are its own to write. */
function inherited(heir: ResourceServer, { records, resource }: View): ResourceServerStatus {
  const { pending: _, ...status } = heir.status;
  if (records.remote === undefined) return status;
  return { ...status, recordUID: heir.uid, remote: { ...records.remote, from: resource.uid } };
}

function withheldFromHeir(
  { memory, term }: Surroundings,
  { resource }: View,
  uid: string,
): Withheld | undefined {
  if (term.isEnding()) return 'Stopping';
  if (resource.identity === undefined) return undefined;
  const { claims } = memory;
  const isStill = claims.successionOf(resource, resource.identity).heir?.uid === uid;
  return isStill ? undefined : 'ClaimChanged';
}

function noteSilence({ memory, ports }: Surroundings, { resource: { identity } }: View): void {
  if (identity) memory.claims.unanswered(identity, ports.clock.monotonicMs());
}
