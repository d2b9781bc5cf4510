/** Who makes pods of Deployments, and who gives them a node. */
import { join } from 'node:path';
import type { ControlPlane } from '../cluster/control-plane.ts';
import { type ServerProcess, startServerProcess } from '../cluster/server-process.ts';
import type { Watchdog } from '../cluster/watchdog.ts';
import type { NodePrograms } from './programs.ts';

export function startControllers(
  { folder, kubeconfig }: ControlPlane,
  programs: NodePrograms,
  watchdog: Watchdog,
): readonly ServerProcess[] {
  const common = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1'];
  const start = (file: string, name: string, flags: readonly string[]) =>
    startServerProcess({ file, flags, log: join(folder, `${name}.log`) }, watchdog);
  return [
    start(programs.controllerManager, 'kube-controller-manager', [
      ...common,
      `--service-account-private-key-file=${join(folder, 'service-accounts.key')}`,
      `--root-ca-file=${join(folder, 'apiserver.crt')}`,
      '--use-service-account-credentials',
    ]),
    start(programs.scheduler, 'kube-scheduler', common),
  ];
}
