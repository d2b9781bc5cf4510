/**
 * A server on loopback that plays scripts, byte by byte, and passes on whatever it has no script
 * for. So a hostile Cognito, or API server, stands in front of a good one.
 */
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
  /** Of all scripts so far, as far as the other side took them. */
  readonly sentBytes: number;
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
  const count = { sentBytes: 0, played: 0 };
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    void serve(message, response);
  });
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/' } = message;
    const headers = headersOf(message);
    const asked = { method, path, headers, body: await textOf(message) };
    const script = spoiler.choose(asked);
    if (script === undefined) return passOn(asked, response, behind, passing);
    count.played += 1;
    await play(script, message.socket, (bytes) => void (count.sentBytes += bytes));
  };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const spoiler: Spoiler = {
    url: `http://127.0.0.1:${port}`,
    get sentBytes() {
      return count.sentBytes;
    },
    get played() {
      return count.played;
    },
    choose,
    inject(text, matches) {
      const hit = [...passing].filter(([, asked]) => matches(asked));
      for (const [response] of hit) response.write(text);
      return hit.length;
    },
    async close() {
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

async function play(
  { bytes, ending }: Script,
  socket: Socket,
  sent: (bytes: number) => void,
): Promise<void> {
  // Whoever hangs up in the middle has had enough, which is what is to be seen.
  socket.on('error', () => {});
  for (const piece of bytes) {
    if (socket.destroyed) return;
    const isTaken = socket.write(piece);
    if (!isTaken) await drained(socket);
    sent(typeof piece === 'string' ? Buffer.byteLength(piece) : piece.byteLength);
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
