/**
 * The user pools and their resource servers, in memory. Trusts its callers for validity; keeps
 * each pool in listing order, so that a page costs its size and a bulk load stays linear.
 */
import { createHash } from 'node:crypto';

export interface Scope {
  readonly name: string;
  readonly description: string;
}

export interface ServerContent {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export interface StoredServer extends ServerContent {
  readonly identifier: string;
  readonly managedBy?: 'COGNITO';
}

/** The order of a listing is not documented: a client has to bear each of these. */
export type ListOrder = 'created' | 'identifier' | 'hashed';

/** What a pool refuses because its Region is not the primary one. */
export type Replica = 'no' | 'refuses-mutations' | 'refuses-everything';

/** A server, and where it stands in a listing. */
interface Entry {
  readonly server: StoredServer;
  readonly created: number;
  readonly position: string;
}

export class Pool {
  replica: Replica = 'no';
  readonly id: string;
  /** A caller of another account does not see it. */
  readonly accountId: string;
  readonly region: string;
  serversMax: number;
  readonly #order: ListOrder;
  readonly #entries = new Map<string, Entry>();
  #created = 0;
  #listing: readonly Entry[] | undefined;

  constructor(id: string, accountId: string, { serversPerPool, listOrder }: StoreSettings) {
    this.id = id;
    this.accountId = accountId;
    this.region = id.slice(0, id.lastIndexOf('_'));
    this.serversMax = serversPerPool;
    this.#order = listOrder;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(identifier: string): StoredServer | undefined {
    return this.#entries.get(identifier)?.server;
  }

  put(server: StoredServer): void {
    const created = this.#entries.get(server.identifier)?.created ?? ++this.#created;
    const position = positions[this.#order](server.identifier, created);
    this.#entries.set(server.identifier, { server, created, position });
    this.#listing = undefined;
  }

  delete(identifier: string): boolean {
    this.#listing = undefined;
    return this.#entries.delete(identifier);
  }

  servers(): readonly StoredServer[] {
    return this.#listed().map(({ server }) => server);
  }

  /** Up to `size` servers after a position, which need not be held by a server any more. */
  page(size: number, after = ''): Page {
    const listing = this.#listed();
    const start = firstAfter(listing, after);
    const page = listing.slice(start, start + size);
    const servers = page.map(({ server }) => server);
    const last = page.at(-1);
    const isEnd = last === undefined || start + size >= listing.length;
    return isEnd ? { servers } : { servers, position: last.position };
  }

  #listed(): readonly Entry[] {
    this.#listing ??= [...this.#entries.values()].toSorted((a, b) =>
      a.position < b.position ? -1 : 1,
    );
    return this.#listing;
  }
}

const positions: Readonly<Record<ListOrder, (identifier: string, created: number) => string>> = {
  created: (_, created) => String(created).padStart(12, '0'),
  identifier: (identifier) => identifier,
  hashed: (identifier) => createHash('sha256').update(identifier).digest('hex'),
};

function firstAfter(listing: readonly Entry[], position: string): number {
  let low = 0;
  let high = listing.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = listing[middle];
    if (entry === undefined || entry.position > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

export interface Page {
  readonly servers: readonly StoredServer[];
  /** Where the next page starts after; absent on the last page. */
  readonly position?: string;
}

export interface StoreSettings {
  readonly serversPerPool: number;
  readonly listOrder: ListOrder;
}

export class Store {
  readonly #settings: StoreSettings;
  readonly #pools = new Map<string, Pool>();

  constructor(settings: StoreSettings) {
    this.#settings = settings;
  }

  find(id: string): Pool | undefined {
    return this.#pools.get(id);
  }

  /** For those who set the stage: throws when there is no such pool. */
  pool(id: string): Pool {
    const pool = this.#pools.get(id);
    if (pool === undefined) throw new Error(`the sandbox has no user pool ${id}`);
    return pool;
  }

  /** Adding a pool that exists changes nothing. */
  addPool(id: string, accountId: string): void {
    if (!this.#pools.has(id)) this.#pools.set(id, new Pool(id, accountId, this.#settings));
  }

  removePool(id: string): void {
    this.#pools.delete(id);
  }
}
