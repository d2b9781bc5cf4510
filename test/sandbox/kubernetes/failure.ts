/**
 * Every answer that is not a success: a `Status` object with the code, the reason and the words of
 * a real kube-apiserver. Thrown by the server's own code and turned into an answer in one place.
 */

import { compact, type JsonObject } from './kube-object.ts';
import { aggregate, type FieldError } from './schema/field-error.ts';
import { quoted } from './schema/go-text.ts';

export interface Cause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface FailureDetails {
  readonly name?: string | undefined;
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly uid?: string | undefined;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

export interface FailureParts {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: FailureDetails;
  readonly headers?: Readonly<Record<string, string>>;
  /** `metadata` of the Status: a fresh continue token travels there. */
  readonly metadata?: JsonObject;
  /** What was noticed before it failed. */
  readonly warnings?: readonly string[];
}

export class Failure extends Error {
  readonly parts: FailureParts;

  constructor(parts: FailureParts) {
    super(parts.message);
    this.parts = parts;
  }

  get status(): JsonObject {
    const { code, reason, message, details, metadata } = this.parts;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: metadata ?? {},
      status: 'Failure',
      message,
      ...(reason === '' ? {} : { reason }),
      ...(details === undefined ? {} : { details: compact(details) }),
      code,
    };
  }
}

/** Of what a failure speaks: `resourceservers.cognito-operator.io "x"`. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

const qualified = (resource: string, group: string): string =>
  group === '' ? resource : `${resource}.${group}`;

const detailsOf = (subject: Subject, name: string): FailureDetails => ({
  name: name === '' ? undefined : name,
  group: subject.group === '' ? undefined : subject.group,
  kind: subject.plural,
});

export const badRequest = (message: string): Failure =>
  new Failure({ code: 400, reason: 'BadRequest', message });

export const tooLarge = (bytesMax: number): Failure =>
  new Failure({
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `Request entity too large: limit is ${bytesMax}`,
  });

export const unauthorized = (): Failure =>
  new Failure({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });

export const pathNotFound = (): Failure =>
  new Failure({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });

export const notFound = (subject: Subject, name: string): Failure =>
  new Failure({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(subject.plural, subject.group)} ${quoted(name)} not found`,
    details: detailsOf(subject, name),
  });

export const alreadyExists = (subject: Subject, name: string): Failure =>
  new Failure({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(subject.plural, subject.group)} ${quoted(name)} already exists`,
    details: detailsOf(subject, name),
  });

export const conflict = (subject: Subject, name: string, why: string): Failure =>
  new Failure({
    code: 409,
    reason: 'Conflict',
    message:
      `Operation cannot be fulfilled on ${qualified(subject.plural, subject.group)} ` +
      `${quoted(name)}: ${why}`,
    details: detailsOf(subject, name),
  });

export const modified = (subject: Subject, name: string): Failure =>
  conflict(
    subject,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const forbiddenAccess = (
  subject: Subject,
  name: string,
  why: string,
  causes: readonly Cause[] = [],
): Failure =>
  new Failure({
    code: 403,
    reason: 'Forbidden',
    message:
      qualified(subject.plural, subject.group) +
      `${name === '' ? '' : ` ${quoted(name)}`} is forbidden: ${why}`,
    details: { ...detailsOf(subject, name), ...(causes.length === 0 ? {} : { causes }) },
  });

export function invalidObject(
  subject: Subject,
  name: string,
  errors: readonly FieldError[],
): Failure {
  return new Failure({
    code: 422,
    reason: 'Invalid',
    message:
      `${qualified(subject.kind, subject.group)} ${quoted(name)} is invalid: ` + aggregate(errors),
    details: { ...detailsOf(subject, name), kind: subject.kind, causes: causesOf(errors) },
  });
}

const causesOf = (errors: readonly FieldError[]): readonly Cause[] =>
  errors.map(({ reason, message, field }) => ({ reason, message, field }));

export const methodNotAllowed = (): Failure =>
  new Failure({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });

export const verbNotSupported = (subject: Subject, verb: string): Failure =>
  new Failure({
    code: 405,
    reason: 'MethodNotAllowed',
    message:
      `${verb} is not supported on resources of kind ` +
      JSON.stringify(qualified(subject.plural, subject.group)),
    details: detailsOf(subject, ''),
  });

export const versionMissing = (): Failure => {
  const message = "Object 'apiVersion' is missing in 'object has no apiVersion field'";
  return new Failure({
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
  });
};

export const unsupportedMediaType = (message: string): Failure =>
  new Failure({ code: 415, reason: 'UnsupportedMediaType', message });

export const expired = (message: string, metadata?: JsonObject): Failure =>
  new Failure({
    code: 410,
    reason: 'Expired',
    message,
    ...(metadata === undefined ? {} : { metadata }),
  });

export const revisionTooLarge = (asked: number, current: number): Failure =>
  new Failure({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    headers: { 'Retry-After': '1' },
  });
