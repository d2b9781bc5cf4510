/** Settings of operators under test: times so short that tests can wait for them. */
import type { Flags } from './launch.ts';

/**
 * What `settings.ts` asserts between them holds. Deadlines and the Lease keep their defaults: a
 * machine that stands still for seconds must neither leave a call unanswered nor end a term.
 */
export const SCALED: Flags = {
  late: '5s',
  resync: '5s',
  'metrics-port': '0',
  'probes-port': '0',
  'bind-address': '127.0.0.1',
  'log-level': 'debug',
};

/** For tests of many failovers, which bear that a term or two are lost to a busy machine. */
export const SHORT_LEASE: Flags = {
  'lease-duration': '8s',
  'renew-deadline': '6s',
  'retry-period': '500ms',
};
