/**
 * Leads resources through mishaps on an API server with the operator at work:
 *
 *   made, in step ──▶ a mishap ──▶ refused: nothing has changed
 *                                  stored:  in step, or a truthful reason ──▶ reverted: as before
 *                                                                         ──▶ removed: gone
 */
import { isDeepStrictEqual } from 'node:util';
import { findCondition, REASONS } from '../../../src/api/conditions.ts';
import type { Stage } from '../../ha/stage.ts';
import { aResourceServer, type Json } from '../../support/builders.ts';
import type { Pool } from '../../support/pool.ts';
import type { StoredResource } from '../../support/user.ts';
import { waitFor } from '../../support/wait.ts';
import { jsonOf } from '../bend.ts';
import { insist } from '../lanes/lane.ts';
import { isPrintable } from '../texts.ts';
import type { Mishap } from './mishaps.ts';

export type Verdict = 'refused' | 'in step' | 'paused' | `told: ${string}`;

/** A slow retry among others, on a busy machine. */
const SETTLED_WITHIN_MS = 180_000;
const MESSAGE_CHARS_MAX = 1_024;
const SCOPES = ['read', 'write'].map((name) => ({ name, description: `May ${name}` }));

interface Life {
  readonly stage: Stage;
  readonly pool: Pool;
  readonly name: string;
  readonly identifier: string;
  readonly path: string;
}

/** @throws what did not hold */
export async function walk(
  stage: Stage,
  pool: Pool,
  name: string,
  mishap: Mishap,
): Promise<Verdict> {
  const path = `/apis/cognito-operator.io/v1/namespaces/${stage.user.namespace}/resourceservers`;
  const life = { stage, pool, name, identifier: `https://${name}.example.com`, path };
  await make(life);
  const before = await untilSettled(life);
  const known = told(life, before);
  insist(reasonOf(before) === 'Synced', `it begins with ${reasonOf(before)}`);
  const { status, stored } = await befall(life, before, mishap);
  const verdict = status < 300 ? await judge(life, stored) : unchanged(before, await read(life));
  const after = await revert(life, before);
  insist(isDeepStrictEqual(told(life, after), known), differing(known, told(life, after)));
  await remove(life);
  return verdict;
}

/* ------------------------------------------------------------------------ hands */

async function make({ stage, pool, name, identifier, path }: Life): Promise<void> {
  const { apiVersion, kind, spec } = aResourceServer()
    .inPool(pool.id)
    .identifiedAs(identifier)
    .calling('Weather API')
    .withScopes(SCOPES)
    .raw();
  const type = {
    apiVersion: apiVersion ?? 'cognito-operator.io/v1',
    kind: kind ?? 'ResourceServer',
  };
  const { status, body } = await stage.admin.request('POST', path, {
    ...type,
    metadata: { name },
    spec,
  });
  insist(status === 201, `not created: ${jsonOf(body)}`);
}

/** A replacement, as `kubectl replace` sends it. */
async function befall(life: Life, before: StoredResource, mishap: Mishap) {
  const metadata = { ...before.metadata, annotations: mishap.annotations ?? {} };
  return replace(life, { ...before, metadata, spec: mishap.spec(before.spec) });
}

async function replace({ stage, path, name }: Life, object: object) {
  const { status, body } = await stage.admin.request('PUT', `${path}/${name}`, object);
  return { status, stored: body as unknown as StoredResource };
}

/** Whoever wrote meanwhile, the operator, goes first. */
async function revert(life: Life, before: StoredResource): Promise<StoredResource> {
  await waitFor(
    'the mishap to be reverted',
    async () => {
      const current = await read(life);
      const { resourceVersion } = current.metadata;
      const metadata = { ...before.metadata, resourceVersion };
      const { status } = await replace(life, { ...current, metadata, spec: before.spec });
      insist(status === 200 || status === 409, `not reverted: ${status}`);
      return status === 200;
    },
    { everyMs: 100 },
  );
  return untilSettled(life);
}

async function remove(life: Life): Promise<void> {
  const { stage, path, name, pool, identifier } = life;
  await stage.admin.request('DELETE', `${path}/${name}`);
  const isGone = async () => (await stage.admin.request('GET', `${path}/${name}`)).status === 404;
  await waitFor(`${name} to be gone`, isGone, { withinMs: SETTLED_WITHIN_MS, everyMs: 100 });
  insist(pool.server(identifier) === undefined, 'its server was left behind');
}

