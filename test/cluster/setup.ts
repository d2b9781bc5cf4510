/**
 * One control plane for all suites of a run: it costs four seconds and 300 MB. Where there is
 * none the suites are skipped, and the first and last lines say why; in CI that is a failure.
 */
import type { TestProject } from 'vitest/node';
import type { Access } from './admin.ts';
import { findBinaries, tellOnStderr } from './binaries.ts';
import { startControlPlane } from './control-plane.ts';

export type ClusterLookup =
  | { readonly kind: 'running'; readonly access: Access }
  | { readonly kind: 'missing'; readonly reason: string };

declare module 'vitest' {
  interface ProvidedContext {
    readonly cluster: ClusterLookup;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lookup = await findBinaries();
  if (lookup.kind === 'missing') {
    if (process.env['CI'] !== undefined) throw new Error(lookup.reason);
    const tellSkip = (): void => tellOnStderr(`ALL SKIPPED: ${lookup.reason}`);
    tellSkip();
    project.provide('cluster', lookup);
    return async () => tellSkip();
  }
  const plane = await startControlPlane({ binaries: lookup.binaries });
  const { url, authority, token, kubeconfig, folder, ...rest } = plane;
  const { etcdUrl, apiServerProcessId, etcdProcessId } = rest;
  const access = { url, authority, token, kubeconfig, folder };
  project.provide('cluster', {
    kind: 'running',
    access: { ...access, etcdUrl, apiServerProcessId, etcdProcessId },
  });
  return () => plane.stop();
}
