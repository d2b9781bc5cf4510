/** How a suite comes to the control plane of its run; without one all its tests are skipped. */
import { afterAll, describe, inject } from 'vitest';
import { type Access, type Admin, createAdmin } from './admin.ts';

/** For tests that are declared and never run. */
const NOWHERE: Access = {
  url: 'https://127.0.0.1:0',
  authority: '',
  token: '',
  kubeconfig: '/nowhere',
  folder: '/nowhere',
  etcdUrl: 'http://127.0.0.1:0',
  apiServerProcessId: 0,
  etcdProcessId: 0,
};

export function describeOnCluster(name: string, declare: (admin: Admin) => void): void {
  const lookup = inject('cluster');
  const admin = createAdmin(lookup.kind === 'running' ? lookup.access : NOWHERE);
  describe.skipIf(lookup.kind === 'missing')(`on a real cluster: ${name}`, () => {
    afterAll(async () => admin.close());
    declare(admin);
  });
}
