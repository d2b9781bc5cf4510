/**
 * What a kubelet and Prometheus ask for: /healthz, /readyz and /metrics, over plain HTTP. Every pod
 * of the cluster may reach it, so nobody can hold it: who comes last is served, and who has been
 * connected for longest makes room; a page costs one rendering, however many ask for it at once.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Why not, in one line; `undefined` when all is well. */
export type Check = () => string | undefined;

export interface Page {
  readonly contentType: string;
  render(): Promise<string>;
}

export interface Address {
  /** 0 takes any free port. */
  readonly port: number;
  /** All addresses when `undefined`. */
  readonly host: string | undefined;
}

export type Started =
  | { readonly kind: 'Started'; readonly port: number; close(): Promise<void> }
  | { readonly kind: 'Refused'; readonly message: string };

interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

type Route = () => Promise<Reply>;

const TEXT = 'text/plain; charset=utf-8';
const LIMITS = {
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
};
export const CONNECTIONS_MAX = 100;

/** Live: restart me if not. Ready: send nothing here if not. */
export function startProbes(address: Address, live: Check, ready: Check): Promise<Started> {
  return start(address, new Map([route('/healthz', live), route('/readyz', ready)]));
}

export function startMetricsPage(address: Address, page: Page): Promise<Started> {
  const rendering = sharing(() => page.render());
  const render = async (): Promise<Reply> => {
    return { status: 200, contentType: page.contentType, body: await rendering() };
  };
  return start(address, new Map([['/metrics', render]]));
}

/** Who asks while there is an answer on its way gets the same one. */
function sharing<T>(ask: () => Promise<T>): () => Promise<T> {
  const memory: { asked: Promise<T> | undefined } = { asked: undefined };
  return () => {
    memory.asked ??= ask().finally(() => {
      memory.asked = undefined;
    });
    return memory.asked;
  };
}

function route(path: string, check: Check): [string, Route] {
  return [
    path,
    async () => {
      const problem = check();
      return problem === undefined ? text(200, 'ok') : text(503, problem);
    },
  ];
}

function start({ port, host }: Address, routes: ReadonlyMap<string, Route>): Promise<Started> {
  const server = createServer(LIMITS, (request, response) => {
    void answer(request, routes).then((reply) => send(response, reply));
  });
  server.on('connection', createRoom());
  const { promise, resolve } = Promise.withResolvers<Started>();
  // A later error is a connection that could not be accepted: who asked notices by itself.
  server.on('error', ({ message }) => resolve({ kind: 'Refused', message }));
  server.listen({ port, host }, () => {
    resolve({ kind: 'Started', port: portOf(server), close: () => close(server) });
  });
  return promise;
}

/** Takes whoever comes in; beyond so many connections the oldest is ended. */
function createRoom(): (socket: Socket) => void {
  const sockets = new Set<Socket>();
  return (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const [oldest] = sockets;
    if (sockets.size > CONNECTIONS_MAX) oldest?.destroy();
  };
}

async function answer(request: IncomingMessage, routes: ReadonlyMap<string, Route>) {
  const found = routes.get(request.url?.replace(/\?.*$/, '') ?? '');
  if (found === undefined) return text(404, `try ${[...routes.keys()].join(' or ')}`);
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'GET or HEAD');
  try {
    return await found();
  } catch (error) {
    return text(500, String(error));
  }
}

function send(response: ServerResponse, { status, contentType, body }: Reply): void {
  const headers = { 'content-type': contentType, 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(body);
}

function text(status: number, line: string): Reply {
  return { status, contentType: TEXT, body: `${line}\n` };
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

/** At once: a scrape under way is cut off. May be called twice. */
function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
