/** Settings of operators under test: times so short that tests can wait for them. */
import type { Flags } from './launch.ts';

/**
 * What `settings.ts` asserts between them holds. The Lease keeps its defaults: a machine that is
 * busy with other tests must not end a term.
 */
export const SCALED: Flags = {
  'call-deadline': '1500ms',
  late: '2s',
  resync: '5s',
  'kubernetes-deadline': '2s',
  'list-deadline': '5s',
  'shutdown-grace': '5s',
  'metrics-port': '0',
  'probes-port': '0',
  'bind-address': '127.0.0.1',
  'log-level': 'debug',
};

/** For tests that wait a Lease out. */
export const SHORT_LEASE: Flags = {
  'lease-duration': '5s',
  'renew-deadline': '3s',
  'retry-period': '500ms',
};
