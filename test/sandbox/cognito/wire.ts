/** Answers as bytes: AWS JSON 1.1 for Cognito, AWS Query for STS. */
import { randomUUID } from 'node:crypto';
import type { Call } from './call.ts';
import { type ApiError, type StatusStyle, statusOf } from './errors.ts';
import type { Judgement } from './operations.ts';
import { xmlAnswer } from './sts.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export function answerTo(call: Call, judgement: Judgement, style: StatusStyle): Answer {
  const requestId = randomUUID();
  if (call.protocol === 'json') return jsonAnswer(judgement, requestId, style);
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  return { ...xmlAnswer(judgement, requestId), headers };
}

function jsonAnswer(judgement: Judgement, requestId: string, style: StatusStyle): Answer {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': requestId,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
  };
  if (judgement.kind === 'Failure') return jsonError(judgement.error, headers, style);
  const body = judgement.output === undefined ? '' : JSON.stringify(judgement.output);
  return { status: 200, headers, body };
}

const jsonError = (error: ApiError, headers: Answer['headers'], style: StatusStyle): Answer => ({
  status: statusOf(error, style),
  headers: {
    ...headers,
    'x-amzn-errortype': `${error.name}:`,
    'x-amzn-errormessage': headerText(error.message),
  },
  body: JSON.stringify({ __type: error.name, message: error.message }),
});

const headerCharsMax = 1024;

/** A header carries printable ASCII, and clients cap the size of all headers together. */
const headerText = (text: string): string =>
  text.replaceAll(/[^\x20-\x7E]/g, '?').slice(0, headerCharsMax);
