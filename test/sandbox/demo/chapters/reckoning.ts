/** What was asked and what was called, side by side, from Cognito's own log. */
import type { CallRecord } from '../../cognito/log.ts';
import { type Alignment, columns } from '../columns.ts';
import type { Story } from '../story.ts';

const OPERATIONS = ['Create', 'Update', 'Delete', 'Describe', 'List'] as const;
const HEADER = ['', 'asked', 'called', 'done', 'throttled', 'refused', 'unheard'];
const ALIGNMENTS: readonly Alignment[] = ['left', ...HEADER.slice(1).map(() => 'right' as const)];

export function reckon({ narrator, claims, ledger }: Story): void {
  narrator.chapter('Asked and called');
  narrator.say(
    "The operator's calls, from Cognito's own log. Throttled: over the rate. Refused: for another " +
      'reason, such as a full pool, or a look at what is not there. Unheard: answers that the ' +
      'killed process never got.',
  );
  narrator.gap();
  const { asked } = ledger;
  const counts = OPERATIONS.map((operation) => countsOf(ledger.calls(), operation));
  const rows = counts.map(({ operation, ...numbers }) => [
    `${operation}ResourceServer${operation === 'List' ? 's' : ''}`,
    operation === 'Describe' || operation === 'List' ? '-' : `${asked[operation]}`,
    ...Object.values(numbers).map(String),
  ]);
  narrator.lines(columns([HEADER, ...rows], ALIGNMENTS));
  narrator.gap();
  const { lost, doubled, stolen, leftBehind } = ledger.verdict();
  const verdict = Object.entries({ lost, doubled, stolen, 'left behind': leftBehind });
  narrator.lines([verdict.map(([name, each]) => `${name}: ${each.length}`).join('   ')]);
  narrator.gap();
  claims.check(
    'nothing was lost, doubled, stolen or left behind',
    verdict.every(([, each]) => each.length === 0),
    verdict.flatMap(([name, each]) => each.map((which) => `${name} ${which}`)).join(', '),
  );
  const isExact = counts.every(
    ({ operation, done }) =>
      operation === 'Describe' || operation === 'List' || done === asked[operation],
  );
  claims.check('Cognito was changed as often as was asked, and not once more', isExact);
}

interface Counts {
  readonly operation: (typeof OPERATIONS)[number];
  readonly called: number;
  readonly done: number;
  readonly throttled: number;
  readonly refused: number;
  readonly unheard: number;
}

function countsOf(all: readonly CallRecord[], operation: Counts['operation']): Counts {
  const calls = all.filter((each) => each.operation.startsWith(`${operation}ResourceServer`));
  const count = (isMeant: (call: CallRecord) => boolean): number => calls.filter(isMeant).length;
  const done = count(({ outcome }) => outcome === 'Success');
  const throttled = count(({ outcome }) => outcome === 'TooManyRequestsException');
  const unlanded = count(({ outcome }) => outcome === 'Unlanded');
  return {
    operation,
    called: calls.length,
    done,
    throttled,
    refused: calls.length - done - throttled - unlanded,
    unheard: count(({ delivery }) => delivery === 'Lost'),
  };
}
