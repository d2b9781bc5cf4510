/**
 * A real kube-apiserver where tests otherwise have the embedded one. People are its administrator,
 * the operator is its own ServiceAccount with the access that the manifests grant. Both reach it
 * through relays that note the requests and fail on demand, as the edge of the embedded one does.
 */
import type { Headed } from '../contract/kubernetes-client.ts';
import { CRDS, expectStatus, GROUP } from '../contract/kubernetes-world.ts';
import { Switchboard } from '../sandbox/kubernetes/edge/faults.ts';
import { kubeconfigText } from '../sandbox/kubernetes/edge/kubeconfig.ts';
import { listen } from '../sandbox/kubernetes/edge/listener.ts';
import { RequestLog } from '../sandbox/kubernetes/edge/request-log.ts';
import { createTransport } from '../sandbox/kubernetes/edge/transport.ts';
import type { EmbeddedKubernetesOptions } from '../sandbox/kubernetes/server.ts';
import type { HouseKubernetes } from '../support/house-kubernetes.ts';
import { waitFor } from '../support/wait.ts';
import { OPERATOR } from './access.ts';
import { type Admin, createAdmin } from './admin.ts';
import { auditedRequests, beyondGrants } from './audit.ts';
import { removeCrd } from './clean.ts';
import { borrowPlane } from './planes.ts';
import { createRelay } from './relay.ts';

/** A look takes longer than at the embedded one, and so may it be rarer. */
const LOOK_EVERY_MS = 100;

export async function startRealKubernetes(
  lender: string,
  { crds, watchList = true }: EmbeddedKubernetesOptions = {},
): Promise<HouseKubernetes> {
  const loan = await borrowPlane(lender, watchList ? [] : ['--feature-gates=WatchList=false']);
  const { access } = loan;
  const admin = createAdmin(access);
  const auditedBefore = auditedRequests(access.auditFolder).length;
  const faults = new Switchboard();
  const log = new RequestLog();
  const relayTo = (more?: Headed) => {
    const api = createRelay(admin, faults, more);
    return listen(createTransport({ api, faults, log, now: () => new Date() }), 0);
  };
  const operators = await relayTo();
  // kubectl sends no token over plain HTTP.
  const people = await relayTo({ authorization: `Bearer ${access.token}` });
  if (crds !== undefined) {
    await removeCrd(admin);
    await install(admin, crds);
  }
  const token = await tokenOfOperator(admin);
  return {
    kubeconfig: (namespace = 'default') =>
      kubeconfigText({ url: people.url, token: '', user: 'admin', namespace }),
    operatorKubeconfig: kubeconfigText({
      url: operators.url,
      token,
      user: 'operator',
      namespace: 'default',
    }),
    lookEveryMs: LOOK_EVERY_MS,
    requests: log.records,
    counts: log.counts,
    faults,
    request: (method, path, body) => admin.request(method, path, body),
    load: (more) => install(admin, more),
    compact: () => admin.compact(),
    async takeDown() {
      await Promise.all([operators.close(), people.close()]);
    },
    async bringUp() {
      await Promise.all([operators.reopen(), people.reopen()]);
    },
    async close() {
      faults.clear();
      await Promise.all([operators.close(), people.close()]);
      await admin.close();
      const audited = auditedRequests(access.auditFolder).slice(auditedBefore);
      loan.giveBack();
      const beyond = beyondGrants(audited);
      if (beyond.length > 0) throw new Error(`the operator asked for ${beyond.join(', ')}`);
    },
  };
}

async function install({ client }: Admin, crds: readonly unknown[]): Promise<void> {
  for (const crd of crds) expectStatus(await client.post(CRDS, crd), 201);
  const isServed = async () => (await client.get(`${GROUP}/resourceservers`)).status === 200;
  if (crds.length > 0) await waitFor('the kind to be served', isServed);
}

async function tokenOfOperator({ client }: Admin): Promise<string> {
  const { namespace, name } = OPERATOR;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { status } = expectStatus(await client.post(path, {}), 201);
  return (status as { readonly token: string }).token;
}
