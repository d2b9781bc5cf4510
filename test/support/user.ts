/**
 * What people do with kubectl in one namespace, and what they see there: on the embedded API server
 * by its back door, so that no fault of the network strikes them. A resource that is not named is
 * the one that the builders build.
 */
import { PAUSED_ANNOTATION, SYNC_ANNOTATION } from '../../src/api/names.ts';
import type { Condition, ResourceServerStatus } from '../../src/api/resource-server.ts';
import { aResourceServer, type Json, type ResourceServerBuilder } from './builders.ts';
import { waitFor } from './wait.ts';

export interface StoredResource {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation: number;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
  readonly spec: Json;
  readonly status?: ResourceServerStatus;
}

export interface StoredEvent {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly eventTime: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
  readonly regarding: { readonly name: string; readonly uid: string };
  readonly series?: { readonly count: number };
}

/** How the API server is asked, beside the operator's own connections. */
export interface BackDoor {
  /** How often what is waited for is looked at. */
  readonly lookEveryMs?: number;
  request(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
}

const { name: NAME } = aResourceServer().raw()['metadata'] as { readonly name: string };
const RESOURCES = '/apis/cognito-operator.io/v1/namespaces';
const EVENTS = '/apis/events.k8s.io/v1/namespaces';

export class User {
  readonly namespace: string;
  readonly #kubernetes: BackDoor;
  readonly #all: string;
  readonly #tellMore: () => string;

  /** @param tellMore what to add when something is waited for in vain */
  constructor(kubernetes: BackDoor, namespace: string, tellMore: () => string) {
    this.namespace = namespace;
    this.#kubernetes = kubernetes;
    this.#all = `${RESOURCES}/${namespace}/resourceservers`;
    this.#tellMore = tellMore;
  }

  /* --------------------------------------------------------------------- doing */

