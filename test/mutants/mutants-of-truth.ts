/** Bugs of who holds what, of what is said of it, and of when somebody looks again. */
import { edit, type Mutant, without } from './mutant.ts';

const CLAIMS = 'src/core/claims.ts';
const CLAIMANTS = 'src/core/claimants.ts';
const LINE_UP = 'src/reconcile/line-up.ts';
const PARKING = 'src/core/parking.ts';
const SETTLED = 'src/core/settled.ts';
const AUDITOR = 'src/auditor.ts';

export const MUTANTS_OF_TRUTH: readonly Mutant[] = [
  {
    name: 'uid-not-checked',
    bug: 'The records of a former object of that name count as ours.',
    edits: [
      edit('src/api/parse.ts', 'const ours = status.recordUID === uid;', 'const ours = true;'),
    ],
    killedBy: ['core', 'e2e/hand-edited-status', 'model'],
  },
  {
    name: 'claim-by-name',
    bug: 'Of two resources the first by name holds the identity, not the older one.',
    edits: [
      edit(CLAIMANTS, 'one.createdAt !== other.createdAt', 'one.key !== other.key'),
      edit(CLAIMANTS, 'one.createdAt < other.createdAt', 'one.key < other.key'),
    ],
    killedBy: ['core', 'reconcile'],
  },
  {
    name: 'claim-let-go-too-early',
    bug: 'A holder that is being deleted holds no more, though its server is still there.',
    edits: [edit(CLAIMANTS, 'return !leaving || finalizerIsSet;', 'return !leaving;')],
    killedBy: ['core', 'model'],
  },
  {
    name: 'record-in-flight-not-counted',
    bug: 'A record that is being written does not count as one.',
    edits: [
      without(
        CLAIMS,
        'if (named) named.assumed = new Map(named.assumed).set(uid, resourceVersion);',
      ),
    ],
    killedBy: ['core', 'model'],
  },
  {
    name: 'rivals-not-read-live',
    bug: 'A contested identity is decided on what the watch said.',
    edits: [
      edit(
        CLAIMS,
        "if (named === undefined || named.claimants.length < 2) return 'Confirmed';",
        "if (named === undefined || named.claimants.length > 0) return 'Confirmed';",
      ),
    ],
    killedBy: ['core', 'model'],
  },
  {
    name: 'rivals-not-woken',
    bug: 'Nobody tells the next one when an identity changes hands.',
    edits: [
      edit(
        'src/core/trigger.ts',
        'return rivalsOf(claims, changed, self);',
        'return rivalsOf(claims, changed.slice(2), self);',
      ),
    ],
    killedBy: ['core', 'model'],
  },
  {
    name: 'scope-order-compared',
    bug: 'The order of scopes is a difference.',
    edits: [without('src/core/drift.ts', '    .sort(byName)\n')],
    killedBy: ['core', 'laws', 'e2e/drift'],
  },
  {
    name: 'hash-of-another-version-believed',
    bug: 'A hash that was made by other rules is evidence.',
    edits: [
      edit(
        'src/core/drift.ts',
        'return hash.startsWith(HASH_VERSION);',
        "return hash.includes(':');",
      ),
    ],
    killedBy: ['core', 'laws'],
  },
  {
    name: 'status-echo',
    bug: 'The time of a condition moves with each report, and each report asks for the next.',
    edits: [
      edit(
        'src/api/conditions.ts',
        'known?.status === next.status ? known.lastTransitionTime : now;',
        'now;',
      ),
    ],
    killedBy: ['core', 'laws', 'simulation'],
  },
  {
    name: 'own-write-is-news',
    bug: 'The echo of our own write asks for another run.',
    edits: [
      edit(
        'src/memory/memory.ts',
        'return isOurs ? { ...before, status, finalizers } : before;',
        'return before;',
      ),
    ],
    killedBy: ['reconcile', 'simulation'],
  },
  {
    name: 'foreign-conditions-dropped',
    bug: 'Conditions of others disappear from status.',
    edits: [
      edit(
        'src/api/conditions.ts',
        'if (!isOurs(each.type)) return [each];',
        'if (!isOurs(each.type)) return [];',
      ),
    ],
    killedBy: ['core', 'laws', 'e2e/creation'],
  },
  {
    name: 'sync-acknowledged-unseen',
    bug: 'A sync request is acknowledged by a run that did not look.',
    edits: [edit('src/core/status.ts', 'said && view.climb.looked ?', 'said ?')],
    killedBy: ['core', 'e2e/converging'],
  },
  {
    name: 'ready-while-a-record-is-pending',
    bug: 'While a call is under way status says Ready=True.',
    edits: [
      edit(
        'src/core/rows.ts',
        "return leaving ? DELETING : working('Progressing');",
        'return leaving ? DELETING : SYNCED;',
      ),
    ],
    killedBy: ['core', 'laws', 'model'],
  },
  {
    name: 'failed-check-told',
    bug: 'A check that failed takes Ready away, in each of 25,000 resources.',
    edits: [
      edit(
        'src/core/rows.ts',
        "return outcome.mutation ? working('ProgressingWithRetry') : UNCHANGED;",
        "return outcome.operation ? working('ProgressingWithRetry') : UNCHANGED;",
      ),
    ],
    killedBy: ['core', 'e2e/outages'],
  },
  {
    name: 'stranger-named',
    bug: 'Who holds an identity in another namespace is told by name.',
    edits: [
      edit(
        'src/core/messages.ts',
        'return holder.namespace === resource.namespace',
        'return holder.namespace.length > 0',
      ),
    ],
    killedBy: ['core', 'e2e/identity'],
  },
  {
    name: 'backoff-without-a-cap',
    bug: 'Delays double for ever.',
    edits: [
      edit(
        'src/core/backoff.ts',
        'const ceiling = Math.min(policy.baseMs * 2 ** doublings, policy.maxMs);',
        'const ceiling = policy.baseMs * 2 ** doublings;',
      ),
    ],
    killedBy: ['core', 'laws'],
  },
  {
    name: 'refusal-retried-at-once',
    bug: 'What only the user can mend is tried again and again.',
    edits: [
      edit(
        'src/core/outcome.ts',
        "    case 'Rejected':\n      return { kind: 'Again', policy: HOURLY };",
        "    case 'Rejected':\n      return { kind: 'Now' };",
      ),
    ],
    killedBy: ['core', 'simulation', 'e2e/refusals'],
  },
  {
    name: 'fight-without-an-end',
    bug: 'An Update that somebody keeps undoing is repeated for ever.',
    edits: [
      edit(
        'src/core/attempts.ts',
        'if (updates.wish !== wish || !updates.fight) return true;',
        'if (updates.wish !== wish || updates.fight) return true;',
      ),
    ],
    killedBy: ['core', 'e2e/converging'],
  },
  {
    name: 'probe-dies-with-its-key',
    bug: 'Nobody probes in the place of a key that is gone, and all that wait, wait for ever.',
    edits: [without(PARKING, '    if (queue.keys[0] === key) wake.push(next);\n')],
    killedBy: ['core', 'laws'],
  },
  {
    name: 'place-lost-by-asking-again',
    bug: 'Who asks a full pool once more stands behind all that came later.',
    edits: [
      edit(
        LINE_UP,
        'wantsSlot(outcome) ? stopAsking(before, run.key) : leave(before, run.key)',
        'leave(before, run.key)',
      ),
    ],
    killedBy: ['reconcile', 'e2e/quota'],
  },
  {
    name: 'herd-at-a-free-slot',
    bug: 'One free slot wakes all that wait for one.',
    edits: [
      edit(
        PARKING,
        'return quota.keys.slice(0, Math.max(slots, 0));',
        'return quota.keys.slice(Math.min(slots, 0));',
      ),
    ],
    killedBy: ['core', 'laws'],
  },
  {
    name: 'drift-not-noticed',
    bug: 'A sweep that sees a difference leaves what is Synced alone.',
    edits: [
      edit(
        SETTLED,
        'return equal && isHeld(resource) && isComplete(resource, account);',
        'return isHeld(resource) && isComplete(resource, account);',
      ),
    ],
    killedBy: ['core', 'model', 'e2e/drift'],
  },
  {
    name: 'edit-missed-by-the-sweep',
    bug: 'A sweep leaves alone what was not yet reported for its generation.',
    edits: [
      without(SETTLED, '  if (status.observedGeneration !== resource.generation) return false;\n'),
    ],
    killedBy: ['core', 'reconcile'],
  },
  {
    name: 'half-a-sweep-counts',
    bug: 'The first page of a pool is taken for the whole pool.',
    edits: [
      edit(
        AUDITOR,
        'if (begun.nextToken === undefined) return whenComplete(around, run, pool, begun);',
        'return whenComplete(around, run, pool, begun);',
      ),
    ],
    killedBy: ['e2e/lists', 'simulation'],
  },
  {
    name: 'sweep-wakes-nobody',
    bug: 'Those who wait for the first sweep of a pool are not told of its end.',
    edits: [
      edit(
        AUDITOR,
        `  run.deserving.push(...wakeWaiting(around, pool));
  ports.metrics.count('cognito_operator_sweeps_total', { result: 'Complete' });`,
        "  ports.metrics.count('cognito_operator_sweeps_total', { result: 'Complete' });",
      ),
    ],
    killedBy: ['model', 'simulation'],
  },
  {
    name: 'old-page-over-new-look',
    bug: 'What a sweep saw before our own look replaces what we saw.',
    edits: [
      without('src/memory/sweeps.ts', 'if (seen.requestedAtMs > sinceMs) note(pool, id, seen);'),
    ],
    killedBy: ['simulation', 'model'],
  },
];
