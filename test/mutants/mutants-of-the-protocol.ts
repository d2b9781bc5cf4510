/** Bugs of the ladders and of the records: what is done, and in which order. */
import { edit, type Mutant, without } from './mutant.ts';

const DECIDE = 'src/core/decide.ts';
const RUNGS = 'src/core/rungs.ts';
const LEARN = 'src/core/learn.ts';
const RESOLVE = 'src/core/resolve.ts';
const ATTEMPTS = 'src/core/attempts.ts';
const WRITES = 'src/reconcile/writes.ts';

export const MUTANTS_OF_THE_PROTOCOL: readonly Mutant[] = [
  {
    name: 'record-skipped',
    bug: 'A call is made without a record of it.',
    edits: [
      edit(
        'src/core/steps.ts',
        "return call(view, operation, { kind: 'RecordPending', operation, hash });",
        `const { desired } = view.resource;
  if (operation !== 'Delete' && desired) return perform({ kind: operation, desired });
  return call(view, operation, { kind: 'RecordPending', operation, hash });`,
      ),
    ],
    killedBy: ['core', 'laws', 'model'],
  },
  {
    name: 'record-written-after-the-call',
    bug: 'The record of a call is written together with what came of it.',
    edits: [
      edit(
        WRITES,
        'const written = await writeRecord(around, run, view, { ...view.records, pending });',
        'const written = answered({ ...view.resource, pending });',
      ),
    ],
    killedBy: ['model', 'simulation'],
  },
  {
    name: 'finalizer-set-too-late',
    bug: 'The finalizer is set by whoever deletes, not by whoever creates.',
    edits: [without(DECIDE, '  { fact: finalizerIsSet, otherwise: addFinalizer },\n')],
    killedBy: ['core', 'laws', 'model'],
  },
  {
    name: 'finalizer-removed-before-the-delete-is-known',
    bug: 'A Delete that failed lets the resource go.',
    edits: [
      edit(
        LEARN,
        'return stopped(ended, stop);',
        `if (stop.during !== 'Delete') return stopped(ended, stop);
  return { ...ended, climb: { ...ended.climb, deleted: true } };`,
      ),
    ],
    killedBy: ['laws', 'model', 'simulation'],
  },
  {
    name: 'quarantine-skipped',
    bug: 'Nobody waits until an unanswered request can land no more.',
    edits: [edit(RUNGS, 'return nowMs >= lateUntilMs;', 'return true;')],
    killedBy: ['core', 'model', 'laws'],
  },
  {
    name: 'quarantine-ended-by-an-old-look',
    bug: 'What was seen while the request could still land decides what became of it.',
    edits: [without(RESOLVE, "  if (!isSeenLate(observation, view)) return { kind: 'Look' };\n")],
    killedBy: ['core', 'model'],
  },
  {
    name: 'quarantine-forgotten-by-the-next-leader',
    bug: 'What a former leader sent is not waited for.',
    edits: [
      edit(
        ATTEMPTS,
        'if (!isRemembered) return termStartedAtMs + lateMs;',
        'if (!isRemembered) return termStartedAtMs;',
      ),
    ],
    killedBy: ['core', 'model'],
  },
  {
    name: 'delete-repeated-under-its-own-record',
    bug: 'A Delete without an answer is sent again; a throttle of that clears the record of both.',
    edits: [
      edit(
        RUNGS,
        'pendingIsResolved(view) || isWaitedOut(view);',
        "view.records.pending?.operation === 'Delete' || isWaitedOut(view);",
      ),
      edit(
        DECIDE,
        '  { fact: pendingIsResolved, otherwise: resolvePending },\n  { fact: nobodyInherits,',
        `  {
    fact: (view) => pendingIsResolved(view) || view.records.pending?.operation === 'Delete',
    otherwise: resolvePending,
  },
  { fact: nobodyInherits,`,
      ),
    ],
    killedBy: ['core', 'laws', 'model'],
  },
  {
    name: 'record-cleared-by-silence',
    bug: 'A call without an answer counts as refused.',
    edits: [
      edit(
        'src/core/failure.ts',
        "    case 'Unanswered':\n      return 'StaysUntilLate';",
        "    case 'Unanswered':\n      return 'Cleared';",
      ),
    ],
    killedBy: ['core', 'laws', 'model'],
  },
  {
    name: 'origin-taken-from-the-remote',
    bug: 'Under a pending Create the origin of an older record decides whether to delete.',
    edits: [
      edit(
        RUNGS,
        "return records.remote?.origin === 'Created' || records.pending?.operation === 'Create';",
        `return records.remote === undefined
    ? records.pending?.operation === 'Create'
    : records.remote.origin === 'Created';`,
      ),
    ],
    killedBy: ['core', 'laws'],
  },
  {
    name: 'retain-lets-go-at-once',
    bug: 'Who retains does not wait for what may still land.',
    edits: [
      edit(
        DECIDE,
        `  { fact: recordIsCold, otherwise: waitOut },
  { fact: deletionIsOurDuty, otherwise: (view) => retain(retention(view)) },`,
        `  { fact: deletionIsOurDuty, otherwise: (view) => retain(retention(view)) },
  { fact: recordIsCold, otherwise: waitOut },`,
      ),
    ],
    killedBy: ['core', 'model', 'laws'],
  },
  {
    name: 'pause-ignored-by-a-deletion',
    bug: 'A paused resource that is deleted deletes its server.',
    edits: [
      without(DECIDE, "  { fact: isNotPaused, otherwise: () => settle(blocked('Paused')) },\n"),
    ],
    killedBy: ['core', 'e2e/pause', 'simulation'],
  },
  {
    name: 'observer-writes',
    bug: '`managementPolicy: Observe` is worked on like any other.',
    edits: [
      edit(
        RUNGS,
        "isEnforced: Fact = ({ resource }) => resource.managementPolicy === 'Enforce';",
        'isEnforced: Fact = () => true;',
      ),
    ],
    killedBy: ['core', 'laws', 'model'],
  },
  {
    name: 'rival-under-way-ignored',
    bug: 'Ready is said while another resource has a call of the same identity under way.',
    edits: [edit(RUNGS, 'return !pendingElsewhere;', 'return true;')],
    killedBy: ['core', 'model'],
  },
  {
    name: 'holder-not-asked-again',
    bug: 'Who holds the identity is not asked once more when the record leaves.',
    edits: [
      without(WRITES, "  if (holder !== undefined && holder.uid !== uid) return 'ClaimChanged';\n"),
    ],
    killedBy: ['reconcile', 'model'],
  },
  {
    name: 'write-without-a-guard',
    bug: 'Status is written over whatever is there.',
    edits: [
      edit(
        WRITES,
        'const patch = { metadata: { resourceVersion }, status: statusPatch(status) };',
        'const patch = { metadata: { uid }, status: statusPatch(status) };',
      ),
    ],
    killedBy: ['reconcile', 'model'],
  },
  {
    name: 'leader-not-asked',
    bug: 'A write leaves although the lease was lost while it was prepared.',
    edits: [
      edit(
        WRITES,
        'const leading: Guard = () => around.term.assertLeader() ?? guard();',
        'const leading: Guard = () => guard();',
      ),
    ],
    killedBy: ['reconcile', 'simulation'],
  },
];
