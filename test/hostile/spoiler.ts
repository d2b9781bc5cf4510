/**
 * A server on loopback that plays scripts, byte by byte, and passes on whatever it has no script
 * for. So a hostile Cognito, or API server, stands in front of a good one.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Script } from './script.ts';

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Asked for each request; `undefined` passes it on. */
export type Choose = (asked: Asked) => Script | undefined;

export interface Spoiler {
  readonly url: string;
  /**
   * What clients in this process have read of its answers. More may have left: what nobody reads
   * waits in the kernel, which grows its buffers to tens of mebibytes.
   */
  readonly readBytes: number;
  /** Scripts that were played. */
  readonly played: number;
  choose: Choose;
  /** Writes into the answers that are being passed on, of requests that match. */
  inject(text: string | Uint8Array, matches: (asked: Asked) => boolean): number;
  close(): Promise<void>;
}

/** @param behind the good one; without it everything needs a script */
export async function startSpoiler(choose: Choose, behind?: string): Promise<Spoiler> {
  const passing = new Map<ServerResponse, Asked>();
  let played = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    void serve(message, response);
  });
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/' } = message;
    const headers = headersOf(message);
    const asked = { method, path, headers, body: await textOf(message) };
    const script = spoiler.choose(asked);
    if (script === undefined) return passOn(asked, response, behind, passing);
    played += 1;
    await play(script, message.socket);
  };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const readers = observeReaders(port);
  const spoiler: Spoiler = {
    url: `http://127.0.0.1:${port}`,
    get readBytes() {
      return readers.bytes();
    },
    get played() {
      return played;
    },
    choose,
    inject(text, matches) {
      const hit = [...passing].filter(([, asked]) => matches(asked));
      for (const [response] of hit) response.write(text);
      return hit.length;
    },
    async close() {
      readers.close();
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
  return spoiler;
}

/** Neither client of ours sends a header twice. */
function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString();
}

/** The client's end of each connection to the port. */
function observeReaders(port: number) {
  const sockets: Socket[] = [];
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.once('connect', () => {
      if (socket.remotePort === port) sockets.push(socket);
    });
  };
  subscribe(CLIENT_SOCKET, onSocket);
  return {
    bytes: () => sockets.reduce((bytes, { bytesRead }) => bytes + bytesRead, 0),
    close: () => void unsubscribe(CLIENT_SOCKET, onSocket),
  };
}

/** Where Node.js tells of each socket of a client. */
const CLIENT_SOCKET = 'net.client.socket';

async function play({ bytes, ending }: Script, socket: Socket): Promise<void> {
  // Whoever hangs up in the middle has had enough, which is what is to be seen.
  socket.on('error', () => {});
  for (const piece of bytes) {
    if (socket.destroyed) return;
    const isTaken = socket.write(piece);
    if (!isTaken) await drained(socket);
  }
  if (ending === 'Closed') socket.end();
  if (ending === 'Reset') socket.resetAndDestroy();
}

function drained(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const go = (): void => {
    socket.off('drain', go);
    socket.off('close', go);
    resolve();
  };
  socket.on('drain', go);
  socket.on('close', go);
  return promise;
}

function passOn(
  asked: Asked,
  response: ServerResponse,
  behind: string | undefined,
  passing: Map<ServerResponse, Asked>,
): void {
  if (behind === undefined) throw new Error(`no script for ${asked.method} ${asked.path}`);
  const { method, path, headers, body } = asked;
  const onward = request(`${behind}${path}`, { method, headers, agent: false });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    passing.set(response, asked);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => {
    passing.delete(response);
    onward.destroy();
  });
  onward.end(body);
}
