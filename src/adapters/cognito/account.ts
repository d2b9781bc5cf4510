/**
 * Whose credentials we use. The setting is believed; else what the credentials say of themselves;
 * else STS is asked, lazily, and its answer remembered for as long as the process lives: another
 * account's credentials come with another process.
 */
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { field, unknowns } from '../../api/read.ts';
import { type Account, answered, type Clock, failed } from '../../ports.ts';
import type { Read } from './answer.ts';
import { endingWith } from './attempt.ts';
import type { Clients } from './clients.ts';
import type { Dispatch } from './dispatch.ts';
import { denied, notSent } from './failure.ts';
import type { Strike } from './wording.ts';

export interface AccountOptions {
  readonly clients: Clients;
  readonly dispatch: Dispatch;
  readonly clock: Clock;
  readonly secrets: Strike;
  readonly credentialsDeadlineMs: number;
  /** The setting. */
  readonly accountId: string | undefined;
}

const ACCOUNT_ID = /^\d{12}$/;

export function createAccount(options: AccountOptions): Account {
  const { clients, dispatch, clock, secrets, credentialsDeadlineMs } = options;
  const memory: { accountId: string | undefined } = { accountId: options.accountId };
  const remember = (accountId: string | undefined): void => {
    if (accountId !== undefined && ACCOUNT_ID.test(accountId)) memory.accountId ??= accountId;
  };

  return {
    known: () => memory.accountId,
    async credentials(signal) {
      const deadline = clock.deadline(credentialsDeadlineMs, signal);
      try {
        remember((await endingWith(deadline.signal, () => clients.credentials())).accountId);
        return answered(undefined);
      } catch (error) {
        return failed((signal.aborted ? notSent : denied)(error, secrets));
      } finally {
        deadline.cancel();
      }
    },
    async caller(region, call) {
      if (memory.accountId !== undefined) return answered(memory.accountId);
      const command = new GetCallerIdentityCommand({});
      const send = (abortSignal: AbortSignal) => clients.sts(region).send(command, { abortSignal });
      const read = readAccount;
      const answer = await dispatch({ operation: 'GetCallerIdentity', command, send, read }, call);
      if (answer.kind === 'Answered') remember(answer.value);
      return answer;
    },
  };
}

function readAccount(output: unknown): Read<string> {
  const account = field(unknowns(output), 'Account');
  return typeof account === 'string' && ACCOUNT_ID.test(account)
    ? { kind: 'Readable', value: account }
    : { kind: 'Garbled', why: 'the answer names no account' };
}
