/** The query parameters of list and watch, parsed and judged as a kube-apiserver judges them. */
import { badRequest, Failure, invalidObject, revisionTooLarge } from '../failure.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import type { KubeObject } from '../kube-object.ts';
import { type ApiRequest, isTrue } from '../request.ts';
import { type FieldError, forbidden, notSupported } from '../schema/field-error.ts';
import { isInt64, quoted } from '../schema/go-text.ts';
import { fieldPredicate, labelPredicate, type Predicate } from './selectors.ts';

export interface Selection {
  readonly namespace: string | undefined;
  readonly matches: Predicate;
  readonly isSelective: boolean;
}

export interface ListOptions {
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly limit: number;
  readonly continueToken: string;
}

export function selectionOf(
  { query }: ApiRequest,
  type: ResourceType,
  {
    namespace,
    name,
  }: { readonly namespace: string | undefined; readonly name?: string | undefined },
): Selection {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  const byLabel = labelPredicate(labels);
  const byField = fieldPredicate(fields, type.selectable);
  const inPlace: Predicate = ({ metadata }) =>
    (namespace === undefined || metadata.namespace === namespace) &&
    (name === undefined || metadata.name === name);
  return {
    namespace,
    matches: (object: KubeObject) => inPlace(object) && byLabel(object) && byField(object),
    isSelective: labels !== '' || fields !== '' || name !== undefined,
  };
}

export function listOptionsOf({ query }: ApiRequest): ListOptions {
  parsedInteger(query.get('timeoutSeconds') ?? '0');
  if (query.get('sendInitialEvents') !== null) {
    throw invalidOptions(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  const options = {
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    limit: parsedInteger(query.get('limit') ?? '0'),
    continueToken: query.get('continue') ?? '',
  };
  checkMatch(options);
  // Of any revision a list comes from the cache, which has no pages.
  return options.resourceVersion === '0' ? { ...options, limit: 0 } : options;
}

function parsedInteger(text: string): number {
  const isInteger = /^[-+]?[0-9]+$/.test(text);
  if (isInteger && isInt64(Number(text))) return Math.max(0, Number(text));
  const why = isInteger ? 'value out of range' : 'invalid syntax';
  throw badRequest(`strconv.ParseInt: parsing ${quoted(text)}: ${why}`);
}

function checkMatch({ resourceVersion, resourceVersionMatch: match, continueToken }: ListOptions) {
  const field = 'resourceVersionMatch';
  if (continueToken !== '' && match !== '') throw continueForbidden();
  if (match === '') return;
  if (resourceVersion === '') {
    throw invalidOptions(
      forbidden(field, `${field} is forbidden unless resourceVersion is provided`),
    );
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalidOptions(notSupported(field, match, ['Exact', 'NotOlderThan', '']));
  }
  if (match === 'Exact' && resourceVersion === '0') {
    throw invalidOptions(forbidden(field, `${field} "exact" is forbidden for resourceVersion "0"`));
  }
}

function continueForbidden(): Failure {
  const field = 'resourceVersionMatch';
  return invalidOptions(forbidden(field, `${field} is forbidden when continue is provided`));
}

export function invalidOptions(...errors: readonly FieldError[]): Failure {
  return invalidObject({ group: 'meta.k8s.io', plural: '', kind: 'ListOptions' }, '', errors);
}

/** 0 for "any" and "most recent"; a revision that has not happened yet is refused. */
export function revisionOf(text: string, current: number): number {
  if (text === '' || text === '0') return 0;
  if (!/^[0-9]+$/.test(text)) throw badRequest(`invalid resource version: ${unreadable(text)}`);
  const asked = Number(text);
  if (asked > current) throw revisionTooLarge(asked, current);
  return asked;
}

/** Of a watch this is a fault of the server, in the words of a real one. */
export function checkWatchRevision(text: string): void {
  if (/^[0-9]*$/.test(text)) return;
  throw new Failure({ code: 500, reason: '', message: unreadable(text) });
}

const unreadable = (text: string): string =>
  `resourceVersion: Invalid value: ${quoted(text)}: ` +
  `strconv.ParseUint: parsing ${quoted(text)}: invalid syntax`;

export interface WatchOptions {
  readonly resourceVersion: string;
  readonly wantsBookmarks: boolean;
  readonly sendsInitialEvents: 'yes' | 'no' | 'as-always';
  readonly timeoutMs: number;
}

const TIMEOUT_MS_DEFAULT = 30 * 60_000;
/** Longer ones would fire at once: timers hold 31 bits. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

export function watchOptionsOf({ query }: ApiRequest, servesWatchList: boolean): WatchOptions {
  const send = query.get('sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  const seconds = parsedInteger(query.get('timeoutSeconds') ?? '0');
  checkInitialEvents(send, match, servesWatchList);
  if ((query.get('continue') ?? '') !== '') throw continueForbidden();
  return {
    resourceVersion: query.get('resourceVersion') ?? '',
    wantsBookmarks: isTrue(query.get('allowWatchBookmarks')),
    sendsInitialEvents: send === null ? 'as-always' : isTrue(send) ? 'yes' : 'no',
    timeoutMs: seconds > 0 ? Math.min(seconds * 1000, TIMEOUT_MS_MAX) : TIMEOUT_MS_DEFAULT,
  };
}

function checkInitialEvents(send: string | null, match: string, servesWatchList: boolean): void {
  if (send !== null && !servesWatchList) {
    throw invalidOptions(
      forbidden(
        'sendInitialEvents',
        'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      ),
    );
  }
  const field = 'resourceVersionMatch';
  const strange = ['', 'NotOlderThan'].includes(match)
    ? []
    : [notSupported(field, match, ['NotOlderThan'])];
  if (send !== null && match !== 'NotOlderThan') {
    const why = `sendInitialEvents requires setting ${field} to NotOlderThan`;
    throw invalidOptions(forbidden(field, why), ...strange);
  }
  if (send === null && match !== '') {
    const why = `${field} is forbidden for watch unless sendInitialEvents is provided`;
    throw invalidOptions(forbidden(field, why), ...strange);
  }
}
