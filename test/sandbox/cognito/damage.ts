/** Answers that arrive, but not as they were given. */
import { isRecord } from './constraints.ts';
import type { Answer } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;

/** A proxy's page has no request id; the service's own has. */
export const htmlPage = (status: number, requestId: string | undefined): Answer => ({
  status,
  headers: {
    'content-type': 'text/html',
    ...(requestId !== undefined && { 'x-amzn-requestid': requestId }),
  },
  body:
    `<html>\r\n<head><title>${status}</title></head>\r\n` +
    `<body>\r\n<center><h1>${status}</h1></center>\r\n</body>\r\n</html>\r\n`,
});

/** Half of the body; of an empty one, the beginning of something. */
export const truncated = (answer: Answer): Answer => ({
  ...answer,
  body: answer.body.length === 0 ? '{"' : answer.body.slice(0, answer.body.length / 2),
});

export const garbage = (answer: Answer): Answer => ({
  ...answer,
  body: Buffer.from('\u0000\u001b[31m{]"\uFFFD not json \r\n'.repeat(8)),
});

export const emptied = (answer: Answer): Answer => ({ ...answer, body: '' });

/** Sound but for `bytes` bytes more: an unknown member of JSON, a comment of XML. */
export const padded = (answer: Answer, bytes: number): Answer =>
  isJson(answer)
    ? rewritten(answer, (output) => ({ ...output, Padding: 'x'.repeat(bytes) }))
    : { ...answer, body: `${answer.body.toString()}<!--${'x'.repeat(bytes)}-->` };

/** The answer to another request: the resource server in it carries another identifier. */
export const misdirected = (answer: Answer, identifier: string): Answer =>
  rewritten(answer, (output) => {
    const server = output['ResourceServer'];
    if (!isRecord(server)) return output;
    return { ...output, ResourceServer: { ...server, Identifier: identifier } };
  });

/** Leaves XML as it is. */
export function rewritten(answer: Answer, rewrite: (output: Json) => Json): Answer {
  if (!isJson(answer)) return answer;
  const output: unknown = answer.body.length === 0 ? {} : JSON.parse(answer.body.toString());
  return { ...answer, body: JSON.stringify(rewrite(isRecord(output) ? output : {})) };
}

const isJson = ({ headers }: Answer): boolean =>
  headers['content-type'] === 'application/x-amz-json-1.1';