async function read({ stage, path, name }: Life): Promise<StoredResource> {
  const { status, body } = await stage.admin.request('GET', `${path}/${name}`);
  insist(status === 200, `${name} cannot be read: ${status}`);
  return body as unknown as StoredResource;
}

/* ------------------------------------------------------------------------ judges */

function unchanged(before: StoredResource, after: StoredResource): Verdict {
  const { resourceVersion } = before.metadata;
  insist(after.metadata.resourceVersion === resourceVersion, 'refused, and yet it has changed');
  return 'refused';
}

async function judge(life: Life, stored: StoredResource): Promise<Verdict> {
  const after = await untilSettled(life, stored);
  const ready = findCondition(after.status?.conditions, 'Ready');
  const reason = reasonOf(after);
  insist(
    REASONS.some((each) => each === reason),
    `an unknown reason: ${reason}`,
  );
  const message = ready?.message ?? '';
  insist(message.length <= MESSAGE_CHARS_MAX && isPrintable(message), `unfit words: ${message}`);
  if (reason === 'Paused') return 'paused';
  if (reason !== 'Synced') return `told: ${reason}`;
  insist(isDeepStrictEqual(held(life), wanted(after)), `not in step: ${jsonOf(held(life))}`);
  return 'in step';
}

/** What Cognito holds, and what the spec says of that: scopes are a set. */
function held({ pool, identifier }: Life): unknown {
  const server = pool.server(identifier);
  return server && content(server.name, server.scopes);
}

function wanted({ spec, metadata }: StoredResource): unknown {
  const scopes = (spec['scopes'] ?? []) as readonly Json[];
  return content(spec['name'] ?? metadata.name, scopes as readonly { name: string }[]);
}

function content(name: unknown, scopes: readonly { readonly name: string }[]): unknown {
  const sorted = scopes.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return JSON.parse(JSON.stringify({ name, scopes: sorted.map((each) => ({ ...each })) }));
}

/** All that people and Cognito see, without what each change moves: versions and times. */
function told(life: Life, { spec, status = {} }: StoredResource): Json {
  const { observedGeneration: _, conditions = [], ...rest } = status;
  const steady = conditions.map(({ type, reason, status: value, message }) => ({
    type,
    reason,
    status: value,
    message,
  }));
  const { lastHandledSyncRequest: __, ...lasting } = rest;
  return { spec, status: { ...lasting, conditions: steady }, held: held(life) };
}

function differing(before: Json, after: Json): string {
  const names = Object.keys(before).filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const pairs = names.map(
    (name) => `${name}: ${jsonOf(before[name])} became ${jsonOf(after[name])}`,
  );
  return `reverted, and not as before: ${pairs.join('; ')}`;
}

/* ----------------------------------------------------------------------- waiting */

/** @param since what was stored last: an older one says nothing of it */
async function untilSettled(life: Life, since?: StoredResource): Promise<StoredResource> {
  const look = async () => {
    const seen = await read(life);
    const isNew = since === undefined || seen.metadata.generation >= since.metadata.generation;
    return isNew && isSettled(seen) && seen;
  };
  return waitFor(`${life.name} to settle`, look, {
    withinMs: SETTLED_WITHIN_MS,
    everyMs: 100,
    tellMore: async () => jsonOf(await read(life)),
  });
}

function isSettled({ metadata, status = {} }: StoredResource): boolean {
  const { annotations = {} } = metadata as { annotations?: Readonly<Record<string, string>> };
  const { conditions, observedGeneration, pending, lastHandledSyncRequest } = status;
  const isPaused = annotations['cognito-operator.io/paused'] === 'true';
  if ((findCondition(conditions, 'Paused') !== undefined) !== isPaused) return false;
  if (isPaused) return true;
  const asked = annotations['cognito-operator.io/sync-requested-at'];
  const isHandled = asked === undefined || asked === '' || asked === lastHandledSyncRequest;
  const isAtRest = findCondition(conditions, 'Reconciling') === undefined && pending === undefined;
  return observedGeneration === metadata.generation && isAtRest && isHandled;
}

function reasonOf({ status }: StoredResource): string {
  return findCondition(status?.conditions, 'Ready')?.reason ?? 'nothing';
}
