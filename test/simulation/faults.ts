/** What may befall the requests of a world, each kind as likely as a plan says. */
import type { CognitoFailure, KubernetesFailure } from '../../src/core/failure.ts';
import { ambush, meddleWithin, strikeWithin } from './ambush.ts';
import { type CognitoRequest, cognitoFails, type Garble, isMutation } from './cognito.ts';
import { type Dice, type FaultName, pick } from './dice.ts';
import { errorFrame } from './feed.ts';
import type { LeaseRequest } from './leases.ts';
import type { Service } from './plan.ts';
import type { Roads } from './ports.ts';
import {
  type KubernetesJourney,
  type KubernetesRequest,
  refused,
  type WatchFate,
} from './requests.ts';
import type { CognitoJourney } from './user-pools.ts';
import type { World } from './world.ts';

/** What is down as a whole, for a while, and who fights. */
export type Weather = Set<{ readonly of: Service | 'Fight' }>;

/** @param secret the account is known to STS alone */
export function befall(world: World, dice: Dice, weather: Weather, secret: boolean): void {
  const isDown = (service: Service): boolean => [...weather].some(({ of }) => of === service);
  const roads: Required<Omit<Roads, 'account'>> = {
    credentialsMs: () => (dice.is('credentialsSlow') ? msOf(dice, 'credentialsSlow', 3_000) : 0),
    cognito: (request, by) => {
      const trap = { world, dice, by, request };
      const road = cognitoOutage(isDown, request) ?? cognitoRoad(dice, request);
      return ambush(trap, road, isMutation(request.operation));
    },
    kubernetes: (request, by) => {
      const trap = { world, dice, by, request };
      const road = kubernetesOutage(isDown) ?? kubernetesRoad(dice, request);
      return ambush(trap, road, request.verb.startsWith('patch'));
    },
    connectMs: (request, by) => {
      if (!dice.is('kubernetesConnects')) return 0;
      const ms = 1 + msOf(dice, 'kubernetesConnects', 3_000);
      meddleWithin({ world, dice, by, request }, ms);
      return ms;
    },
    cognitoConnectMs: (request, by) => {
      if (!dice.is('cognitoConnects')) return 0;
      const ms = 1 + msOf(dice, 'cognitoConnects', 3_000);
      if (isMutation(request.operation)) strikeWithin({ world, dice, by, request }, ms);
      return ms;
    },
    watch: () => watchOutage(isDown) ?? watchRoad(dice),
    lease: (request) => (isDown('Lease') || isDown('Kubernetes') ? LOST : leaseRoad(dice, request)),
  };
  Object.assign(world.roads, roads);
  if (secret) world.roads.account = (question) => accountRoad(dice, question);
}

/* ------------------------------------------------------------------- outages */

type IsDown = (service: Service) => boolean;

const LOST = { fate: 'RequestLost' } as const;
const DOWN = { refusal: errorFrame(503, 'ServiceUnavailable', 'down') };
const MISSING = { refusal: errorFrame(404, 'NotFound', 'the server does not know the kind') };

function cognitoOutage(isDown: IsDown, { operation }: CognitoRequest) {
  if (isDown('Cognito')) return LOST;
  if (!isDown('Storm')) return undefined;
  return { fate: cognitoFails('TooManyRequestsException', operation) };
}

/** What is not served is not found, and no Status says so. */
function kubernetesOutage(isDown: IsDown) {
  if (isDown('Kubernetes')) return LOST;
  return isDown('Unserved') ? { fate: refused(404) } : undefined;
}

function watchOutage(isDown: IsDown): WatchFate | undefined {
  if (isDown('Kubernetes')) return DOWN;
  return isDown('Unserved') ? MISSING : undefined;
}

/* ------------------------------------------------------------------- Cognito */

const BAD = ['InternalErrorException', 'ServiceUnavailable', 'BrandNewException'] as const;
const DENIALS = [
  'NotAuthorizedException',
  'AccessDeniedException',
  'ExpiredTokenException',
  'InvalidSignatureException',
] as const;
const REJECTIONS = ['InvalidParameterException', 'OperationNotEnabledException'] as const;

function cognitoRoad(dice: Dice, request: CognitoRequest): Partial<CognitoJourney> | undefined {
  const fate = cognitoRefusal(dice, request);
  if (fate !== undefined) return { fate: cognitoFails(fate, request.operation) };
  if (dice.is('requestLost')) return { fate: 'RequestLost' };
  if (dice.is('answerLost')) return { fate: 'AnswerLost' };
  if (dice.is('late')) return { outMs: 4_000 + msOf(dice, 'late', 25_000) };
  if (dice.is('garbled')) return { garble: garbleOf(dice, request) };
  if (request.operation === 'List' && dice.is('tokenRepeated')) return { garble: repeatToken };
  return dice.is('slow') ? { backMs: msOf(dice, 'slow', 3_500) } : undefined;
}

function cognitoRefusal(dice: Dice, { operation, nextToken }: CognitoRequest) {
  if (operation === 'List' && dice.is('listDenied')) return 'AccessDeniedException';
  if (nextToken !== undefined && dice.is('pageFails')) return 'InternalErrorException';
  if (dice.is('throttled')) return 'TooManyRequestsException';
  if (dice.is('bad')) return pick(dice.of('bad'), BAD);
  if (dice.is('denied')) return pick(dice.of('denied'), DENIALS);
  if (isMutation(operation) && dice.is('rejected')) return pick(dice.of('rejected'), REJECTIONS);
  return operation === 'Create' && dice.is('quota') ? 'LimitExceededException' : undefined;
}

