/**
 * Answers and errors of the API server -> the house's failures.
 *
 * Trusts a Status of the API server; whatever else claims a 404, say a proxy, does not make an
 * object gone. Only a 4xx proves that a write did not and will not happen: behind a 5xx, a timeout
 * or a reset it may have, or may still.
 */
import { field, isText, isUnknowns, listOf, unknowns } from '../../api/read.ts';
import type { KubernetesFailed, KubernetesFailure, NotSent } from '../../core/failure.ts';
import { clip } from './wording.ts';

/** What was asked, for messages: `patch resourceservers/status`. */
export interface Errand {
  readonly verb: string;
  readonly resource: string;
}

export interface KubernetesAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed JSON, else the text. */
  readonly body: unknown;
}

/** A metav1.Status, as far as it can be read. */
export interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

const MESSAGE_BYTES_MAX = 500;

export function refusalOf(answer: KubernetesAnswer, errand: Errand): KubernetesFailure {
  const status = statusOf(answer);
  if (status.code === 409) return { kind: 'Conflict' };
  if (status.code === 404 && status.reason === 'NotFound') return { kind: 'Gone' };
  if (status.code === 422 && complainsAboutUid(answer.body)) return { kind: 'Gone' };
  return kubernetesFailed(sentence(status, errand), {
    answered: status.code >= 400 && status.code < 500 && status.code !== REQUEST_TIMEOUT,
    status: status.code,
    retryAfterMs: status.retryAfterMs,
  });
}

/** Of a load balancer that waited for the rest of a request that may have passed it. */
const REQUEST_TIMEOUT = 408;

export function statusOf({ status, headers, body }: KubernetesAnswer): Status {
  const said = readStatus(body);
  const seconds = Number(field(headers, 'retry-after') ?? Number.NaN);
  const words = typeof body === 'string' ? body : '';
  return {
    code: status,
    reason: said?.reason ?? '',
    message: clip(said?.message ?? words, MESSAGE_BYTES_MAX),
    retryAfterMs: milliseconds(seconds) ?? said?.retryAfterMs,
  };
}

/** @returns `undefined` for what is no Status of the API server */
export function readStatus(raw: unknown): Status | undefined {
  if (!isUnknowns(raw) || raw['kind'] !== 'Status') return undefined;
  const { code, reason, message } = raw;
  const details = unknowns(raw['details']);
  return {
    code: typeof code === 'number' ? code : 0,
    reason: isText(reason) ? reason : '',
    message: clip(isText(message) ? message : '', MESSAGE_BYTES_MAX),
    retryAfterMs: milliseconds(field(details, 'retryAfterSeconds')),
  };
}

const RETRY_AFTER_SECONDS_MAX = 300;

function milliseconds(seconds: unknown): number | undefined {
  if (typeof seconds !== 'number' || !(seconds > 0)) return undefined;
  return Math.min(seconds, RETRY_AFTER_SECONDS_MAX) * 1_000;
}

/** A patch that names another uid than the object has: the one it was meant for is gone. */
function complainsAboutUid(body: unknown): boolean {
  const causes = listOf(field(unknowns(field(unknowns(body), 'details')), 'causes'));
  return causes.some((cause) => field(unknowns(cause), 'field') === 'metadata.uid');
}

function sentence({ code, message }: Status, { verb, resource }: Errand): string {
  switch (code) {
    case 401:
      return `the API server does not know us: cannot ${verb} ${resource}: ${message}`;
    case 403:
      return `RBAC must allow to ${verb} ${resource}: ${message}`;
    default:
      return `cannot ${verb} ${resource}: ${message} (HTTP ${code})`;
  }
}

/** An answer of 2xx that is not what was asked for. */
export function garbled(why: string, { verb, resource }: Errand): KubernetesFailed {
  return kubernetesFailed(`${verb} ${resource}: ${why}`, { answered: false });
}

/** The request was handed over and no whole answer came. */
export function unanswered(error: unknown, { verb, resource }: Errand): KubernetesFailure {
  if (neverConnected(error)) return notSent(error);
  return kubernetesFailed(`${verb} ${resource}: ${messageOf(error)}`, { answered: false });
}

export function notSent(error: unknown): NotSent {
  const message = clip(messageOf(error), MESSAGE_BYTES_MAX);
  return { kind: 'NotSent', withheld: undefined, message };
}

function kubernetesFailed(
  message: string,
  rest: Pick<KubernetesFailed, 'answered'> & Partial<KubernetesFailed>,
): KubernetesFailed {
  return {
    kind: 'KubernetesFailed',
    status: undefined,
    retryAfterMs: undefined,
    ...rest,
    message: clip(message, MESSAGE_BYTES_MAX),
  };
}

/** A parser quotes the beginning of what it could not read, say the token that a plugin printed. */
export function messageOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'what should be JSON is none';
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** Codes that prove there was no connection, or no TLS on it: no byte of the request has left. */
const UNCONNECTED_CODE =
  /^(UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_(TLS_CERT|SSL_)|UNABLE_TO_|(DEPTH_ZERO_)?SELF_SIGNED_)/;

/** An error that proves nothing leaves the request unanswered, which is the safe side. */
function neverConnected(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(neverConnected);
  if (!isUnknowns(error)) return false;
  const { syscall, code } = error;
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  return typeof code === 'string' && UNCONNECTED_CODE.test(code);
}
