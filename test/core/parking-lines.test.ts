/** Each operation on a pool has a line of its own, and a key may stand in several. */
import { describe, expect, test } from 'vitest';
import { closedFor, isEmpty, leave, NOBODY, park, probes } from '../../src/core/parking.ts';
import { DENIED } from './failures.ts';

describe.each(['List', 'Describe', 'Create', 'Update', 'Delete'] as const)('%s', (operation) => {
  const parked = park(park(NOBODY, operation, 'a', DENIED), operation, 'b', DENIED);

  test('is probed by nobody while it is open', () => {
    expect(probes(NOBODY, operation, 'a')).toBe(false);
  });

  test('is closed for all but the one that probes', () => {
    expect(closedFor(parked, 'a')).toEqual({});
    expect(closedFor(parked, 'b')).toEqual({ [operation]: DENIED });
    expect(isEmpty(parked)).toBe(false);
  });

  test('is probed by the next when the first leaves, and open when all have left', () => {
    const { parking, wake } = leave(parked, 'a');
    expect(wake).toEqual(['b']);
    expect(probes(parking, operation, 'b')).toBe(true);
    expect(isEmpty(leave(parking, 'b').parking)).toBe(true);
  });
});
