/** What the server answers: a whole body, or a stream of frames (a watch). */
import type { Failure } from './failure.ts';
import { warningHeaders } from './warning-header.ts';

export type Answer =
  | {
      readonly kind: 'whole';
      readonly code: number;
      readonly headers: Readonly<Record<string, string | readonly string[]>>;
      readonly body: string;
    }
  | { readonly kind: 'frames'; readonly open: (sink: FrameSink) => () => void };

/** Where the frames of a watch go. */
export interface FrameSink {
  readonly write: (frame: string) => void;
  readonly end: () => void;
}

export function json(code: number, body: unknown, warnings: readonly string[] = []): Answer {
  return jsonText(code, JSON.stringify(body), warnings);
}

export function jsonText(code: number, body: string, warnings: readonly string[] = []): Answer {
  const warning = warningHeaders(warnings);
  const headers = { 'content-type': 'application/json' };
  return {
    kind: 'whole',
    code,
    headers: warning.length === 0 ? headers : { ...headers, warning },
    body,
  };
}

export function text(code: number, body: string): Answer {
  return { kind: 'whole', code, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** No JSON: a real server says it this way for what it does not serve at all. */
export const PAGE_NOT_FOUND: Answer = text(404, '404 page not found\n');

export function failed(failure: Failure): Answer {
  const answer = json(failure.parts.code, failure.status, failure.parts.warnings);
  if (answer.kind !== 'whole' || failure.parts.headers === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, ...failure.parts.headers } };
}
