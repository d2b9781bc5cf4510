/** A bare HTTP client for a Kubernetes API server, so that a contract test shows the wire. */

/** A server under test; the suite owns everything in it. */
export interface KubernetesHandle {
  readonly url: string;
  /** Authorization, for instance. */
  readonly headers: Readonly<Record<string, string>>;
  /** `fetch`, or one that trusts the server's certificate. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  stop(): Promise<void>;
}

export interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** An object, a list, a Status or a Table: what any of them may hold. */
export interface Body {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Meta;
  readonly spec?: Fields;
  readonly status?: unknown;
  readonly items?: readonly Body[];
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly field: string; readonly message: string }[];
  };
  readonly [field: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Frame {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Body;
}

export interface WatchReader {
  /** Undefined when the watch has ended; rejects when nothing comes for half a minute. */
  next(): Promise<Frame | undefined>;
  /** All frames until the end. */
  rest(): Promise<readonly Frame[]>;
  close(): Promise<void>;
}

export type Headed = Readonly<Record<string, string>>;

export interface KubernetesClient {
  /** A body is JSON unless the headers say otherwise; text is sent as it is. */
  request(method: string, path: string, body?: unknown, headers?: Headed): Promise<Answer>;
  get(path: string, headers?: Headed): Promise<Answer>;
  post(path: string, body: unknown, headers?: Headed): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  /** A JSON patch when the body is an array, else a merge patch. */
  patch(path: string, body: unknown, headers?: Headed): Promise<Answer>;
  delete(path: string, body?: unknown): Promise<Answer>;
  watch(path: string, headers?: Headed): Promise<WatchReader>;
}

export function createClient(handle: KubernetesHandle): KubernetesClient {
  const send: KubernetesClient['request'] = async (method, path, body, headers = {}) => {
    const type = method === 'PATCH' ? patchType(body) : 'application/json';
    const response = await handle.fetch(`${handle.url}${path}`, {
      method,
      headers: { 'content-type': type, ...handle.headers, ...headers },
      ...(body === undefined ? {} : { body: bodyText(body) }),
    });
    return { status: response.status, headers: response.headers, body: await readBody(response) };
  };
  return {
    request: send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body, headers) => send('PATCH', path, body, headers),
    delete: (path, body) => send('DELETE', path, body),
    watch: (path, headers) => openWatch(handle, path, headers),
  };
}

function patchType(body: unknown): string {
  return `application/${Array.isArray(body) ? 'json-patch' : 'merge-patch'}+json`;
}

function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** `404 page not found` is no JSON. */
async function readBody(response: Response): Promise<Body> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return isJson ? (JSON.parse(text) as Body) : { metadata: { name: '' }, message: text };
}

const SILENCE_MS_MAX = 30_000;

async function openWatch(
  handle: KubernetesHandle,
  path: string,
  headers: Headed = {},
): Promise<WatchReader> {
  const abort = new AbortController();
  const response = await handle.fetch(`${handle.url}${path}`, {
    headers: { ...handle.headers, ...headers },
    signal: abort.signal,
  });
  if (response.status !== 200) {
    throw new Error(`watch ${path}: ${response.status} ${await response.text()}`);
  }
  const lines = linesOf(response);
  const next = async (): Promise<Frame | undefined> => {
    const line = await withinSilence(lines.next(), path);
    return line.done === true ? undefined : (JSON.parse(line.value) as Frame);
  };
  const rest = async (): Promise<readonly Frame[]> => {
    const frames: Frame[] = [];
    for (let frame = await next(); frame !== undefined; frame = await next()) frames.push(frame);
    return frames;
  };
  return { next, rest, close: async () => abort.abort() };
}

async function* linesOf(response: Response): AsyncGenerator<string, undefined> {
  let pending = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    pending += decoder.decode(chunk, { stream: true });
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    yield* lines;
  }
  return undefined;
}

async function withinSilence<T>(value: Promise<T>, path: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`silence on ${path}`)), SILENCE_MS_MAX);
  try {
    return await Promise.race([value, promise]);
  } finally {
    clearTimeout(timer);
  }
}
