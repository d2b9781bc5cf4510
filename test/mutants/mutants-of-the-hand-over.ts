/** Bugs of handing a server over on a rename: each rule of it, taken away. */
import { edit, type Mutant, without } from './mutant.ts';

const HAND_OVER = 'src/core/hand-over.ts';
const CLAIMANTS = 'src/core/claimants.ts';
const DECIDE = 'src/core/decide.ts';

export const MUTANTS_OF_THE_HAND_OVER: readonly Mutant[] = [
  {
    name: 'hand-over-without-a-record',
    bug: 'The heir receives the record before the giver has written down to whom it goes.',
    edits: [
      edit(
        HAND_OVER,
        "perform({ kind: 'RecordHandOver', heir })",
        "perform({ kind: 'HandOver', heir })",
      ),
    ],
    killedBy: ['core', 'model'],
  },
  {
    name: 'heir-not-judged-again',
    bug: 'Whoever is the heir by now receives what was recorded for another.',
    edits: [
      edit(
        HAND_OVER,
        'if (heir === undefined || heir.uid !== view.records.pending?.to) return forget(view);',
        'if (heir === undefined) return forget(view);',
      ),
    ],
    killedBy: ['core', 'laws'],
  },
  {
    name: 'given-and-deleted',
    bug: 'A giver that was stopped half-way deletes what its heir has received.',
    edits: [without(DECIDE, '  { fact: nothingIsGiven, otherwise: letGoToReceiver },\n')],
    killedBy: ['core', 'model'],
  },
  {
    name: 'heir-acts-beside-its-giver',
    bug: 'Who has received holds the identity while the giver is still there.',
    edits: [
      edit(CLAIMANTS, 'isThere(each) && !giverOf(claimants, each)', 'isThere(each)'),
      edit(
        'src/core/claims.ts',
        'const holder = giverOf(all, kinOf(resource)) ?? holderOf(all);',
        'const holder = holderOf(all);',
      ),
    ],
    killedBy: ['core', 'model'],
  },
  {
    name: 'heir-leaves-before-its-giver',
    bug: 'A receiver that is deleted does not wait until its giver is gone.',
    edits: [without(DECIDE, '  { fact: giverIsGone, otherwise: waitForGiver },\n')],
    killedBy: ['core', 'model'],
  },
  {
    name: 'hand-over-not-waited-out',
    bug: 'What the heir was sent without an answer counts as lost at once.',
    edits: [edit(HAND_OVER, 'if (remainingMs > 0)', 'if (remainingMs > Infinity)')],
    killedBy: ['core', 'laws'],
  },
  {
    name: 'handed-over-across-namespaces',
    bug: 'Another namespace inherits.',
    edits: [edit(CLAIMANTS, 'one.namespace === other.namespace && one.uid', 'one.uid')],
    killedBy: ['core', 'reconcile', 'e2e/identity'],
  },
  {
    name: 'heir-without-a-finalizer',
    bug: 'A resource inherits that may be gone in a moment.',
    edits: [
      edit(
        CLAIMANTS,
        'each.eligible && each.finalizerIsSet && each.selected',
        'each.eligible && each.selected',
      ),
    ],
    killedBy: ['core', 'reconcile'],
  },
  {
    name: 'heir-that-nobody-works-on',
    bug: 'A resource inherits that the label selector leaves out.',
    edits: [
      edit(
        CLAIMANTS,
        'each.eligible && each.finalizerIsSet && each.selected',
        'each.eligible && each.finalizerIsSet',
      ),
    ],
    killedBy: ['core', 'reconcile'],
  },
];
