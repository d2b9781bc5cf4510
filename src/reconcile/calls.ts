/**
 * Calls to Cognito: credentials, then a place in the gate, then one request. What was answered is
 * remembered for the pool, whoever asked.
 */
import type { Identity } from '../api/parse.ts';
import type { PendingRecord } from '../api/resource-server.ts';
import type { Action } from '../core/action.ts';
import { type Attempt, begin, end, updated } from '../core/attempts.ts';
import { type CognitoFailure, recordFate } from '../core/failure.ts';
import type { Learned } from '../core/learn.ts';
import { opened } from '../core/parking.ts';
import type { Content, MutatingOperation, Operation, View } from '../core/view.ts';
import type { Lane } from '../gate.ts';
import type { Answer, Call } from '../ports.ts';
import { wishOf } from './look.ts';
import { callThrough, takePlaces } from './places.ts';
import type { Run, Surroundings } from './surroundings.ts';

/** Before a mutation is recorded: nothing may come between the record and its one call. */
export async function prepare(
  around: Surroundings,
  run: Run,
  operation: Operation,
  lanes: readonly Lane[],
): Promise<Learned | undefined> {
  const credentials = await around.ports.account.credentials(run.signal);
  if (credentials.kind === 'Failed') return stopped(credentials.failure, operation);
  const waitedMs = waitOf(around, run.key);
  if (takePlaces(around, run, lanes)) {
    measureWait(around, lanes, waitedMs);
    return undefined;
  }
  const mutation = lanes.length > 1 || (operation !== 'Describe' && operation !== 'List');
  return { kind: 'Stopped', stop: { kind: 'NoPlace', mutation } };
}

function waitOf({ gate, ports }: Surroundings, key: string): number {
  const sinceMs = gate.waitingSince(key);
  return sinceMs === undefined ? 0 : ports.clock.monotonicMs() - sinceMs;
}

function measureWait({ ports }: Surroundings, lanes: readonly Lane[], waitedMs: number): void {
  for (const { id } of lanes) {
    const access = id.endsWith('/read') ? 'read' : 'write';
    ports.metrics.observe('cognito_operator_gate_wait_seconds', { access }, waitedMs / 1_000);
  }
}

export async function describe(
  around: Surroundings,
  run: Run,
  identity: Identity,
  expectsWrite: boolean,
): Promise<Learned> {
  const { ports, lanes, memory } = around;
  const { userPoolId } = identity;
  const read = lanes.read(userPoolId);
  const wanted = expectsWrite ? [read, lanes.write(userPoolId)] : [read];
  const unready = await prepare(around, run, 'Describe', wanted);
  if (unready !== undefined) return unready;
  const requestedAtMs = ports.clock.monotonicMs();
  const answer = await callThrough(around, run, read, (call) =>
    ports.userPools.describe(identity, call),
  );
  const missing = answer.kind === 'Failed' && answer.failure.kind === 'NotFound';
  if (answer.kind === 'Failed' && !missing) return stopped(answer.failure, 'Describe');
  const content = answer.kind === 'Answered' ? answer.value : undefined;
  memory.sweeps.note(identity, requestedAtMs, content);
  open(around, run, userPoolId, 'Describe');
  return content === undefined
    ? { kind: 'NotThere', requestedAtMs }
    : { kind: 'Described', content, requestedAtMs };
}

/**
 * One page: whether the pool is there at all. A server that stands on it was only hidden from the
 * look before, as everything is from the credentials of another account.
 */
