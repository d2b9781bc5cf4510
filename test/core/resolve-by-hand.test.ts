/** Records that only a hand on status leaves: what lives has no Delete under way. */
import { expect, test } from 'vitest';
import { resolution } from '../../src/core/resolve.ts';
import { aResourceServer, aView } from '../support/builders.ts';

test('a living resource whose Delete has landed owns nothing any more', () => {
  const living = aResourceServer().finalized().withRemote().withPending('Delete');
  expect(resolution(aView(living).missing('Answers').view())).toEqual({
    kind: 'Resolved',
    records: { remote: undefined, pending: undefined },
    effect: undefined,
  });
});
