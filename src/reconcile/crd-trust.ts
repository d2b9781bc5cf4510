/**
 * Whether the API server keeps what we write. With a CRD that is older than this operator it does
 * not, and says nothing: a record that is dropped is a server lost or taken. So nothing is begun
 * before the CRD was seen to know every field that is needed, and in a term
 *
 *   - it is looked at again when a watch was cut, as the API server does to all of a kind whose CRD
 *     changed, until an answer tells,
 *   - each answer to a write of status is compared with what was written,
 *
 * and the first doubt ends the term: nothing more is written, and no call is made. What was stored
 * before is pruned only from what is served: it is there again once the CRD is, and the process,
 * which starts anew, reads it from there.
 */
import { droppedRecords, type Lacking, lackingIn } from '../api/kept-fields.ts';
import { type BackoffPolicy, delayMs } from '../core/backoff.ts';
import type { KubernetesFailure } from '../core/failure.ts';
import { type Answer, type Cluster, failed, type Ports } from '../ports.ts';

const WAIT_MS = 5_000;
/** In a term, after answers in a row that told nothing. */
const LOOKS: BackoffPolicy = { kind: 'Doubling', baseMs: WAIT_MS, maxMs: 30_000 };
const ALL_OF_IT = 1;
/** In a row: then somebody has to hear of it. */
const UNTOLD_MAX = 3;

const UNFIT = 'the CRD drops fields that this operator needs: apply the CRD of its version';
const LESS =
  'the CRD lacks fields of this operator, status says less: apply the CRD of its version';
const UNSEEN =
  'the schema of the CRD cannot be read, an older CRD may go unnoticed: allow to get /openapi/v3';

type Outside = Pick<Ports, 'cluster' | 'clock' | 'log'>;

interface Untold {
  readonly because: string;
}

async function look({ cluster, log }: Outside, signal: AbortSignal): Promise<Lacking | Untold> {
  const answer = await cluster.schema(signal);
  const lacking = answer.kind === 'Answered' ? lackingIn(answer.value) : undefined;
  if (lacking !== undefined) return lacking;
  const because =
    answer.kind === 'Answered' ? 'it does not name our kind' : wordsOf(answer.failure);
  log.debug('the schema of the CRD cannot be read', { because });
  return { because };
}

function wordsOf(failure: KubernetesFailure): string {
  return 'message' in failure ? failure.message : failure.kind;
}

/**
 * Before anything is watched: until then the process is not ready, and those before it go on.
 * What cannot be read is no proof, and stops nobody: that the kind is missing is told by the list.
 */
export async function untilCrdFits(outside: Outside, signal: AbortSignal): Promise<void> {
  const { clock, log } = outside;
  let told = '';
  while (!signal.aborted) {
    const seen = await look(outside, signal);
    if ('because' in seen) return;
    const { needed, telling } = seen;
    if (needed.length === 0 && telling.length > 0) log.warn(LESS, { fields: telling });
    if (needed.length === 0) return;
    if (told !== needed.join()) log.error(UNFIT, { fields: needed });
    told = needed.join();
    await clock.sleep(WAIT_MS, signal);
  }
}

export interface CrdTrust {
  /** Aborted at the first doubt. */
  readonly lost: AbortSignal;
  /** The cluster, whose answers are compared with what was written. */
  readonly cluster: Cluster;
  /** @returns whether the CRD fits, as far as can be seen */
  look(signal: AbortSignal): Promise<boolean>;
  /**
   * Looks again whenever a watch was cut, and for as long as no answer tells; until `over`.
   *
   * @param cutAtMs monotonic: when one was last; `undefined`: none was
   */
  keepLooking(cutAtMs: () => number | undefined, over: AbortSignal): Promise<void>;
}

export function createCrdTrust(outside: Outside): CrdTrust {
  const { cluster, clock, log } = outside;
  const doubt = new AbortController();
  const lose = (fields: readonly string[]): void => {
    if (fields.length === 0 || doubt.signal.aborted) return;
    log.error(UNFIT, { fields });
    doubt.abort();
  };
  const last = { askedAtMs: 0, untold: 0 };
  const lookOnce = async (signal: AbortSignal): Promise<boolean> => {
    last.askedAtMs = clock.monotonicMs();
    const seen = await look(outside, signal);
    last.untold = 'because' in seen ? last.untold + 1 : 0;
    if ('needed' in seen) lose(seen.needed);
    else if (last.untold === UNTOLD_MAX) log.warn(UNSEEN, { because: seen.because });
    return !doubt.signal.aborted;
  };
  return {
    lost: doubt.signal,
    cluster: comparing(cluster, lose),
    look: lookOnce,
    async keepLooking(cutAtMs, over) {
      while (!over.aborted) {
        await clock.sleep(delayMs(LOOKS, last.untold, ALL_OF_IT), over);
        const isCut = (cutAtMs() ?? Number.NEGATIVE_INFINITY) >= last.askedAtMs;
        if (isCut || last.untold > 0) await lookOnce(over);
      }
    },
  };
}

/** A status that came back without its records is none: whoever wrote it may not act on it. */
function comparing(cluster: Cluster, lose: (fields: readonly string[]) => void): Cluster {
  return {
    ...cluster,
    async patchStatus(key, patch, call) {
      const answer = await cluster.patchStatus(key, patch, call);
      if (answer.kind === 'Failed') return answer;
      const fields = droppedRecords(patch, answer.value);
      lose(fields);
      return fields.length === 0 ? answer : dropped(fields);
    },
  };
}

function dropped(fields: readonly string[]): Answer<never, Dropped> {
  const message = `the API server dropped ${fields.join(', ')}`;
  return failed({ ...REFUSED, message });
}

const REFUSED = {
  kind: 'KubernetesFailed',
  answered: true,
  status: undefined,
  message: '',
  retryAfterMs: undefined,
} as const;

type Dropped = Omit<typeof REFUSED, 'message'> & { readonly message: string };
