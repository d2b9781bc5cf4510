/** The UserPools and Account ports on the simulated Cognito. */

import { type Read, readNothing, readPage, readServer } from '../../src/adapters/cognito/answer.ts';
import type { Identity } from '../../src/api/parse.ts';
import type { CognitoFailure } from '../../src/core/failure.ts';
import type { Operation } from '../../src/core/view.ts';
import { type Account, answered, type Call, type Clock, type UserPools } from '../../src/ports.ts';
import type { CognitoRequest, SimulatedCognito } from './cognito.ts';
import { cross, type Journey, type Life, type Road } from './journey.ts';

export type CognitoRoad = Road<CognitoRequest, CognitoFailure>;

export interface UserPoolsParts {
  readonly cognito: SimulatedCognito;
  readonly clock: Clock;
  readonly life: Life;
  readonly road: CognitoRoad;
  readonly journey: Pick<Journey<never>, 'outMs' | 'backMs'>;
}

const DEADLINE_MS = 4_000;
export const SILENCE: CognitoFailure = {
  kind: 'Unanswered',
  name: 'TimeoutError',
  message: 'no answer',
  requestId: undefined,
};

export function createSimulatedUserPools(parts: UserPoolsParts): UserPools {
  const { cognito, clock, life, road, journey } = parts;
  const quiet = { ...journey, fate: 'Arrives' } as const;
  const send = <T>(
    request: CognitoRequest,
    call: Call,
    read: (output: unknown, requestId: string) => Read<T>,
  ) =>
    cross<T, CognitoFailure>(
      {
        clock,
        life,
        deadlineMs: DEADLINE_MS,
        silence: SILENCE,
        journey: () => ({ ...quiet, ...road(request) }),
      },
      call,
      () => cognito.answer(request, read),
    );
  const of = (identity: Identity) => (output: unknown) => readServer(output, identity);
  return {
    list: (pool, nextToken, call) =>
      send({ ...asked('List', pool), nextToken }, call, (output) => readPage(output, pool)),
    describe: (identity, call) => send(askedOf('Describe', identity), call, of(identity)),
    create: (identity, desired, call) =>
      send({ ...askedOf('Create', identity), desired }, call, of(identity)),
    update: (identity, desired, call) =>
      send({ ...askedOf('Update', identity), desired }, call, of(identity)),
    delete: (identity, call) => send(askedOf('Delete', identity), call, readNothing),
  };
}

function asked(operation: Operation, pool: string): CognitoRequest {
  return { operation, pool, identifier: '', desired: undefined, nextToken: undefined };
}

function askedOf(operation: Operation, { userPoolId, identifier }: Identity): CognitoRequest {
  return { ...asked(operation, userPoolId), identifier };
}

/** Credentials that are there, and an account that is known from a setting. */
export function createSimulatedAccount(account: string): Account {
  return {
    caller: async () => answered(account),
    known: () => account,
    credentials: async () => answered(undefined),
  };
}
