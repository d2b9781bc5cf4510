/** Changes of `src/core` that StrykerJS makes and that nobody has to notice, with the reason. */
export interface Equivalent {
  /** Below `src/core`, without its ending. */
  readonly file: string;
  /** Part of the line that is changed. */
  readonly within: string;
  /** Each as it is told when it survives: `before -> after`. */
  readonly changes: readonly string[];
  readonly because: string;
}

const COMPILER = 'never so: it is asked for the compiler';
const DOUBLING = 'what is no Timer doubles';

export const EQUIVALENTS: readonly Equivalent[] = [
  {
    file: 'attempts',
    within: 'requestedAtMs >= last.endedAtMs',
    changes: ['last.endedAtMs !== undefined -> true'],
    because: 'nothing is later than a moment that is undefined',
  },
  {
    file: 'attempts',
    within: "updates: { wish: ''",
    changes: ['\'\' -> "Stryker was here!"'],
    because: 'nobody wishes either',
  },
  {
    file: 'backoff',
    within: 'RETRY: BackoffPolicy',
    changes: ['\'Doubling\' -> ""'],
    because: DOUBLING,
  },
  {
    file: 'backoff',
    within: 'SLOW: BackoffPolicy',
    changes: ['\'Doubling\' -> ""'],
    because: DOUBLING,
  },
  {
    file: 'claimants',
    within: 'if (from === undefined) return undefined;',
    changes: ['from === undefined -> false'],
    because: 'a shortcut: nobody has a UID that is undefined',
  },
  {
    file: 'claimants',
    within: 'one.createdAt < other.createdAt ? one : other',
    changes: ['one.createdAt < other.createdAt -> one.createdAt <= other.createdAt'],
    because: 'asked only of moments that differ',
  },
  {
    file: 'claimants',
    within: 'return one.uid < other.uid',
    changes: ['one.uid < other.uid -> one.uid <= other.uid'],
    because: 'UIDs are unique',
  },
  {
    file: 'claims',
    within: 'named.assumed = others.length === 0',
    changes: ['others.length === 0 -> false'],
    because: 'an empty map of its own costs memory and nothing else',
  },
  {
    file: 'claims',
    within: 'if (assumed.size === 0) return claimants;',
    changes: ['assumed.size === 0 -> false'],
    because: 'a shortcut: where nothing is assumed, nobody changes',
  },
  {
    file: 'decide',
    within: '{ fact: () => false, otherwise: letGo }',
    changes: ['() => false -> () => undefined'],
    because: 'a fact that is undefined does not hold either',
  },
  {
    file: 'drift',
    within: 'desired === present ||',
    changes: ['desired === present -> false'],
    because: 'a shortcut: what is the same has no drift',
  },
  {
    file: 'drift',
    within: 'if (have === undefined)',
    changes: ['want === undefined -> false', '[] -> ["Stryker was here"]'],
    because: 'each name comes from one of the two lists',
  },
  {
    file: 'drift',
    within: 'return one < other ? -1 : Number(one > other);',
    changes: [
      'one < other -> one <= other',
      'one > other -> true',
      'one > other -> false',
      'one > other -> one >= other',
      'one > other -> one <= other',
    ],
    because: 'names are unique, and a sort asks only what is less',
  },
  {
    file: 'hand-over',
    within: "letGoToReceiver({ succession: { receiver = '' } }",
    changes: ['\'\' -> "Stryker was here!"'],
    because: COMPILER,
  },
  {
    file: 'hand-over',
    within: 'if (giver === undefined) return',
    changes: ['giver === undefined -> false'],
    because: COMPILER,
  },
  {
    file: 'hand-over',
    within: 'if (heir === undefined) return',
    changes: ['heir === undefined -> false'],
    because: COMPILER,
  },
  {
    file: 'hand-over',
    within: 'heir.uid !== view.records.pending?.to',
    changes: ['view.records.pending?.to -> view.records.pending.to'],
    because: COMPILER,
  },
  {
    file: 'learn',
    within: 'if (pending === undefined) return view;',
    changes: ['pending === undefined -> false'],
    because: COMPILER,
  },
  {
    file: 'learn',
    within: 'view.resource.desired?.scopes',
    changes: ['view.resource.desired?.scopes -> view.resource.desired.scopes'],
    because: COMPILER,
  },
  {
    file: 'learn',
    within: "stop.kind === 'WriteFailed' && stop.of === 'Heir'",
    changes: ["stop.kind === 'WriteFailed' -> true"],
    because: 'nothing else is of an heir',
  },
  {
    file: 'outcome',
    within: 'if (stop === undefined)',
    changes: ['stop === undefined -> false', "{ kind: 'Abandoned' } -> {}", '\'Abandoned\' -> ""'],
    because: COMPILER,
  },
  {
    file: 'outcome',
    within: "accountMismatch({ account = '', records }",
    changes: ['\'\' -> "Stryker was here!"'],
    because: COMPILER,
  },
  {
    file: 'outcome',
    within: "recorded: records.remote?.accountId ?? ''",
    changes: [
      '\'\' -> "Stryker was here!"',
      'records.remote?.accountId -> records.remote.accountId',
    ],
    because: COMPILER,
  },
  {
    file: 'parking',
    within: 'return heldAtRefusal === undefined ? []',
    changes: ['heldAtRefusal === undefined -> false'],
    because: 'a number of slots that is none wakes nobody',
  },
  {
    file: 'resolve',
    within: "return seen.kind === 'Present' && isSameHash(",
    changes: ["seen.kind === 'Present' -> true"],
    because: 'what is absent has no hash',
  },
  {
    file: 'resolve',
    within: "case 'HandOver':",
    changes: ['\'HandOver\' -> ""'],
    because: COMPILER,
  },
  ...['Conflict', 'KubernetesFailed', 'Abandoned', 'Released'].map((kind) => ({
    file: 'rows',
    within: `case '${kind}':`,
    changes: [`'${kind}' -> ""`],
    because: 'whoever has no answer says nothing, too',
  })),
  {
    file: 'rows',
    within: "case 'Blocked':",
    changes: ['\'Blocked\' -> ""'],
    because: COMPILER,
  },
  {
    file: 'rungs',
    within: "observation?.kind === 'Absent' ? observation.pool",
    changes: ["observation?.kind === 'Absent' -> true", 'observation?.kind -> observation.kind'],
    because: 'asked of what was looked for; what is there has no pool',
  },
  {
    file: 'rungs',
    within: "return claim.kind === 'Ours' && !claim.recorded;",
    changes: ["claim.kind === 'Ours' -> true"],
    because: COMPILER,
  },
  {
    file: 'rungs',
    within: "observation.how !== 'Described'",
    changes: ["observation.how !== 'Described' -> false"],
    because: 'what was swept has no content',
  },
  {
    file: 'settled',
    within: 'if (problems.length > 0 || desired === undefined)',
    changes: ['desired === undefined -> false'],
    because: 'what is not desired has a problem',
  },
  {
    file: 'settled',
    within: 'if (desired === undefined) return true;',
    changes: ['desired === undefined -> false', 'true -> false'],
    because: COMPILER,
  },
  {
    file: 'settled',
    within: 'JSON.stringify(status.drift ?? [])',
    changes: ['[] -> ["Stryker was here"]'],
    because: 'whoever is Drifted has said how',
  },
  {
    file: 'status',
    within: "outcome.kind === 'Refused' && 'drift' in outcome",
    changes: ["outcome.kind === 'Refused' -> true"],
    because: 'nothing else has drift',
  },
  {
    file: 'status',
    within: "if (row.kind !== 'Said' || row.ready !== 'True'",
    changes: ["row.kind !== 'Said' -> false"],
    because: 'what says nothing does not say True',
  },
  {
    file: 'steps',
    within: "if (claim.kind === 'Ours') return decideAgain();",
    changes: ["claim.kind === 'Ours' -> false", '\'Ours\' -> ""'],
    because: COMPILER,
  },
  {
    file: 'steps',
    within: 'if (hash === undefined) return decideAgain();',
    changes: ['hash === undefined -> false'],
    because: COMPILER,
  },
  {
    file: 'steps',
    within: "if (seen?.kind !== 'Present') return decideAgain();",
    changes: ["seen?.kind !== 'Present' -> false", 'seen?.kind -> seen.kind'],
    because: COMPILER,
  },
  {
    file: 'steps',
    within: "if (seen?.kind === 'Absent') return proveAbsence(view, seen.pool);",
    changes: ['seen?.kind -> seen.kind'],
    because: COMPILER,
  },
  {
    file: 'view',
    within: 'export const NO_SUCCESSION: Succession = {',
    changes: ['{ heir: undefined, receiver: undefined, giver: undefined, } -> {}'],
    because: 'what is not said is undefined, too',
  },
];
