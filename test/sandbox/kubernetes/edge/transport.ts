/** node:http at the edge: bytes to requests, answers to bytes, faults in between. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Answer, failed, text } from '../answer.ts';
import { Failure, tooLarge, unauthorized } from '../failure.ts';
import { type ApiRequest, contentTypeOf, type Target, targetOf } from '../request.ts';
import { type FaultRule, faultedRequest } from './fault-rules.ts';
import type { Switchboard, Verdict } from './faults.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { RequestLog } from './request-log.ts';
import { WatchStream } from './watch-stream.ts';

export interface TransportParts {
  /** At once, or after asking another server. */
  readonly api: (request: ApiRequest, target: Target) => Answer | Promise<Answer>;
  readonly faults: Switchboard;
  readonly log: RequestLog;
  /** The only one that may be sent; without it all are taken. */
  readonly token?: string;
  readonly now: () => Date;
}

const BODY_BYTES_MAX = 3 * 1024 * 1024;
/** As long as a client may keep a connection idle; a real API server does not close idle ones. */
const KEEP_ALIVE_MS = 10 * 60_000;

export function createTransport(parts: TransportParts): Server {
  const server = createServer((incoming, response) => {
    serve(parts, incoming, response).catch((error: unknown) => {
      // A bug of this server: answered as a panic would be, and never hidden.
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const failure = new Failure({ code: 500, reason: 'InternalError', message: why });
      if (response.headersSent) response.destroy();
      else writeWhole(failed(failure), response);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function serve(
  { api, faults, log, token, now }: TransportParts,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming);
  if (request === 'gone') return;
  if (request === 'too large') return writeWhole(failed(tooLarge(BODY_BYTES_MAX)), response);
  const target = targetOf(request);
  const note = log.arrived(request, target, now().getTime());
  const seen = faultedRequest(request, target);
  const before = await faults.before(seen);
  if (!isStruck(before)) return obey(before, response, note);
  const answer = authenticated(request, token) ?? (await api(request, target));
  const after = await faults.after(seen, before);
  if (after.kind !== 'go') return obey(after, response, note);
  note(answer.kind === 'whole' ? answer.code : 200);
  if (answer.kind === 'whole') writeWhole(answer, response);
  else writeFrames(answer, response, faults);
}

function isStruck(before: readonly FaultRule[] | Verdict): before is readonly FaultRule[] {
  return Array.isArray(before);
}

async function readRequest(incoming: IncomingMessage): Promise<ApiRequest | 'gone' | 'too large'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) return 'too large';
      chunks.push(chunk);
    }
  } catch {
    return 'gone';
  }
  return parsedRequest(incoming, Buffer.concat(chunks));
}

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

function parsedRequest(incoming: IncomingMessage, bytes: Buffer): ApiRequest {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  const request = {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers) as Readonly<Record<string, string>>,
    body: bytes.toString(),
  };
  const object = contentTypeOf(request) === PROTOBUF ? decodeProtobuf(bytes) : undefined;
  if (object === undefined) return request;
  const asJson = { ...request.headers, 'content-type': 'application/json' };
  return { ...request, headers: asJson, body: JSON.stringify(object) };
}

/** kubectl sends no token over plain HTTP; but who sends one must send the right one. */
function authenticated({ headers }: ApiRequest, token?: string): Answer | undefined {
  const sent = headers['authorization'];
  if (token === undefined || sent === undefined || sent === `Bearer ${token}`) return undefined;
  return failed(unauthorized());
}

function obey(verdict: Verdict, response: ServerResponse, note: (status: number) => void): void {
  switch (verdict.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'answer': {
      const answer = faultAnswer(verdict.rule);
      note(answer.code);
      writeWhole(answer, response);
      return;
    }
    case 'hang':
    case 'go':
      return;
  }
}

type WholeAnswer = Extract<Answer, { readonly kind: 'whole' }>;

function faultAnswer({ action }: FaultRule): WholeAnswer {
  switch (action.kind) {
    case 'raw':
      return text(action.code, action.body) as WholeAnswer;
    case 'status': {
      const { code, reason = '', message = 'injected fault', headers = {} } = action;
      return failed(new Failure({ code, reason, message, headers })) as WholeAnswer;
    }
    case 'delay':
    case 'resetBefore':
    case 'resetAfter':
    case 'hangBefore':
    case 'hangAfter':
      throw new Error(`the fault ${action.kind} is no answer`);
  }
}

function writeWhole(answer: Answer, response: ServerResponse): void {
  if (answer.kind !== 'whole') throw new Error('a stream of frames is no whole answer');
  const headers = Object.entries(answer.headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : [...value],
  ]);
  response.writeHead(answer.code, {
    'cache-control': 'no-cache, private',
    'content-length': Buffer.byteLength(answer.body),
    ...(Object.fromEntries(headers) as Record<string, string | string[]>),
  });
  response.end(answer.body);
}

function writeFrames(
  answer: Extract<Answer, { readonly kind: 'frames' }>,
  response: ServerResponse,
  faults: Switchboard,
): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
  });
  response.flushHeaders();
  const stream = new WatchStream(response);
  const untrack = faults.track(stream);
  const stop = answer.open(stream);
  response.on('close', () => {
    stop();
    untrack();
  });
}
