import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import type { KubernetesFailure } from '../../src/core/failure.ts';
import { learn } from '../../src/core/learn.ts';
import { stopOutcome } from '../../src/core/outcome.ts';
import type { Succession } from '../../src/core/view.ts';
import { aHolder, aResourceServer, aView, NOW_MS, type ViewBuilder } from '../support/builders.ts';
import { type Rung, wordOf } from './decisions.ts';
import { FORBIDDEN, NO_ANSWER } from './failures.ts';

const HEIR = { key: 'identity/heir', uid: 'uid-of-heir' };
const NOBODY: Succession = { heir: undefined, receiver: undefined, giver: undefined };
const giver = aResourceServer().finalized().deleting().withRemote();
const pending = giver.withPending('HandOver', { to: HEIR.uid });

function waiting(view: ViewBuilder): ViewBuilder {
  return view.with({ succession: { ...NOBODY, heir: HEIR } });
}

function received(view: ViewBuilder): ViewBuilder {
  return view.with({ succession: { ...NOBODY, receiver: HEIR.key } });
}

function inheriting(view: ViewBuilder): ViewBuilder {
  return view.with({ succession: { ...NOBODY, giver: aHolder({ leaving: true }) } });
}

const heir = aResourceServer().named('heir').finalized().withRemote({ from: 'uid-of-giver' });

const GIVER: readonly Rung[] = [
  {
    name: 'nobody waits',
    given: aView(giver).described(),
    want: 'RecordPending(Delete)',
    because: 'there is nobody to hand over to',
  },
  {
    name: 'an heir waits',
    given: waiting(aView(giver)),
    want: 'RecordHandOver',
    because: 'a rename deletes nothing, and needs no call to Cognito',
  },
  {
    name: 'an heir waits, and deletion is not our duty',
    given: waiting(aView(giver.deletedBy('Retain'))),
    want: 'Retain: `deletionPolicy` is Retain',
    because: 'what is retained is nobody’s to give',
  },
  {
    name: 'an heir waits for one that is paused',
    given: waiting(aView(giver.paused())),
    want: 'Blocked(Paused)',
    because: 'who is paused gives nothing away',
  },
  {
    name: 'an heir waits, and who holds it is not certain yet',
    given: waiting(aView(giver).unconfirmed(NOW_MS + 1)),
    want: 'Waiting(Rivals)',
    because: 'a record of a rival may still arrive',
  },
  {
    name: 'an heir waits, and a Delete was not answered',
    given: waiting(aView(giver.withPending('Delete')).lateUntil(NOW_MS + 1)),
    want: 'Waiting(Late)',
    because: 'what is perhaps deleted is not given',
  },
  {
    name: 'the record is stored, and the heir still waits',
    given: waiting(aView(pending).climbed({ armed: true })),
    want: 'HandOver',
    because: 'record, then act',
  },
  {
    name: 'the record is stored, and the heir has gone',
    given: aView(pending).climbed({ armed: true }),
    want: 'Resolve',
    because: 'the heir is judged again when the record is answered',
  },
  {
    name: 'the record is stored, and another heir waits',
    given: waiting(
      aView(giver.withPending('HandOver', { to: 'uid-of-another' })).climbed({ armed: true }),
    ),
    want: 'Resolve',
    because: 'the record names one',
  },
  {
    name: 'a record of a former life, that may still arrive',
    given: waiting(aView(pending)).lateUntil(NOW_MS + 1),
    want: 'Waiting(Rivals)',
    because: 'what the heir was sent is waited out',
  },
  {
    name: 'a record of a former life, waited out',
    given: waiting(aView(pending).unconfirmed(NOW_MS)),
    want: 'ReadRivals',
    because: 'the rivals are read live before it goes',
  },
  {
    name: 'a record of a former life, and nobody has the server from us',
    given: waiting(aView(pending)),
    want: 'Resolve',
    because: 'it did not arrive: decide anew',
  },
  {
    name: 'a record of a former life, and another resource holds the identity',
    given: waiting(aView(pending).claimedBy(aHolder())),
    want: 'Resolve',
    because: 'who does not hold it has no rivals to read: the ladder says what it lets go of',
  },
  {
    name: 'the same, let go by Retain',
    given: aView(pending.deletedBy('Retain')).lateUntil(NOW_MS + 1),
    want: 'Waiting(Rivals)',
    because: 'letting go waits for it too',
  },
  {
    name: 'somebody has it from us',
    given: received(aView(pending)),
    want: 'HandedOver: identity/heir',
    because: 'who has given only lets go',
  },
  {
    name: 'somebody has it from us, and we are paused, and keep it, and only observe',
    given: received(aView(pending.paused().deletedBy('Retain').observing())),
    want: 'HandedOver: identity/heir',
    because: 'whatever is said of the giver',
  },
  {
    name: 'somebody has it from us, and a rival waits',
    given: aView(giver).with({
      succession: { ...NOBODY, heir: { key: 'identity/third', uid: 'third' }, receiver: HEIR.key },
    }),
    want: 'HandedOver: identity/heir',
    because: 'it is given once',
  },
];

