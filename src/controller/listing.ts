/**
 * One complete list: page after page of one snapshot, read as it comes and buffered, so that it is
 * applied whole or not at all. resourceVersion is unset, which is the most recent state there is.
 */
import { type Answer, answered, type Clock, type Feed, failed } from '../ports.ts';

export interface Listing<T> {
  readonly objects: readonly T[];
  /** Of the first page: whatever happened since is told by a watch from here. */
  readonly resourceVersion: string;
}

export interface ListingRequest<T> {
  readonly feed: Feed;
  /** `undefined`: the object is left out. */
  readonly identify: (object: unknown) => T | undefined;
  readonly clock: Clock;
  readonly pageSize: number;
  /** For each page. */
  readonly deadlineMs: number;
}

type PageAnswer = Awaited<ReturnType<Feed['list']>>;
export type ListFailure = Extract<PageAnswer, { kind: 'Failed' }>['failure'];

/** With 500 objects a page far more than etcd holds: ends a server that never stops continuing. */
const PAGES_MAX = 10_000;

export async function listAll<T>(
  request: ListingRequest<T>,
  signal: AbortSignal,
): Promise<Answer<Listing<T>, ListFailure>> {
  const objects: T[] = [];
  let resourceVersion: string | undefined;
  let continueToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await listPage(request, continueToken, signal);
    if (answer.kind === 'Failed') return answer;
    objects.push(...answer.value.items.flatMap((item) => request.identify(item) ?? []));
    resourceVersion ??= answer.value.resourceVersion;
    continueToken = answer.value.continueToken;
    if (continueToken === undefined) return answered({ objects, resourceVersion });
  }
  const message = `a list of more than ${PAGES_MAX} pages`;
  return failed({
    kind: 'KubernetesFailed',
    answered: true,
    status: undefined,
    message,
    retryAfterMs: undefined,
  });
}

async function listPage<T>(
  { feed, clock, pageSize, deadlineMs }: ListingRequest<T>,
  continueToken: string | undefined,
  signal: AbortSignal,
): Promise<PageAnswer> {
  const deadline = clock.deadline(deadlineMs, signal);
  const answer = await feed.list({ limit: pageSize, continueToken }, deadline.signal);
  deadline.cancel();
  return answer;
}
