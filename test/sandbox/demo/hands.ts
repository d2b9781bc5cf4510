/** What a person does with the cluster: through their own kubectl, or beneath it by HTTP. */
import { join } from 'node:path';
import { createHttpHands } from './http-hands.ts';
import { createKubectlHands, findKubectl } from './kubectl-hands.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

export interface Hands {
  /** What they are, as a sentence. */
  readonly introduction: string;
  /** @param file in the folder of the stage; a folder with a slash at its end */
  apply(file: string, progress: Progress): Promise<void>;
  /** Until all resources of the namespace are Ready, or the time is up. */
  waitUntilReady(namespace: string, withinMs: number, progress: Progress): Promise<void>;
  show(namespace: string, linesMax?: number): Promise<void>;
  /** The message of Ready. */
  showMessage(namespace: string, name: string): Promise<void>;
  showEvents(namespace: string, reason: string): Promise<void>;
  /** Until it is gone. */
  remove(namespace: string, name: string, progress: Progress): Promise<void>;
  /** What `apply` of the same file made, until it is gone. */
  unapply(file: string, progress: Progress): Promise<void>;
  /** With all that is in them, until they are gone. */
  removeNamespaces(namespaces: readonly string[], progress: Progress): Promise<void>;
}

/** What is told meanwhile. */
export type Progress = () => string;

/** `KUBECTL` of the environment names one; else `PATH` may hold one. */
export async function findHands(
  stage: Stage,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<Hands> {
  const home = join(stage.folder, 'home');
  const kubectl = await findKubectl(process.env, home);
  if (kubectl === undefined) return createHttpHands({ stage, narrator, signal });
  return createKubectlHands({ ...kubectl, stage, narrator, signal, home });
}