const RECEIVER: readonly Rung[] = [
  {
    name: 'in life',
    given: inheriting(aView(heir)).claimedBy(aHolder({ leaving: true })),
    want: 'Waiting(Holder)',
    because: 'the giver is there: it makes no call',
  },
  {
    name: 'deleted',
    given: inheriting(aView(heir.deleting()).described()),
    want: 'Waiting(Holder)',
    because: 'the giver, which sees no receiver, would delete the server',
  },
  {
    name: 'deleted, and to be retained',
    given: inheriting(aView(heir.deleting().deletedBy('Retain'))),
    want: 'Waiting(Holder)',
    because: 'it does not let go either',
  },
  {
    name: 'deleted when the giver has gone',
    given: aView(heir.deleting()).described(),
    want: 'RecordPending(Delete)',
    because: 'from then on it is its own',
  },
];

describe.each([
  ['who leaves', GIVER],
  ['who has received', RECEIVER],
] as const)('the hand-over of %s', (_, rungs) => {
  test.each(rungs)('$name: $want, for $because', ({ given, want }) => {
    expect(wordOf(given)).toBe(want);
  });
});

function after(failure: KubernetesFailure) {
  const view = waiting(aView(pending).climbed({ armed: true })).view();
  return learn(view, { kind: 'Stopped', stop: { kind: 'WriteFailed', of: 'Heir', failure } });
}

describe('what the heir was sent', () => {
  test('is over when it was refused', () => {
    expect(after(FORBIDDEN).records.pending).toBeUndefined();
    expect(after({ kind: 'Conflict' }).records.pending).toBeUndefined();
  });

  test('stays recorded when nobody answered', () => {
    const view = after(NO_ANSWER);
    expect(view.records.pending).toMatchObject({ operation: 'HandOver' });
    expect(view.climb.armed).toBe(false);
  });

  test('found no heir any more: decided anew, the giver is still there', () => {
    expect(stopOutcome(after({ kind: 'Gone' }))).toEqual({ kind: 'Conflict' });
  });

  test('arrived: the next step is to let go', () => {
    const view = waiting(aView(pending).climbed({ armed: true })).view();
    const given = learn(view, { kind: 'HandedOver' });
    expect(given.climb.armed).toBe(false);
    const { action } = expectPerform(received(aView(pending)).view());
    expect(action).toMatchObject({ kind: 'RemoveFinalizer' });
  });
});

function expectPerform(view: Parameters<typeof decide>[0]) {
  const decision = decide(view);
  if (decision.kind === 'Settle') throw new Error(`settled ${decision.outcome.kind}`);
  return decision;
}

test.each([
  { name: 'the heir has gone', given: aView(pending).climbed({ armed: true }) },
  { name: 'nobody has received', given: waiting(aView(pending)) },
])('a record that goes because $name takes nothing of what is owned with it', ({ given }) => {
  const { remote } = giver.parsed();
  expect(remote).toBeDefined();
  expect(expectPerform(given.view()).action).toEqual({
    kind: 'Resolve',
    records: { remote, pending: undefined },
    effect: undefined,
  });
});

test('that a living resource records is none: only who leaves hands over', () => {
  const living = aResourceServer().finalized().withRemote().withPending('HandOver');
  expect(wordOf(aView(living))).toBe('Resolve');
});
