/** The UserPools and Account ports on the simulated Cognito. */

import { type Read, readNothing, readPage, readServer } from '../../src/adapters/cognito/answer.ts';
import type { Identity } from '../../src/api/parse.ts';
import type { CognitoFailure } from '../../src/core/failure.ts';
import type { Operation } from '../../src/core/view.ts';
import { type Account, answered, type Call, type UserPools } from '../../src/ports.ts';
import type { CognitoRequest, Garble, SimulatedCognito } from './cognito.ts';
import { cross, type Journey, type Stage } from './journey.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

/** What may befall a call to Cognito, beside what a network does. */
export interface CognitoJourney extends Journey<CognitoFailure> {
  readonly garble?: Garble;
}

export type CognitoRoad = (request: CognitoRequest) => Partial<CognitoJourney> | undefined;

export interface UserPoolsParts {
  readonly cognito: SimulatedCognito;
  readonly time: VirtualTime;
  readonly life: Life;
  /** Whose credentials the calls are signed with. */
  readonly account: string;
  readonly road: CognitoRoad;
  /** What it takes to connect, before the guard is asked and the request leaves. */
  readonly connectMs?: (request: CognitoRequest) => number;
  readonly tell?: (request: CognitoRequest, stage: Stage<CognitoFailure>) => void;
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
  const send = <T>(
    request: CognitoRequest,
    call: Call,
    read: (output: unknown, requestId: string) => Read<T>,
  ) => sent(parts, request, call, read);
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

async function sent<T>(
  { cognito, time, life, account, road, connectMs, journey, tell }: UserPoolsParts,
  request: CognitoRequest,
  call: Call,
  read: (output: unknown, requestId: string) => Read<T>,
) {
  const connectingMs = connectMs?.(request) ?? 0;
  if (connectingMs > 0) await time.clockOf(life).sleep(connectingMs, call.signal);
  const deadlineMs = DEADLINE_MS - connectingMs;
  let taken: CognitoJourney = { ...journey, fate: 'Arrives' };
  let isLate = false;
  return cross<T, CognitoFailure>(
    {
      time,
      life,
      deadlineMs,
      silence: SILENCE,
      journey: () => {
        taken = { ...taken, ...road(request) };
        isLate = taken.outMs >= deadlineMs;
        return taken;
      },
      tell: (stage) => tell?.(request, stage),
    },
    call,
    () => cognito.answer({ ...request, account, isLate, garble: taken.garble }, read),
  );
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
