/** What stays worth believing once a look has told what became of a call without an answer. */
import { expect, test } from 'vitest';
import { isValid } from '../../src/core/attempts.ts';
import type { Effect } from '../../src/core/view.ts';
import { resolve } from '../../src/reconcile/resolve.ts';
import { aResourceServer, aView, IDENTIFIER, POOL } from '../support/builders.ts';
import { aDesk } from './desk.ts';

const BEFORE_MS = 999;
const NOW_MS = 1_000;

/** What a sweep saw that was asked for at `askedAtMs`, and that ends now. */
function believes(effect: Effect | undefined, askedAtMs: number): boolean {
  const resource = aResourceServer().withRemote().withPending('Update', { hash: '1:x' });
  const { around } = aDesk(resource);
  const records = { remote: undefined, pending: undefined };
  resolve(around, aView(resource).view(), { kind: 'Resolve', records, effect });
  const attempts = around.memory.attemptsOf({ userPoolId: POOL, identifier: IDENTIFIER });
  const seen = { kind: 'Absent', how: 'Swept', pool: 'Answers', requestedAtMs: askedAtMs } as const;
  return isValid(seen, attempts);
}

test('a sweep that was under way when a call had landed is not', () => {
  expect(believes('Updated', BEFORE_MS)).toBe(false);
});

test('one that is asked for afterwards is', () => {
  expect(believes('Updated', NOW_MS)).toBe(true);
});

test('nothing landed: so is what was asked for before', () => {
  expect(believes(undefined, BEFORE_MS)).toBe(true);
});
