/**
 * One connection to the API server for the whole process: every request of every port goes through
 * `send`, every watch through `open`. Each has a deadline, each leaves at most once.
 *
 *   credentials ──▶ guard ──▶ handed to the socket ──▶ headers ──▶ body
 *
 * The guard is asked after the credentials were applied; no await lies between its answer and the
 * request.
 */
import { type Dispatcher, request as httpRequest } from 'undici';
import type { Secrets } from '../../api/secrets.ts';
import type { KubernetesFailure } from '../../core/failure.ts';
import {
  type Answer,
  answered,
  type Call,
  type Clock,
  failed,
  type Metrics,
  withheld,
} from '../../ports.ts';
import { readText } from './body.ts';
import type { Dispatchers } from './dispatchers.ts';
import { type Access, createEntrance, type Entrance } from './entrance.ts';
import { type Errand, type KubernetesAnswer, notSent, unanswered } from './failure.ts';
import type { KubeConfigSource } from './kube-config.ts';

export interface KubernetesRequest extends Errand {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the server's address, its segments encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Of the body; JSON when absent. */
  readonly contentType?: string;
}

/** Status and headers have arrived; the body comes as it comes. */
export interface KubernetesStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Ends with the signal of the request. Read it to its end, or leave the loop. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface Connection {
  /** Any status is an answer; a failure has none. */
  send(
    request: KubernetesRequest,
    call: Call,
    deadlineMs: number,
  ): Promise<Answer<KubernetesAnswer, KubernetesFailure>>;
  /** The deadline is for the headers; the stream lasts until the signal or the server ends it. */
  open(
    request: KubernetesRequest,
    signal: AbortSignal,
    deadlineMs: number,
  ): Promise<Answer<KubernetesStream, KubernetesFailure>>;
  /** Ends whatever is under way. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly source: KubeConfigSource;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly secrets: Secrets;
  /** For the user agent. */
  readonly version: string;
}

/** @throws when the kubeconfig cannot be read */
export function createConnection(options: ConnectionOptions): Connection {
  return new SharedConnection(options);
}

class SharedConnection implements Connection {
  readonly #options: ConnectionOptions;
  readonly #entrance: Entrance;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#entrance = createEntrance(options.source, options.secrets);
  }

  async send(request: KubernetesRequest, { signal, guard }: Call, deadlineMs: number) {
    const deadline = this.#options.clock.deadline(deadlineMs, signal);
    const begun = await this.#begin(request, { signal: deadline.signal, guard }, 'requests');
    const answer = begun.kind === 'Failed' ? begun : await answerOf(begun.value, request);
    deadline.cancel();
    return answer;
  }

  async open(request: KubernetesRequest, signal: AbortSignal, deadlineMs: number) {
    const opening = this.#options.clock.deadline(deadlineMs, signal);
    const either = AbortSignal.any([signal, opening.signal]);
    const begun = await this.#begin(request, { signal: either, guard: always }, 'watches');
    opening.cancel();
    return begun;
  }

  close(): Promise<void> {
    return this.#entrance.close();
  }

  async #begin(
    request: KubernetesRequest,
    { signal, guard }: Call,
    purpose: keyof Dispatchers,
  ): Promise<Answer<KubernetesStream, KubernetesFailure>> {
    const admitted = await admission(this.#entrance, signal);
    if (admitted.kind === 'Failed') return admitted;
    const { server, headers, dispatchers } = admitted.value;
    const reason = guard();
    if (reason !== undefined) return withheld(reason);
    const requested = httpRequest(urlOf(server, request), {
      dispatcher: dispatchers[purpose],
      method: request.method,
      headers: { ...headers, ...headersOf(request, this.#options.version) },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal,
    });
    const begun = await streamOf(endingWith(signal, requested), request);
    this.#note(begun, request.method, new URL(server).host);
    if (begun.kind === 'Failed' || begun.value.status < 300) return begun;
    const chunks = withoutSecrets(begun.value.chunks, this.#options.secrets);
    return answered({ ...begun.value, chunks });
  }

  #note(begun: Answer<KubernetesStream>, method: string, host: string): void {
    const code = begun.kind === 'Answered' ? String(begun.value.status) : '<error>';
    this.#options.metrics.count('rest_client_requests_total', { code, method, host });
    if (code === UNAUTHORIZED) this.#entrance.forget();
  }
}

const UNAUTHORIZED = '401';

/** The guard of whatever changes nothing. */
export function always(): undefined {}

/** Credentials may hang, say those of a plugin: the signal ends the wait, and nothing leaves. */
async function admission(
  entrance: Entrance,
  signal: AbortSignal,
): Promise<Answer<Access, KubernetesFailure>> {
  try {
    const access = await endingWith(signal, entrance.enter());
    signal.throwIfAborted();
    return answered(access);
  } catch (error) {
    return failed(notSent(error));
  }
}

/**
 * Rejects as soon as the signal aborts. undici heeds it only once there is a connection; while
 * one is being made, its own patience is long. What was not handed over by then never leaves.
 */
async function endingWith<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Whoever refuses a request, a proxy say, may quote it: the token too. */
async function* withoutSecrets(chunks: AsyncIterable<Uint8Array>, secrets: Secrets) {
  yield Buffer.from(secrets.strike(await readText(chunks)));
}

function urlOf(server: string, { path, query = {} }: KubernetesRequest): URL {
  const url = new URL(server + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function headersOf({ body, contentType = 'application/json' }: KubernetesRequest, version: string) {
  const shared = { accept: 'application/json', 'user-agent': `cognito-operator/${version}` };
  return body === undefined ? shared : { ...shared, 'content-type': contentType };
}

async function streamOf(
  requested: Promise<Dispatcher.ResponseData>,
  request: KubernetesRequest,
): Promise<Answer<KubernetesStream, KubernetesFailure>> {
  try {
    const { statusCode: status, headers, body: chunks } = await requested;
    // Its reader sees every error; one before there is a reader must not end the process.
    chunks.on('error', () => {});
    return answered({ status, headers, chunks });
  } catch (error) {
    return failed(unanswered(error, request));
  }
}

/** The whole answer; a failure when it breaks off. */
export async function answerOf(
  { status, headers, chunks }: KubernetesStream,
  request: KubernetesRequest,
): Promise<Answer<KubernetesAnswer, KubernetesFailure>> {
  try {
    return answered({ status, headers, body: parsed(await readText(chunks)) });
  } catch (error) {
    return failed(unanswered(error, request));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page: whoever asked judges it by its status.
    return text;
  }
}
