/**
 * The embedded API server's edge in front of a real one: each request is passed on with the token
 * that it came with, or with the administrator's; each answer and each frame of a watch is passed
 * back.
 */
import type { Headed } from '../contract/kubernetes-client.ts';
import { type Answer, failed } from '../sandbox/kubernetes/answer.ts';
import { denial } from '../sandbox/kubernetes/api.ts';
import type { Switchboard } from '../sandbox/kubernetes/edge/faults.ts';
import type { ApiRequest, Target } from '../sandbox/kubernetes/request.ts';
import { OPERATOR_USER } from './access.ts';
import type { Admin } from './admin.ts';

export type Relay = (request: ApiRequest, target: Target) => Promise<Answer>;

/** @param more headers over those that a request came with */
export function createRelay(admin: Admin, faults: Switchboard, more: Headed = {}): Relay {
  const { url, fetch } = admin.handle();
  return async (request, target) => {
    if (target.kind === 'resource') {
      const { verb, group, resource, subresource = '' } = target;
      if (faults.isDenied({ verb, group, resource, subresource })) {
        return failed(denial(target, OPERATOR_USER));
      }
    }
    const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
    const gone = new AbortController();
    const response = await fetch(`${url}${request.path}${query}`, {
      method: request.method,
      headers: { ...sent(request), ...more },
      ...(request.body === '' ? {} : { body: request.body }),
      signal: gone.signal,
    });
    const isWatch = target.verb === 'watch' && response.status === 200;
    return isWatch ? framesOf(response, gone) : await wholeOf(response);
  };
}

/** Of one connection, not of the request; and how a body is packed, which `fetch` sees to. */
const HOP_BY_HOP = [
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'host',
  'keep-alive',
  'transfer-encoding',
];

/** Protobuf would not survive an edge that reads text. */
function sent({ headers }: ApiRequest): Record<string, string> {
  const { accept = '*/*', ...others } = without(HOP_BY_HOP, Object.entries(headers));
  const legible = accept.split(',').filter((each) => !each.includes('protobuf'));
  return { ...others, accept: legible.join(',') };
}

function without(
  names: readonly string[],
  headers: Iterable<readonly [string, string]>,
): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !names.includes(name.toLowerCase())));
}

async function wholeOf(response: Response): Promise<Answer> {
  const headers = without(HOP_BY_HOP, response.headers);
  return { kind: 'whole', code: response.status, headers, body: await response.text() };
}

function framesOf({ body }: Response, gone: AbortController): Answer {
  return {
    kind: 'frames',
    open(sink) {
      // A server that goes away ends its watches, as it does without a relay.
      copyLines(body, sink.write).then(sink.end, sink.end);
      return () => gone.abort();
    },
  };
}

async function copyLines(
  body: ReadableStream<Uint8Array> | null,
  write: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body ?? []) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) write(`${line}\n`);
  }
}