  /** Creates the resource, or replaces what it says. */
  async apply(resource: ResourceServerBuilder): Promise<StoredResource> {
    const manifest = manifestOf(resource.raw(), this.namespace);
    const { name } = manifest.metadata;
    const stored = await this.find(name);
    if (stored === undefined) return must(this.#send('POST', this.#all, manifest));
    const { resourceVersion } = stored.metadata;
    const metadata = { ...manifest.metadata, resourceVersion };
    return must(this.#send('PUT', `${this.#all}/${name}`, { ...manifest, metadata }));
  }

  /** A merge patch. */
  edit(patch: Json, name = NAME): Promise<StoredResource> {
    return must(this.#send('PATCH', `${this.#all}/${name}`, patch));
  }

  editSpec(spec: Json, name = NAME): Promise<StoredResource> {
    return this.edit({ spec }, name);
  }

  editStatus(status: Json, name = NAME): Promise<StoredResource> {
    return must(this.#send('PATCH', `${this.#all}/${name}/status`, { status }));
  }

  annotate(annotations: Json, name = NAME): Promise<StoredResource> {
    return this.edit({ metadata: { annotations } }, name);
  }

  async pause(name = NAME): Promise<void> {
    await this.annotate({ [PAUSED_ANNOTATION]: 'true' }, name);
  }

  async unpause(name = NAME): Promise<void> {
    await this.annotate({ [PAUSED_ANNOTATION]: null }, name);
  }

  async requestSync(request: string, name = NAME): Promise<void> {
    await this.annotate({ [SYNC_ANNOTATION]: request }, name);
  }

  async remove(name = NAME): Promise<void> {
    await must(this.#send('DELETE', `${this.#all}/${name}`));
  }

  /** It may be gone already, or go meanwhile. */
  async removeIfThere(name = NAME): Promise<void> {
    await this.#send('DELETE', `${this.#all}/${name}`);
  }

  /* -------------------------------------------------------------------- seeing */

  find(name = NAME): Promise<StoredResource | undefined> {
    return this.#send('GET', `${this.#all}/${name}`);
  }

  read(name = NAME): Promise<StoredResource> {
    return must(this.find(name));
  }

  async all(): Promise<readonly StoredResource[]> {
    return (await must(this.#send<{ items: readonly StoredResource[] }>('GET', this.#all))).items;
  }

  async status(name = NAME): Promise<ResourceServerStatus> {
    return (await this.read(name)).status ?? {};
  }

  async condition(type: string, name = NAME): Promise<Condition | undefined> {
    return conditionOf(await this.read(name), type);
  }

  /** Those about the resource, in the order in which they came. */
  async events(name = NAME): Promise<readonly StoredEvent[]> {
    const path = `${EVENTS}/${this.namespace}/events`;
    const list = await must(this.#send<{ items: readonly StoredEvent[] }>('GET', path));
    return list.items.filter(({ regarding }) => regarding.name === name).sort(byTime);
  }

  async eventReasons(name = NAME): Promise<readonly string[]> {
    return (await this.events(name)).map(({ reason }) => reason);
  }

  /* ------------------------------------------------------------------- waiting */

  /** Waits until what is stored is so. */
  async until(
    what: string,
    holds: (stored: StoredResource) => boolean,
    name = NAME,
  ): Promise<StoredResource> {
    return this.#wait(name, what, async () => {
      const stored = await this.find(name);
      return stored !== undefined && holds(stored) ? stored : undefined;
    });
  }

  /** Waits until Ready has the reason, for the present generation. */
  async untilReason(reason: string, name = NAME): Promise<Condition> {
    const stored = await this.until(
      `Ready with reason ${reason}`,
      (each) => {
        const ready = conditionOf(each, 'Ready');
        const isPresent = ready?.observedGeneration === each.metadata.generation;
        return ready?.reason === reason && isPresent;
      },
      name,
    );
    return conditionOf(stored, 'Ready') as Condition;
  }

  async untilReady(name = NAME): Promise<StoredResource> {
    await this.untilReason('Synced', name);
    return this.until('Ready=True', (each) => conditionOf(each, 'Ready')?.status === 'True', name);
  }

  /** Ready, and with the account, which may be known a moment later: no write is left to come. */
  async untilAtRest(name = NAME): Promise<StoredResource> {
    await this.untilReady(name);
    const isWhole = ({ status }: StoredResource) => status?.remote?.accountId !== undefined;
    return this.until('the account to be recorded', isWhole, name);
  }

  /** Waits until the request was answered by a fresh look at Cognito. */
  async untilSynced(request: string, name = NAME): Promise<StoredResource> {
    const isHandled = ({ status }: StoredResource) => status?.lastHandledSyncRequest === request;
    return this.until(`the sync request ${request} to be handled`, isHandled, name);
  }

  async untilGone(name = NAME): Promise<void> {
    await this.#wait(name, 'to be gone', async () => (await this.find(name)) === undefined);
  }

  /** Age is told in whole seconds: from now on whoever is created is younger. */
  async untilOlder(name = NAME): Promise<void> {
    const { metadata } = await this.read(name);
    const atMs = Date.parse(metadata.creationTimestamp) + 1_000;
    await this.#wait(name, 'a later second', async () => Date.now() >= atMs);
  }

  untilEvent(reason: string, name = NAME): Promise<StoredEvent> {
    return this.#wait(name, `an event ${reason}`, async () =>
      (await this.events(name)).find((event) => event.reason === reason),
    );
  }

  /** In vain is told with what is stored. */
  #wait<T>(name: string, what: string, look: () => Promise<T>) {
    const tellMore = async () =>
      `${this.#tellMore()}\n${JSON.stringify(await this.find(name), null, 1)}`;
    const { lookEveryMs: everyMs } = this.#kubernetes;
    return waitFor(`${this.namespace}/${name}: ${what}`, look, { tellMore, everyMs });
  }

  /** Not there is `undefined`; any other refusal is the mistake of a test. */
  async #send<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
    const answer = await this.#kubernetes.request(method, path, body);
    if (answer.status < 300) return answer.body as T;
    if (answer.status === 404) return undefined;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

export function conditionOf(
  stored: StoredResource | undefined,
  type: string,
): Condition | undefined {
  return stored?.status?.conditions?.find((each) => each.type === type);
}

function byTime(one: StoredEvent, other: StoredEvent): number {
  if (one.eventTime !== other.eventTime) return one.eventTime < other.eventTime ? -1 : 1;
  return Number(one.metadata.resourceVersion) - Number(other.metadata.resourceVersion);
}

async function must<T>(answer: Promise<T | undefined>): Promise<T> {
  const found = await answer;
  if (found === undefined) throw new Error('the object is not there');
  return found;
}

/** What a file in Git would say: nothing that the API server sets. */
function manifestOf(raw: Json, namespace: string) {
  const { name, labels, annotations } = raw['metadata'] as Json & { readonly name: string };
  const { apiVersion, kind, spec } = raw;
  return { apiVersion, kind, metadata: { name, namespace, labels, annotations }, spec };
}
