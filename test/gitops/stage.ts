/** Plays user and operator on an API server, until a resource stands as in a situation. */
import { FINALIZER } from '../../src/api/names.ts';
import type { Situation } from './situations.ts';

export interface Stage {
  readonly namespace: string;
  request(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** What is applied: it has no status yet. */
export function appliedFor({ name, manifest }: Situation, namespace: string): object {
  const { apiVersion, kind, spec } = manifest;
  // Refused at the door by every schema since: what is left to see is its status.
  const accepted = name === 'invalid-spec' ? { ...spec, name: 'Weather API' } : spec;
  return { apiVersion, kind, metadata: { name, namespace }, spec: accepted };
}

/** All that happens after it was applied. */
export async function play(stage: Stage, { name, manifest }: Situation): Promise<void> {
  const { metadata, status } = manifest;
  const path = `${resourcesIn(stage.namespace)}/${name}`;
  if (metadata.deletionTimestamp !== undefined) {
    await done(stage, 'PATCH', path, { metadata: { finalizers: [FINALIZER] } });
    await done(stage, 'DELETE', path);
  } else if (metadata.generation > 1) {
    await done(stage, 'PATCH', path, { spec: { adoptionPolicy: 'Never' } });
  }
  await done(stage, 'PATCH', `${path}/status`, { status });
}

export async function applyAll(stage: Stage, situations: readonly Situation[]): Promise<void> {
  const path = resourcesIn(stage.namespace);
  for (const situation of situations) {
    await done(stage, 'POST', path, appliedFor(situation, stage.namespace));
  }
}

export function resourcesIn(namespace: string): string {
  return `/apis/cognito-operator.io/v1/namespaces/${namespace}/resourceservers`;
}

async function done(stage: Stage, ...call: Parameters<Stage['request']>): Promise<void> {
  const { status, body } = await stage.request(...call);
  if (status >= 300) throw new Error(`${call.join(' ')}: ${status} ${JSON.stringify(body)}`);
}
