/** The one port of a server: open, closed for a while, open again. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listener {
  readonly url: string;
  /** Cuts all connections and refuses new ones. */
  close(): Promise<void>;
  /** Listens again, on the same port. */
  reopen(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Port 0 takes a free one. */
export async function listen(server: Server, port: number): Promise<Listener> {
  const open = async (wanted: number): Promise<void> => {
    server.listen(wanted, LOOPBACK);
    await once(server, 'listening');
  };
  await open(port);
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${LOOPBACK}:${taken}`,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    reopen: async () => {
      if (!server.listening) await open(taken);
    },
  };
}
