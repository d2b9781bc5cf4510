/** A plain HTTP server on loopback whose bytes a test chooses itself. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';

export interface RawServer {
  readonly url: string;
  /** Connections ever opened. */
  readonly connections: number;
  /** Requests whose head arrived. */
  readonly requests: readonly IncomingMessage[];
  close(): Promise<void>;
}

export async function startRawServer(listener: RequestListener): Promise<RawServer> {
  const requests: IncomingMessage[] = [];
  const count = { connections: 0 };
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requests.push(request);
    listener(request, response);
  });
  server.on('connection', () => {
    count.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get connections() {
      return count.connections;
    },
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The address of a port that nobody listens on. */
export async function unusedUrl(): Promise<string> {
  const server = await startRawServer(() => {});
  await server.close();
  return server.url;
}
