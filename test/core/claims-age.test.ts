/** Age is all that counts between two resources that are alike: not a name, nor who came first. */
import { describe, expect, test } from 'vitest';
import { claimantOf, holderOf } from '../../src/core/claimants.ts';
import { aResourceServer } from '../support/builders.ts';

const elder = aResourceServer().named('zebra').finalized().createdAt('2026-01-01T00:00:00Z');
const younger = aResourceServer().named('aardvark').finalized().createdAt('2026-01-02T00:00:00Z');

describe('of two resources the older one holds, whatever they are called', () => {
  test.each([
    { name: 'without a record', pair: [elder, younger] },
    { name: 'with a record', pair: [elder.withRemote(), younger.withRemote()] },
    { name: 'with a pending one', pair: [elder.withPending('Create'), younger.withRemote()] },
    { name: 'in another namespace', pair: [elder.inNamespace('z'), younger.inNamespace('a')] },
    { name: 'with a later UID', pair: [elder.withUid('z'), younger.withUid('a')] },
  ])('$name', ({ pair }) => {
    const claimants = pair.map((each) => claimantOf(each.parsed()));
    const uid = claimants[0]?.uid;
    expect(holderOf(claimants)?.uid).toBe(uid);
    expect(holderOf(claimants.toReversed())?.uid).toBe(uid);
  });
});
