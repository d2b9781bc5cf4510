/** The requests that came in, the last ones in full and all of them counted. */
import type { ApiRequest, Target } from '../request.ts';

export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly userAgent: string;
  /** 0 until it is answered, and for ever when the connection was cut instead. */
  readonly status: number;
  /** When it arrived, in milliseconds since the epoch. */
  readonly at: number;
}

const RECORDS_MAX = 10_000;

export class RequestLog {
  readonly #records: RequestRecord[] = [];
  readonly #counts = new Map<string, number>();

  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  /** Keys such as `list resourceservers`, `patch resourceservers/status`, `get /version`. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Returns what notes the status of the answer. */
  arrived(request: ApiRequest, target: Target, at: number): (status: number) => void {
    const record = {
      method: request.method,
      path: request.path,
      query: request.query.toString(),
      userAgent: request.headers['user-agent'] ?? '',
      status: 0,
      at,
    };
    this.#records.push(record);
    if (this.#records.length > RECORDS_MAX) this.#records.shift();
    const key = countKey(request, target);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return (status) => {
      record.status = status;
    };
  }
}

function countKey(request: ApiRequest, target: Target): string {
  switch (target.kind) {
    case 'path':
      return `${target.verb} ${request.path}`;
    case 'resource': {
      const { verb, resource, subresource } = target;
      return `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
    }
  }
}