export async function listPool(
  around: Surroundings,
  run: Run,
  identity: Identity,
): Promise<Learned> {
  const { ports, lanes, memory } = around;
  const { userPoolId, identifier } = identity;
  const lane = lanes.read(userPoolId);
  const unready = await prepare(around, run, 'List', [lane]);
  if (unready !== undefined) return unready;
  const requestedAtMs = ports.clock.monotonicMs();
  const answer = await callThrough(around, run, lane, (call) =>
    ports.userPools.list(userPoolId, undefined, call),
  );
  if (answer.kind === 'Failed') {
    const missing = answer.failure.kind === 'NotFound';
    return missing ? { kind: 'PoolNotFound' } : stopped(answer.failure, 'List');
  }
  open(around, run, userPoolId, 'List');
  const listed = answer.value.servers.find((server) => server.identifier === identifier);
  if (listed === undefined) return { kind: 'PoolAnswered' };
  memory.sweeps.note(identity, requestedAtMs, listed.content);
  return { kind: 'Described', content: listed.content, requestedAtMs };
}

export async function askAccount(
  around: Surroundings,
  run: Run,
  userPoolId: string,
): Promise<Learned> {
  const [region = ''] = userPoolId.split('_');
  const guard = () => around.term.assertLeader();
  const answer = await around.ports.account.caller(region, { signal: run.signal, guard });
  const account = answer.kind === 'Answered' ? answer.value : undefined;
  return { kind: 'AccountAsked', account };
}

/** The one call that the pending record stands for. */
export async function mutate(
  around: Surroundings,
  run: Run,
  view: View,
  mutation: Mutation,
): Promise<Learned> {
  const { memory, ports, lanes } = around;
  const { identity } = mutation;
  const lane = lanes.write(identity.userPoolId);
  remember(around, view, mutation);
  let fate: Attempt['fate'] = 'StaysUntilLate';
  let atMs = Number.NaN;
  let answer: Answer<Content | undefined, CognitoFailure>;
  try {
    answer = await callThrough(around, run, lane, (call) => send(around, mutation, call));
    fate = answer.kind === 'Answered' ? 'Answered' : recordFate(answer.failure);
  } finally {
    atMs = ports.clock.monotonicMs();
    memory.setAttempts(identity, end(memory.attemptsOf(identity), fate, atMs));
  }
  const operation = mutation.action.kind;
  if (answer.kind === 'Failed') return stopped(answer.failure, operation);
  if (operation === 'Update') count(around, view, identity, atMs);
  memory.sweeps.note(identity, atMs, answer.value);
  open(around, run, identity.userPoolId, operation);
  return { kind: 'Mutated', echo: answer.value, atMs };
}

export interface Mutation {
  readonly identity: Identity;
  readonly pending: PendingRecord;
  readonly action: Extract<Action, { kind: MutatingOperation }>;
}

function remember({ memory }: Surroundings, view: View, { identity, pending }: Mutation): void {
  const { uid } = view.resource;
  memory.setAttempts(identity, begin(memory.attemptsOf(identity), uid, pending.startTime));
}

/** Only an Update that Cognito took and somebody undid is part of a fight. */
function count({ memory }: Surroundings, view: View, identity: Identity, atMs: number): void {
  memory.setAttempts(identity, updated(memory.attemptsOf(identity), wishOf(view), atMs));
}

async function send(
  { ports: { userPools } }: Surroundings,
  { identity, action }: Mutation,
  call: Call,
): Promise<Answer<Content | undefined, CognitoFailure>> {
  switch (action.kind) {
    case 'Create':
      return userPools.create(identity, action.desired, call);
    case 'Update':
      return userPools.update(identity, action.desired, call);
    case 'Delete':
      return userPools.delete(identity, call);
  }
}

/** The operation works on this pool: whoever waited for it may try. */
function open(around: Surroundings, run: Run, userPoolId: string, operation: Operation): void {
  const { memory } = around;
  const { parking, wake } = opened(memory.parkingOf(userPoolId), operation, run.key);
  memory.setParking(userPoolId, parking);
  run.deserving.push(...wake.map((key) => ({ key, urgency: 'Touch' as const })));
}

function stopped(failure: CognitoFailure, during: Operation): Learned {
  return { kind: 'Stopped', stop: { kind: 'CallFailed', failure, during } };
}
