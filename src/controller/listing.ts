/**
 * One complete list: page after page of one snapshot, buffered, so that it is applied whole or
 * not at all. resourceVersion is unset, which is the most recent state there is.
 */
import { type Answer, answered, type Clock, type Feed, failed } from '../ports.ts';

export interface Listing {
  readonly objects: readonly unknown[];
  /** Of the first page: whatever happened since is told by a watch from here. */
  readonly resourceVersion: string;
}

export interface ListingRequest {
  readonly feed: Feed;
  readonly clock: Clock;
  readonly pageSize: number;
  /** For each page. */
  readonly deadlineMs: number;
}

type PageAnswer = Awaited<ReturnType<Feed['list']>>;
export type ListFailure = Extract<PageAnswer, { kind: 'Failed' }>['failure'];

/** With 500 objects a page far more than etcd holds: ends a server that never stops continuing. */
const PAGES_MAX = 10_000;

export async function listAll(
  request: ListingRequest,
  signal: AbortSignal,
): Promise<Answer<Listing, ListFailure>> {
  const objects: unknown[] = [];
  let resourceVersion: string | undefined;
  let continueToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await listPage(request, continueToken, signal);
    if (answer.kind === 'Failed') return answer;
    for (const item of answer.value.items) objects.push(item);
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

async function listPage(
  { feed, clock, pageSize, deadlineMs }: ListingRequest,
  continueToken: string | undefined,
  signal: AbortSignal,
): Promise<PageAnswer> {
  const deadline = clock.deadline(deadlineMs, signal);
  const answer = await feed.list({ limit: pageSize, continueToken }, deadline.signal);
  deadline.cancel();
  return answer;
}
