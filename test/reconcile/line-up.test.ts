/** Who stands where in the line for a slot of a full pool, after each way for a run to end. */
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { NOBODY, park } from '../../src/core/parking.ts';
import { lineUp } from '../../src/reconcile/line-up.ts';
import { DENIED } from '../core/failures.ts';
import { aResourceServer, aView, POOL } from '../support/builders.ts';
import { aDesk } from './desk.ts';

const REFUSED: Outcome = { kind: 'QuotaReached', held: 25 };
const older = aResourceServer().finalized().named('older').identifiedAs('older');
const younger = aResourceServer().finalized().named('younger').identifiedAs('younger');

function aLine() {
  const { around, run } = aDesk(older, younger);
  const end = (of: typeof older, outcome: Outcome) =>
    lineUp(around, { ...run, key: of.parsed().key }, aView(of).view(), outcome);
  const names = () =>
    around.memory.parkingOf(POOL).quota.keys.map((each) => each.replace(/^.*\//, ''));
  end(older, REFUSED);
  end(younger, REFUSED);
  return { around, run, end, names };
}

test('whoever was refused first is first', () => {
  expect(aLine().names()).toEqual(['older', 'younger']);
});

const GOES_ON: readonly Outcome[] = [
  REFUSED,
  { kind: 'Conflict' },
  { kind: 'Waiting', for: 'Sweep' },
  { kind: 'Waiting', for: 'Lane', mutation: true, waitedMs: 0 },
  { kind: 'Waiting', for: 'Late', remainingMs: 1 },
  { kind: 'Waiting', for: 'Rivals', remainingMs: 1 },
  { kind: 'Waiting', for: 'Rival' },
];

test.each(GOES_ON)('whoever is first keeps its place with %o', (outcome) => {
  const { end, names } = aLine();
  end(older, outcome);
  end(older, REFUSED);
  expect(names()).toEqual(['older', 'younger']);
});

const ENDS: readonly Outcome[] = [
  { kind: 'Synced' },
  { kind: 'Paused' },
  { kind: 'Released' },
  { kind: 'Blocked', because: 'Paused' },
  { kind: 'Refused', reason: 'InvalidSpec', problems: [] },
  { kind: 'Waiting', for: 'Holder', holder: { key: 'x/y', namespace: 'x', leaving: true } },
  { kind: 'Unavailable', mutation: true, operation: 'Create', message: 'no answer' },
];

test.each(ENDS)('whoever is first loses its place with %o', (outcome) => {
  const { end, names } = aLine();
  end(older, outcome);
  expect(names()).toEqual(['younger']);
});

test('whoever is refused for want of a slot does not probe any more', () => {
  const { around, run, end, names } = aLine();
  const [first, second] = [older, younger].map((each) => each.parsed().key);
  const probing = park(NOBODY, 'Create', first ?? '', DENIED);
  const { quota } = around.memory.parkingOf(POOL);
  const { closed } = park(probing, 'Create', second ?? '', DENIED);
  around.memory.setParking(POOL, { closed, quota });
  end(older, REFUSED);
  expect(names()).toEqual(['older', 'younger']);
  expect(around.memory.parkingOf(POOL).closed.Create?.keys).toEqual([second]);
  expect(run.deserving).toEqual([{ key: second, urgency: 'Touch' }]);
});
