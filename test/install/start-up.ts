/**
 * How long a container of the operator takes from its start until it says that it is ready, as
 * the machine on which it runs sees it.
 */
import { waitFor } from '../support/wait.ts';
import { operatorProcesses, textOf } from './processes.ts';

/** Of `/proc`, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PROBES_PORT = 8081;

/**
 * Of the first process beside these: milliseconds until `/readyz` of its pod said yes, less those
 * in which it could have run and others had the cores of this machine.
 */
export async function untilNextIsReady(others: readonly string[]): Promise<number> {
  const next = await waitFor('an operator to start', () =>
    operatorProcesses().find((each) => !others.includes(each)),
  );
  const address = await waitFor('its address', () => addressOf(next));
  await waitFor('it to be ready', () => isReady(`http://${address}:${PROBES_PORT}/readyz`));
  return ageMs(next) - waitsForCoreMs(next);
}

async function isReady(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(500) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Of its network namespace, other than loopback. */
function addressOf(processId: string): string | undefined {
  const lines = textOf(`/proc/${processId}/net/fib_trie`).split('\n');
  const locals = lines.flatMap((line, at) =>
    line.includes('/32 host LOCAL') ? [lines[at - 1]?.replace(/^.*-- /, '') ?? ''] : [],
  );
  return locals.find((each) => !each.startsWith('127.'));
}

function ageMs(processId: string): number {
  const [, afterName = ''] = textOf(`/proc/${processId}/stat`).split(') ');
  const startedAt = Number(afterName.split(' ')[19]) / TICKS_PER_SECOND;
  const [now] = textOf('/proc/uptime').split(' ');
  return 1000 * (Number(now) - startedAt);
}

/** Of its main thread, https://docs.kernel.org/scheduler/sched-stats.html: nanoseconds. */
function waitsForCoreMs(processId: string): number {
  const [, delay = '0'] = textOf(`/proc/${processId}/schedstat`).split(' ');
  return Number(delay) / 1e6;
}
