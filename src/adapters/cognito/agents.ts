/**
 * Connections to AWS. Nothing leaves on one that was made too late: a process that stood still
 * meanwhile, a paused machine say, may have asked its guard long ago, and lead no longer.
 *
 * Not through a proxy: there only the connection to the proxy is in time.
 */
import http from 'node:http';
import https from 'node:https';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../../ports.ts';

export interface AgentsOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly connectTimeoutMs: number;
  /** Idle for longer, a connection is not used again: resets stay rare. */
  readonly idleSocketMs: number;
  readonly proxyEnvironment: Readonly<Record<string, string | undefined>>;
}

export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/**
 * No limit on sockets: the gate bounds the calls, and none may wait here after its guard.
 *
 * @throws when a proxy has no address; Node's own words repeat it with user and password
 */
export function createAgents(options: AgentsOptions): Agents {
  const agent = {
    keepAlive: true,
    timeout: options.idleSocketMs,
    maxSockets: Number.POSITIVE_INFINITY,
    proxyEnv: options.proxyEnvironment,
  };
  const agents = agentsOf(agent);
  bePunctual(agents.httpAgent, options);
  bePunctual(agents.httpsAgent, options);
  return agents;
}

function agentsOf(options: https.AgentOptions): Agents {
  try {
    return { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
  } catch {
    throw new Error('the variable HTTPS_PROXY or HTTP_PROXY holds no URL of a proxy');
  }
}

function bePunctual(agent: http.Agent, options: AgentsOptions): void {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (given, created) => {
    const socket = create(given, created);
    if (socket instanceof Socket) holdBack(socket, options);
    return socket;
  };
}

/** What is written waits for the connection, and is dropped with one that comes too late. */
function holdBack(socket: Socket, { clock, connectTimeoutMs }: AgentsOptions): void {
  const startedAtMs = clock.monotonicMs();
  socket.cork();
  socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
    if (clock.monotonicMs() - startedAtMs <= connectTimeoutMs) socket.uncork();
    else socket.destroy(tooLate());
  });
}

/** As the kernel says it. */
function tooLate(): Error {
  const error = new Error('the connection was made too late, nothing was sent');
  return Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect' });
}
