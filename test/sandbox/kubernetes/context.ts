/** A new, empty world: the built-in kinds and the first namespaces. */
import type { ApiContext } from './api-context.ts';
import { crdType } from './kinds/crds.ts';
import { CORE_EVENTS, EVENTS } from './kinds/events.ts';
import { LEASES } from './kinds/leases.ts';
import { removeIfEmpty } from './kinds/namespace-lifecycle.ts';
import { NAMESPACES } from './kinds/namespaces.ts';
import { Registry } from './kinds/registry.ts';
import { Store } from './store.ts';
import { loadObjects } from './verbs/load.ts';

const FIRST_NAMESPACES = ['default', 'kube-system'];

export function createContext(watchHistory: number, now: () => Date): ApiContext {
  const store = new Store(watchHistory);
  const registry = new Registry();
  const context: ApiContext = {
    store,
    registry,
    now,
    undefaulted: new WeakSet(),
    removed: (namespace) => removeIfEmpty(context, namespace),
  };
  const crds = crdType({
    now,
    install: (types) => types.forEach((type) => registry.install(type)),
    uninstall: (group, plural) => registry.uninstall(group, plural),
    disconnect: (group, plural) => store.collection(`${group}/${plural}`).disconnect(),
    purge: (group, plural) => store.collection(`${group}/${plural}`).purge(),
  });
  for (const type of [NAMESPACES, CORE_EVENTS, EVENTS, LEASES, crds]) registry.install(type);
  loadObjects(
    context,
    FIRST_NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  );
  return context;
}
