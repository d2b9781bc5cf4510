/**
 * Every message, word for word, on one page: what is written there is what people read. A change
 * of words shows in a review; `npx vitest run test/core -u` writes the page anew.
 */
import { expect, test } from 'vitest';
import { messageOf, messageOfPending } from '../../src/core/messages.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { ACCOUNT, aHolder, aResourceServer } from '../support/builders.ts';
import { wordOfOutcome } from './decisions.ts';
import { ALL_ROWS } from './outcomes.ts';

const owner = aResourceServer().withRemote({ accountId: ACCOUNT });
const drift = ['name: is "a", wanted "b"', 'scope x: missing'];
const stranger = aHolder({ key: 'elsewhere/elder', namespace: 'elsewhere' });

interface Saying {
  readonly name: string;
  readonly words: string;
}

function said(outcome: Outcome, given = owner, when = ''): Saying {
  const name = `${wordOfOutcome(outcome)}${when === '' ? '' : `, ${when}`}`;
  return { name, words: messageOf(outcome, given.parsed()) };
}

const SAYINGS: readonly Saying[] = [
  ...ALL_ROWS.map(({ outcome, when }) => said(outcome, owner, when)),
  said({ kind: 'Refused', reason: 'IdentityTaken', holder: stranger }, owner, 'by a stranger'),
  said({ kind: 'Waiting', for: 'Holder', holder: stranger }, owner, 'for a stranger'),
  ...(['AlreadyExists', 'NotConverging', 'Drifted'] as const).flatMap((reason) => [
    said({ kind: 'Refused', reason, drift: [] }, owner, 'without a difference'),
    said({ kind: 'Refused', reason, drift }, owner, 'with differences'),
  ]),
  said(
    { kind: 'Refused', reason: 'AlreadyExists', drift },
    owner.adoptedBy('Never'),
    'by the policy Never',
  ),
  said(
    {
      kind: 'Refused',
      reason: 'InvalidSpec',
      problems: [
        { field: 'spec.name', message: 'is no good' },
        { field: 'spec.scopes', message: 'neither' },
      ],
    },
    owner,
    'twice',
  ),
  said({ kind: 'QuotaReached', held: 25 }, owner, 'of a pool that was counted'),
  said({ kind: 'QuotaReached', held: undefined }, owner, 'of a pool that was not'),
  said({ kind: 'PoolMissing', operation: 'List' }, aResourceServer().spec({ userPoolId: 'x' })),
  said({ kind: 'Blocked', because: 'AccountMismatch' }, aResourceServer().withRemote(), 'unknown'),
  ...(['List', 'Describe', 'Create', 'Update', 'Delete'] as const).map((operation) =>
    said({ kind: 'Denied', operation, message: 'no' }, owner, 'and what for'),
  ),
  { name: 'pending, living', words: messageOfPending(owner.parsed(), undefined) },
  { name: 'pending, leaving', words: messageOfPending(owner.deleting().parsed(), undefined) },
];

test('is what the page says', async () => {
  const page = SAYINGS.map(({ name, words }) => `${name}\n    ${words}`).join('\n');
  await expect(`${page}\n`).toMatchFileSnapshot('messages.txt');
});
