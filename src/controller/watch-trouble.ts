/**
 * Why a list or a watch did not go on, and what that means for the reflector. client-go's rules,
 * with the lessons of others: see the tables.
 */
import type { Frame } from '../ports.ts';
import type { ListFailure } from './listing.ts';
import type { Ended } from './watch-stream.ts';

/** Also the label of the metric. */
export type TroubleReason =
  | 'Expired'
  | 'Rewound'
  | 'TooLarge'
  | 'TooManyRequests'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'Invalid'
  | 'Refused'
  | 'Broken'
  | 'Idle'
  | 'Overdue'
  | 'Short';

export interface Trouble {
  readonly reason: TroubleReason;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

/**
 * - `Relist`: what we know may be wrong; list anew, at once the first time.
 * - `RelistLater`: list anew after a pause.
 * - `Resume`: go on after a pause from where we were.
 */
export type Remedy = 'Relist' | 'RelistLater' | 'Resume';

export const REMEDIES: Readonly<Record<TroubleReason, Remedy>> = {
  Expired: 'Relist',
  Rewound: 'Relist',
  NotFound: 'RelistLater',
  TooLarge: 'Resume',
  TooManyRequests: 'Resume',
  Unauthorized: 'Resume',
  Forbidden: 'Resume',
  Invalid: 'RelistLater',
  Refused: 'Resume',
  Broken: 'Resume',
  Idle: 'Resume',
  Overdue: 'Resume',
  Short: 'Resume',
};

/** So many times in a row; then what we resume from is what is wrong, and we list anew. */
export const RESUMES_MAX: Readonly<Partial<Record<TroubleReason, number>>> = {
  TooLarge: 2,
  Refused: 5,
};

/** For whoever reads the log. */
export const SENTENCES: Readonly<Record<TroubleReason, string>> = {
  Expired: 'the watch is too old for the API server, listing anew',
  Rewound: 'the resourceVersion went backwards, listing anew',
  NotFound: 'the API server does not know this kind: install its CRD; trying again',
  TooLarge: 'the API server is behind the resourceVersion we saw, trying again',
  TooManyRequests: 'the API server asks us to slow down, trying again',
  Unauthorized: 'the API server does not accept our credentials, trying again',
  Forbidden: 'RBAC forbids to list or watch: allow both verbs on this kind; trying again',
  Invalid: 'the API server does not understand the list or watch, trying again',
  Refused: 'the API server refused the list or watch, trying again',
  Broken: 'the connection broke or carried garbage, trying again',
  Idle: 'the watch went silent, opening another',
  Overdue: 'the watch outlived its time, opening another',
  Short: 'the watch ended at once, trying again',
};

const BY_STATUS: Readonly<Record<number, TroubleReason>> = {
  400: 'Invalid',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
};

/** gardener/dashboard #771: an endless loop where this 504 was taken for any other. */
const TOO_LARGE = /resource ?version ?too ?large|too large resource version/i;
const TOO_LARGE_PAUSE_MS = 1_000;

export function troubleOf(frame: Extract<Frame, { kind: 'Error' | 'Broken' }>): Trouble {
  if (frame.kind === 'Error') return refusal(frame.status, frame);
  return trouble('Broken', frame.message);
}

export function troubleOfList(failure: ListFailure): Trouble {
  switch (failure.kind) {
    case 'KubernetesFailed':
      return refusal(failure.status, failure);
    case 'Gone':
      return trouble('NotFound', 'not found');
    case 'Conflict':
      return trouble('Refused', 'conflict');
    case 'NotSent':
      return trouble('Broken', failure.message);
  }
}

/** A watch that ended sooner and brought nothing new is a failure (client-go). */
const SHORT_MS = 1_000;

/** @returns `undefined` for an end in good order */
export function troubleOfEnd(
  because: Ended['because'],
  brought: { readonly hasNews: boolean },
  livedMs: number,
): Trouble | undefined {
  switch (because) {
    case 'Closed':
      if (brought.hasNews || livedMs >= SHORT_MS) return undefined;
      return trouble('Short', 'closed by the server');
    case 'Idle':
      return trouble('Idle', 'no frame, not even a bookmark');
    case 'Overdue':
      return trouble('Overdue', 'not closed by the server');
    case 'Interrupted':
      return undefined;
  }
}

export const REWOUND = trouble('Rewound', 'a frame is older than the place of the watch');

function trouble(reason: TroubleReason, message: string): Trouble {
  return { reason, message, retryAfterMs: undefined };
}

interface Refusal {
  readonly reason?: string;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

function refusal(status: number | undefined, said: Refusal): Trouble {
  const { message, retryAfterMs } = said;
  if (said.reason === 'Expired') return { reason: 'Expired', message, retryAfterMs };
  if (TOO_LARGE.test(`${said.reason} ${message}`))
    return { reason: 'TooLarge', message, retryAfterMs: retryAfterMs ?? TOO_LARGE_PAUSE_MS };
  const known = status === undefined ? 'Broken' : BY_STATUS[status];
  return { reason: known ?? 'Refused', message, retryAfterMs };
}
