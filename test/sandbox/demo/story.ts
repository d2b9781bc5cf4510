/** What each chapter is told with, and the world it is told of. */
import { join } from 'node:path';
import type { Claims } from './claims.ts';
import type { Hands, Progress } from './hands.ts';
import type { Ledger } from './ledger.ts';
import type { Manifest } from './manifests.ts';
import type { Narrator } from './narrator.ts';
import { isReady, resourcesIn, whatIsNotReady } from './resources.ts';
import type { Stage } from './stage.ts';
import { startStopwatch } from './stopwatch.ts';
import { until } from './until.ts';

const READY_WITHIN_MS = 90_000;

export interface Story {
  readonly narrator: Narrator;
  readonly claims: Claims;
  readonly hands: Hands;
  readonly ledger: Ledger;
  readonly stage: Stage;
  /** Aborted by Ctrl-C, and when the operator ends by itself. */
  readonly signal: AbortSignal;
}

export function pathIn({ stage }: Story, file: string): string {
  return join(stage.folder, file);
}

/** How many of them Cognito holds, as a bar; for the line of progress. */
export function progressOf({ ledger }: Story, manifests: readonly Manifest[]): Progress {
  const elapsed = startStopwatch();
  return () => {
    const [held, all] = [ledger.held(manifests), manifests.length];
    const filled = Math.round((20 * held) / all);
    return `${'━'.repeat(filled)}${'─'.repeat(20 - filled)} ${held} of ${all} in Cognito, ${elapsed()}`;
  };
}

/** Without a command: `kubectl wait` asks for each by itself, and five times a second at most. */
export async function waitUntilReady(
  story: Story,
  namespace: string,
  manifests: readonly Manifest[],
): Promise<string> {
  const { narrator, stage, signal } = story;
  const elapsed = startStopwatch();
  const areReady = async (): Promise<boolean> => {
    const resources = await resourcesIn(stage.kubernetes, namespace);
    return resources.length === manifests.length && resources.every(isReady);
  };
  const waiting = until(areReady, READY_WITHIN_MS, signal);
  await narrator.during(waiting, progressOf(story, manifests));
  return elapsed();
}

export async function checkAllReady(
  { claims, stage }: Story,
  namespace: string,
  text: string,
): Promise<void> {
  const resources = await resourcesIn(stage.kubernetes, namespace);
  claims.check(text, resources.every(isReady), whatIsNotReady(resources));
}
