/**
 * Events of `events.k8s.io/v1`. Best effort: told one after another in the background, never
 * repeated after a failure, dropped (and counted) when there are too many. Nobody waits for them.
 */
import { FIELD_MANAGER, RECONCILE_ID_ANNOTATION } from '../../api/names.ts';
import { API_VERSION, KIND } from '../../api/resource-server.ts';
import type { Chance, Clock, Events, Log, Metrics, Notice } from '../../ports.ts';
import { always, type Connection, type KubernetesRequest } from './connection.ts';
import { createEventLedger, type EventLedger, type Series } from './event-ledger.ts';
import { refusalOf } from './failure.ts';
import { microTimeOf } from './micro-time.ts';
import { clip } from './wording.ts';

export interface EventsOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Of this process, such as the name of its pod. */
  readonly instance: string;
}

const EVENTS_API = 'events.k8s.io/v1';
const RESOURCE = 'events.events.k8s.io';
const WAITING_MAX = 256;
const DEADLINE_MS = 5_000;
/** The API server refuses more. */
const NOTE_BYTES_MAX = 1_024;
const NAME_BYTES_MAX = 128;

export function createEvents(options: EventsOptions): Events {
  return new BackgroundEvents(options);
}

class BackgroundEvents implements Events {
  readonly #options: EventsOptions;
  readonly #ledger: EventLedger;
  readonly #drop: (because: string) => void;
  readonly #waiting = new Set<Series>();
  #telling: Promise<void> | undefined;
  #over = new AbortController();

  constructor(options: EventsOptions) {
    this.#options = options;
    this.#ledger = createEventLedger((notice) => nameFor(notice, options.chance));
    this.#drop = createDropper(options);
  }

  publish(notice: Notice): void {
    const { clock } = this.#options;
    const now = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
    const due = this.#ledger.note(notice, now);
    if (due === 'Flood') return this.#drop('too many about one resource');
    for (const series of due) this.#enqueue(series);
  }

  async flush(withinMs: number): Promise<void> {
    for (const series of this.#ledger.untold()) this.#enqueue(series);
    const told = new AbortController();
    const timeout = this.#options.clock.sleep(withinMs, told.signal);
    await Promise.race([this.#telling, timeout]);
    told.abort();
    this.#over.abort(new Error('the time for Events is over'));
    await this.#telling;
    this.#over = new AbortController();
  }

  #enqueue(series: Series): void {
    if (this.#waiting.size >= WAITING_MAX && !this.#waiting.has(series)) {
      this.#giveUp(series, 'too many are waiting');
      return;
    }
    this.#waiting.add(series);
    this.#telling ??= this.#tellAll();
  }

  /** What is added meanwhile is told too. */
  async #tellAll(): Promise<void> {
    for (const series of this.#waiting) {
      this.#waiting.delete(series);
      await this.#tell(series);
    }
    this.#telling = undefined;
  }

  async #tell(series: Series): Promise<void> {
    const form = series.toldCount === 0 ? 'Creation' : 'Patch';
    series.toldCount = series.count;
    series.toldAtMs = this.#options.clock.monotonicMs();
    const why = await tellOnce(this.#options, series, form, this.#over.signal);
    if (why !== undefined) this.#giveUp(series, why);
  }

  #giveUp(series: Series, because: string): void {
    this.#ledger.forget(series);
    this.#drop(because);
  }
}

/** Counts what is dropped, and says each reason once. */
function createDropper({ log, metrics }: EventsOptions): (because: string) => void {
  const said = new Set<string>();
  return (because) => {
    metrics.count('cognito_operator_events_dropped_total', {});
    if (said.has(because) || said.size >= SAID_MAX) return;
    said.add(because);
    log.warn('a Kubernetes Event was dropped, more may be without a word', { because });
  };
}

const SAID_MAX = 10;

/** @returns why it could not be told */
async function tellOnce(
  options: EventsOptions,
  series: Series,
  form: 'Creation' | 'Patch',
  signal: AbortSignal,
): Promise<string | undefined> {
  const { connection, instance } = options;
  const send = async (request: KubernetesRequest) => {
    const answer = await connection.send(request, { signal, guard: always }, DEADLINE_MS);
    if (answer.kind === 'Failed') return answer.failure;
    return answer.value.status < 300 ? undefined : refusalOf(answer.value, request);
  };
  const first = await send(form === 'Patch' ? patchOf(series) : creationOf(series, instance));
  // Events live for an hour: a series may outlive its own.
  const isGone = form === 'Patch' && first?.kind === 'Gone';
  const failure = isGone ? await send(creationOf(series, instance)) : first;
  if (failure === undefined) return undefined;
  return 'message' in failure ? failure.message : failure.kind;
}

function creationOf(series: Series, instance: string): KubernetesRequest {
  const { notice, name } = series;
  const [namespace = '', subject = ''] = notice.key.split('/');
  const { uid, resourceVersion } = notice;
  const body = {
    apiVersion: EVENTS_API,
    kind: 'Event',
    metadata: { namespace, name, annotations: annotationsOf(series) },
    eventTime: microTimeOf(series.startWallMs),
    reportingController: FIELD_MANAGER,
    reportingInstance: clip(instance, NAME_BYTES_MAX),
    type: notice.type,
    reason: clip(notice.reason, NAME_BYTES_MAX),
    action: clip(notice.action, NAME_BYTES_MAX),
    note: clip(notice.note, NOTE_BYTES_MAX),
    regarding: {
      apiVersion: API_VERSION,
      kind: KIND,
      namespace,
      name: subject,
      uid,
      resourceVersion,
    },
    ...(series.count > 1 ? seriesOf(series) : {}),
  };
  return { verb: 'create', resource: RESOURCE, method: 'POST', path: pathOf(namespace), body };
}

function patchOf(series: Series): KubernetesRequest {
  const [namespace = ''] = series.notice.key.split('/');
  return {
    verb: 'patch',
    resource: RESOURCE,
    method: 'PATCH',
    path: `${pathOf(namespace)}/${encodeURIComponent(series.name)}`,
    contentType: 'application/merge-patch+json',
    body: { metadata: { annotations: annotationsOf(series) }, ...seriesOf(series) },
  };
}

function annotationsOf({ lastReconcileID }: Series) {
  return { [RECONCILE_ID_ANNOTATION]: lastReconcileID };
}

function seriesOf({ count, lastWallMs }: Series) {
  return { series: { count, lastObservedTime: microTimeOf(lastWallMs) } };
}

function pathOf(namespace: string): string {
  return `/apis/${EVENTS_API}/namespaces/${encodeURIComponent(namespace)}/events`;
}

/** The resource's name, as far as a DNS name has room for it, and something of its own. */
function nameFor({ key }: Notice, chance: Chance): string {
  const [, name = ''] = key.split('/');
  const suffix = chance.uuid().replaceAll('-', '').slice(0, SUFFIX_CHARS);
  return `${name.slice(0, DNS_NAME_MAX - SUFFIX_CHARS - 1).replace(/[^a-z0-9]+$/, '')}.${suffix}`;
}

const DNS_NAME_MAX = 253;
const SUFFIX_CHARS = 16;
