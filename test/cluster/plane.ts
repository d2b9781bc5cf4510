/**
 * A control plane as a cluster has it in which the operator is to be installed: with its CRD, its
 * ServiceAccount and its access. Used again and again: `renew` makes it as it was at first.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCrd } from '../contract/kubernetes-world.ts';
import { grant, plainAccess } from './access.ts';
import type { Access } from './admin.ts';
import { auditFlags } from './audit.ts';
import { clean, crdMark, removeCrd } from './clean.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from './control-plane.ts';

export interface Plane {
  readonly controlPlane: ControlPlane;
  /** Holds the audit log. */
  readonly auditFolder: string;
  renew(): Promise<void>;
  stop(): Promise<void>;
}

/** What another process needs in order to use it. */
export interface PlaneAccess extends Access {
  readonly auditFolder: string;
}

export async function startPlane(options: ControlPlaneOptions = {}): Promise<Plane> {
  const auditFolder = mkdtempSync(join(tmpdir(), 'audit-'));
  const flags = [...auditFlags(auditFolder), ...(options.flags ?? [])];
  const controlPlane = await startControlPlane({ ...options, flags });
  await installCrd(controlPlane.client);
  await grant(controlPlane, plainAccess());
  const asInstalled = { crd: await crdMark(controlPlane) };
  return {
    controlPlane,
    auditFolder,
    async renew() {
      await clean(controlPlane);
      await grant(controlPlane, plainAccess());
      if ((await crdMark(controlPlane)) === asInstalled.crd) return;
      await removeCrd(controlPlane);
      await installCrd(controlPlane.client);
      asInstalled.crd = await crdMark(controlPlane);
    },
    async stop() {
      await controlPlane.stop();
      rmSync(auditFolder, { recursive: true, force: true });
    },
  };
}

export function accessTo({ controlPlane, auditFolder }: Plane): PlaneAccess {
  const { url, authority, token, kubeconfig, folder, ...rest } = controlPlane;
  const { etcdUrl, apiServerProcessId, etcdProcessId } = rest;
  const access = { url, authority, token, kubeconfig, folder };
  return { ...access, etcdUrl, apiServerProcessId, etcdProcessId, auditFolder };
}
