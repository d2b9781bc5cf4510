/** Bugs of what counts as seen, and as proof. */
import { edit, type Mutant } from './mutant.ts';

const RUNGS = 'src/core/rungs.ts';
const ATTEMPTS = 'src/core/attempts.ts';

export const MUTANTS_OF_EVIDENCE: readonly Mutant[] = [
  {
    name: 'deletion-proven-by-a-sweep',
    bug: 'That a sweep did not find the server is proof enough to let go.',
    edits: [
      edit(
        RUNGS,
        'remoteIsDescribed: Fact = (view) => isDescribed(view);',
        'remoteIsDescribed: Fact = (view) => view.observation !== undefined;',
      ),
    ],
    killedBy: ['core', 'laws', 'model'],
  },
  {
    name: 'not-found-is-proof',
    bug: 'NotFound alone lets go, without a List of the pool that answers.',
    edits: [
      edit(
        RUNGS,
        "poolSeen(view) === 'Answers' || poolIsGone(view);",
        'poolSeen(view) !== undefined || poolIsGone(view);',
      ),
    ],
    killedBy: ['core', 'laws', 'model'],
  },
  {
    name: 'proving-page-unread',
    bug: 'A server that stands on the page which proves that it is gone is not seen there.',
    edits: [
      edit(
        'src/reconcile/calls.ts',
        'servers.find((server) => server.identifier === identifier)',
        'servers.find(() => false)',
      ),
    ],
    killedBy: ['model', 'e2e/deletion'],
  },
  {
    name: 'not-found-in-the-wrong-account',
    bug: 'A pool that another account cannot see counts as gone.',
    edits: [
      edit(
        RUNGS,
        'return missing && account !== undefined && account === recorded;',
        'return missing;',
      ),
    ],
    killedBy: ['core', 'e2e/missing-pool', 'simulation'],
  },
  {
    name: 'account-recorded-unproven',
    bug: 'The account is recorded before its pool has answered.',
    edits: [
      edit(
        'src/core/status.ts',
        "const isProven = outcome.kind === 'Synced' && account !== undefined;",
        'const isProven = account !== undefined;',
      ),
    ],
    killedBy: ['core', 'e2e/missing-pool'],
  },
  {
    name: 'sweep-enough-to-update',
    bug: 'A server that a sweep calls different is overwritten without a look.',
    edits: [
      edit(
        RUNGS,
        'return isSameHash(seen.hash, desiredHash(view)) && ownsOrObserves(view);',
        'return ownsOrObserves(view);',
      ),
    ],
    killedBy: ['core', 'laws'],
  },
  {
    name: 'different-server-adopted',
    bug: '`IfMatching` takes a server that does not match.',
    edits: [
      edit(
        'src/core/verdicts.ts',
        "(policy === 'IfMatching' && drift.length === 0)",
        "policy === 'IfMatching'",
      ),
    ],
    killedBy: ['core', 'model', 'e2e/adoption'],
  },
  {
    name: 'managed-server-touched',
    bug: 'A server that Cognito manages is adopted and changed.',
    edits: [
      edit(
        RUNGS,
        "return seen.how === 'Swept' ? seen.managed : seen.content.managedBy !== undefined;",
        "return seen.how === 'Swept' && seen.managed;",
      ),
    ],
    killedBy: ['core', 'e2e/adoption'],
  },
  {
    name: 'already-exists-taken-for-a-bad-spec',
    bug: 'A refused Create is told to the user without a look at what is there.',
    edits: [
      edit(
        'src/core/learn.ts',
        "if (failure.kind === 'Rejected' && stop.during === 'Create') {",
        "if (failure.kind === 'Rejected' && stop.during === 'Update') {",
      ),
    ],
    killedBy: ['core', 'e2e/adoption'],
  },
  {
    name: 'observation-judged-at-the-decision',
    bug: 'Whether an observation still counts is not asked once more when the record leaves.',
    edits: [
      edit(
        'src/reconcile/writes.ts',
        "return observation && isValid(observation, attempts) ? undefined : 'ObservationStale';",
        "return observation ? undefined : 'ObservationStale';",
      ),
    ],
    killedBy: ['reconcile', 'model'],
  },
  {
    name: 'observation-from-before-the-call',
    bug: 'What was asked for before our last call ended still counts after it.',
    edits: [
      edit(
        ATTEMPTS,
        'return last.endedAtMs !== undefined && requestedAtMs >= last.endedAtMs;',
        'return last.endedAtMs !== undefined;',
      ),
    ],
    killedBy: ['core', 'model'],
  },
  {
    name: 'observation-from-within-the-call',
    bug: 'What is seen while our call is under way counts.',
    edits: [
      edit(
        ATTEMPTS,
        'return last.endedAtMs !== undefined && requestedAtMs >= last.endedAtMs;',
        'return last.endedAtMs === undefined || requestedAtMs >= last.endedAtMs;',
      ),
    ],
    killedBy: ['core', 'model'],
  },
  {
    name: 'late-landing-forgotten',
    bug: 'A look that began before a late call landed counts after it.',
    edits: [
      edit(
        'src/reconcile/resolve.ts',
        'if (identity !== undefined && effect !== undefined) {',
        'if (identity === undefined && effect !== undefined) {',
      ),
    ],
    killedBy: ['reconcile', 'model'],
  },
];