/** None that a reader can believe: a List that leaves a server out is beyond every promise. */
function garbleOf(dice: Dice, { operation }: CognitoRequest): Garble {
  return pick<Garble>(
    dice.of('garbled'),
    operation === 'List' ? NONSENSE : [...NONSENSE, ...MIXED],
  );
}

const NONSENSE = [() => '<html>', () => ({})] as const;
/** The answer to somebody else's question. */
const MIXED = [
  (output: unknown) => JSON.parse(JSON.stringify(output ?? {}).replaceAll('https:', 'http:')),
  (output: unknown) => JSON.parse(JSON.stringify(output ?? {}).replaceAll('_', '-')),
] as const;

function repeatToken(output: unknown, { nextToken }: CognitoRequest): unknown {
  return nextToken === undefined ? output : { ...(output as object), NextToken: nextToken };
}

const NO_STS: CognitoFailure = {
  kind: 'Unanswered',
  name: 'TimeoutError',
  message: 'no answer',
  requestId: undefined,
};
const NO_CREDENTIALS: CognitoFailure = {
  kind: 'Denied',
  name: 'CredentialsProviderError',
  message: 'no credentials',
  requestId: undefined,
};

function accountRoad(dice: Dice, question: 'caller' | 'credentials'): CognitoFailure | undefined {
  if (question === 'caller') return dice.is('stsSilent') ? NO_STS : undefined;
  return dice.is('credentialsMissing') ? NO_CREDENTIALS : undefined;
}

function msOf(dice: Dice, fault: FaultName, most: number): number {
  return Math.floor(dice.of(fault).roll() * most);
}

/* ---------------------------------------------------------------- Kubernetes */

const TROUBLE = [500, 503, 504, 429] as const;

function kubernetesRoad(
  dice: Dice,
  { verb, key }: KubernetesRequest,
): Partial<KubernetesJourney> | undefined {
  if (verb === 'list' && key !== '' && dice.is('listExpires')) return { fate: refused(410) };
  if (verb === 'list' && dice.is('listStale'))
    return { ageMs: 1 + msOf(dice, 'listStale', 30_000) };
  if (dice.is('kubernetesRefused')) {
    const status = pick(dice.of('kubernetesRefused'), TROUBLE);
    return { fate: refused(status, status === 429 ? 1_000 : undefined) };
  }
  if (dice.is('kubernetesForbidden')) return { fate: refused(403) };
  if (dice.is('kubernetesRequestLost')) return { fate: 'RequestLost' };
  if (dice.is('kubernetesAnswerLost')) return { fate: 'AnswerLost' };
  if (dice.is('kubernetesLate')) return { outMs: 10_000 + msOf(dice, 'kubernetesLate', 15_000) };
  return dice.is('kubernetesSlow') ? { backMs: msOf(dice, 'kubernetesSlow', 6_000) } : undefined;
}

const REFUSALS = [401, 403, 404, 429, 500, 504] as const;
const EXPIRED = errorFrame(410, 'Expired', 'too old resource version');

function watchRoad(dice: Dice): WatchFate {
  const ms = (fault: FaultName): number => msOf(dice, fault, 60_000);
  if (dice.is('watchRefused')) {
    const status = pick(dice.of('watchRefused'), REFUSALS);
    return { refusal: errorFrame(status, 'Refused', `said ${status}`) };
  }
  return {
    ...(dice.is('watchLags') && { lagMs: pick(dice.of('watchLags'), [5, 300, 5_000, 40_000]) }),
    ...(dice.is('watchSilent') && { silentAfterMs: ms('watchSilent') }),
    ...endOf(dice, ms),
    beside: besideOf(dice),
  };
}

function endOf(dice: Dice, ms: (fault: FaultName) => number): Pick<WatchFate, 'end'> {
  if (dice.is('watchExpires')) return { end: { afterMs: ms('watchExpires'), frame: EXPIRED } };
  if (dice.is('watchClosed')) return { end: { afterMs: ms('watchClosed'), frame: undefined } };
  if (!dice.is('watchBroken')) return {};
  const frame = { kind: 'Broken', message: 'the line is cut in two' } as const;
  return { end: { afterMs: ms('watchBroken'), frame } };
}

function besideOf(dice: Dice): NonNullable<WatchFate['beside']> {
  let earlier: Parameters<NonNullable<WatchFate['beside']>>[0] | undefined;
  return (frame) => {
    const before = earlier;
    if (frame.kind === 'Modified' || frame.kind === 'Added') earlier = frame;
    if (dice.is('frameTwice')) return [frame];
    if (dice.is('frameGarbled')) return [{ kind: 'Modified', object: { metadata: 'half' } }];
    return before !== undefined && dice.is('frameReplayed') ? [before] : [];
  };
}

function leaseRoad(dice: Dice, { verb }: LeaseRequest) {
  if (verb === 'watch') {
    return dice.is('leaseWatchMute') ? ({ fate: 'RequestLost' } as const) : undefined;
  }
  const isWrite = verb !== 'get';
  if (isWrite && dice.is('leaseConflict')) return { fate: CONFLICT };
  if (dice.is('leaseRefused')) return { fate: refused(pick(dice.of('leaseRefused'), TROUBLE)) };
  if (dice.is('leaseRequestLost')) return { fate: 'RequestLost' } as const;
  if (dice.is('leaseAnswerLost')) return { fate: 'AnswerLost' } as const;
  if (!dice.is('leaseSlow')) return undefined;
  const outMs = msOf(dice, 'leaseSlow', 8_000);
  return { outMs, backMs: msOf(dice, 'leaseSlow', 8_000) };
}

const CONFLICT: KubernetesFailure = { kind: 'Conflict' };
