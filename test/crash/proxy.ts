/**
 * A proxy before one server, for one operator: every call passes four stages, at each of which its
 * sender may be killed. What was sent on takes effect, whatever becomes of the sender.
 *
 *   operator ──▶ before ──▶ sent ──────▶ server
 *   operator ◀── answered ◀── applied ◀── server
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as ask, type Dispatcher } from 'undici';
import { type Listener, listen } from '../sandbox/kubernetes/edge/listener.ts';
import type { Call, Naming } from './call.ts';

/** Before it is sent on; as it was; when it took effect, unanswered; when it was answered. */
export const STAGES = ['before', 'sent', 'applied', 'answered'] as const;
export type Stage = (typeof STAGES)[number];

export interface Toll {
  /** Whether the call goes on from this stage. */
  at(call: Call, stage: Stage): boolean | Promise<boolean>;
  /** An answer in the server's stead. */
  instead?(call: Call): string | undefined;
  /** A whole answer that passes. */
  saw?(call: Call, body: string): void;
  /** Frames of a watch pass only by what is written here. */
  frames?(call: Call, wire: Wire): ((frame: string) => void) | undefined;
}

/** The connection of one watch, towards the operator. */
export interface Wire {
  write(frame: string): void;
  /** Resets it. */
  cut(): void;
}

export interface Upstream {
  readonly url: string;
  /** Who trusts its certificate. */
  readonly dispatcher: Dispatcher;
}

/** No connection is closed for having been idle. */
const KEEP_ALIVE_MS = 10 * 60_000;

export function startProxy(upstream: Upstream, naming: Naming, toll: Toll): Promise<Listener> {
  const server = createServer((incoming, response) => {
    pass({ upstream, naming, toll }, incoming, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return listen(server, 0);
}

interface Parts {
  readonly upstream: Upstream;
  readonly naming: Naming;
  readonly toll: Toll;
}

async function pass({ upstream, naming, toll }: Parts, incoming: IncomingMessage, out: Out) {
  const body = await bodyOf(incoming);
  const call = naming(incoming, body);
  if (!(await toll.at(call, 'before'))) return void out.destroy();
  const instead = toll.instead?.(call);
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
  out.once('close', leave);
  if (instead !== undefined) {
    out.writeHead(200, { 'content-type': 'application/json' }).end(instead);
    return;
  }
  const answering = ask(`${upstream.url}${incoming.url ?? '/'}`, {
    dispatcher: upstream.dispatcher,
    method: incoming.method ?? 'GET',
    headers: headersOf(incoming),
    body: body === '' ? null : body,
    bodyTimeout: 0,
  });
  const [answer] = await Promise.all([answering, toll.at(call, 'sent')]);
  const goesOn = await toll.at(call, 'applied');
  const isWatch = call.request?.verb === 'watch' && answer.statusCode === 200;
  if (isWatch && goesOn) return stream({ call, toll }, answer, out, gone);
  if (isWatch) answer.body.on('error', () => {}).destroy();
  if (isWatch) return void out.destroy();
  const text = await answer.body.text();
  toll.saw?.(call, text);
  if (!goesOn) return void out.destroy();
  out.writeHead(answer.statusCode, { ...kept(answer.headers) }).end(text);
  await Promise.race([new Promise((done) => out.once('finish', done)), gone]);
  await toll.at(call, 'answered');
}

type Out = ServerResponse;

/* ------------------------------------------------------------------- of a watch */

async function stream(
  { call, toll }: { readonly call: Call; readonly toll: Toll },
  { statusCode, headers, body }: Dispatcher.ResponseData,
  out: Out,
  gone: Promise<void>,
): Promise<void> {
  void gone.then(() => body.destroy());
  // What ends the watch of who is gone is nobody's trouble.
  body.on('error', () => {});
  out.writeHead(statusCode, { ...kept(headers) }).flushHeaders();
  await toll.at(call, 'answered');
  const wire: Wire = {
    write: (frame) => void out.write(frame),
    cut: () => void out.socket?.resetAndDestroy(),
  };
  const write = toll.frames?.(call, wire) ?? wire.write;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) write(`${line}\n`);
  }
  out.end();
}

/* ------------------------------------------------------------------------- http */

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Of one connection; and answers are read here, so they are not to be packed. */
const HOP_BY_HOP = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
]);

/** `host` stays: it is signed. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !HOP_BY_HOP.has(name))
      .map(([name, value]) => [name, String(value)]),
  );
}

function kept(headers: Dispatcher.ResponseData['headers']) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}
