/** A request without the network, for tests: the same code, and nothing in between. */
import type { Api } from '../api.ts';
import { type ApiRequest, targetOf } from '../request.ts';

export interface DirectRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface DirectAnswer {
  readonly status: number;
  /** JSON, parsed; other answers are text. */
  readonly body: unknown;
}

export function answerDirectly(api: Api, direct: DirectRequest): DirectAnswer {
  const request = apiRequest(direct);
  const answer = api(request, targetOf(request));
  if (answer.kind === 'frames') throw new Error('a watch needs the network: use fetch');
  const isJson = answer.headers['content-type'] === 'application/json';
  return { status: answer.code, body: isJson ? JSON.parse(answer.body) : answer.body };
}

function apiRequest({ method, path, body, headers = {} }: DirectRequest): ApiRequest {
  const url = new URL(path, 'http://localhost');
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: { 'content-type': defaultType(method, body), ...Object.fromEntries(lowered) },
    body: bodyText(body),
  };
}

/** An array is a JSON patch, an object a merge patch. */
function defaultType(method: string, body: unknown): string {
  if (method !== 'PATCH') return 'application/json';
  return `application/${Array.isArray(body) ? 'json-patch' : 'merge-patch'}+json`;
}

function bodyText(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
