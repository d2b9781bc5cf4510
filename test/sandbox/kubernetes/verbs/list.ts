/** GET of a collection: whole, or in pages that all show the revision of the first. */
import { type ApiContext, collectionOf } from '../api-context.ts';
import { badRequest, expired, type Failure } from '../failure.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { at, type KubeObject, textAt } from '../kube-object.ts';
import { firstAtOrAfter, type Snapshot } from '../store.ts';
import { type ListOptions, revisionOf, type Selection } from './list-options.ts';

export interface Listing {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continueToken: string;
  readonly remaining: number | undefined;
}

export function list(
  api: ApiContext,
  type: ResourceType,
  { selection, options }: { readonly selection: Selection; readonly options: ListOptions },
): Listing {
  const { snapshot, from } = startOf(api, type, options);
  const prefix = selection.namespace === undefined ? '' : `${selection.namespace}/`;
  const page = pageOf(snapshot, { type, selection, prefix, from, limit: options.limit });
  const more = page.next === undefined ? '' : writeToken(snapshot.revision, page.next);
  return {
    items: page.items,
    resourceVersion: String(snapshot.revision),
    continueToken: more,
    remaining: more === '' || selection.isSelective ? undefined : page.remaining,
  };
}

interface Start {
  readonly snapshot: Snapshot;
  /** The key after which this page begins. */
  readonly from: string;
}

function startOf(api: ApiContext, type: ResourceType, options: ListOptions): Start {
  const collection = collectionOf(api, type);
  const { resourceVersion, resourceVersionMatch, continueToken } = options;
  if (continueToken !== '') {
    if (resourceVersion !== '' && resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    const token = readToken(continueToken);
    const snapshot = token.revision === -1 ? collection.now() : collection.at(token.revision);
    if (snapshot === undefined) throw tokenExpired(token.after);
    return { snapshot, from: token.after };
  }
  const revision = revisionOf(resourceVersion, api.store.current);
  if (resourceVersionMatch !== 'Exact') return { snapshot: collection.now(), from: '' };
  const snapshot = collection.at(revision);
  if (snapshot !== undefined) return { snapshot, from: '' };
  throw expired('The resourceVersion for the provided list is too old.');
}

interface PageRequest {
  readonly type: ResourceType;
  readonly selection: Selection;
  readonly prefix: string;
  readonly from: string;
  readonly limit: number;
}

interface Page {
  readonly items: readonly KubeObject[];
  readonly next: string | undefined;
  readonly remaining: number;
}

function pageOf({ keys, objects }: Snapshot, request: PageRequest): Page {
  const { type, selection, prefix, from, limit } = request;
  const end = prefix === '' ? keys.length : firstAtOrAfter(keys, afterPrefix(prefix));
  const itemsMax = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  const items: KubeObject[] = [];
  let index = firstAtOrAfter(keys, from > prefix ? `${from}\u0000` : prefix);
  for (; index < end; index += 1) {
    if (items.length >= itemsMax) break;
    const object = type.rules.toServed(objects.get(keys[index] as string) as KubeObject);
    if (selection.matches(object)) items.push(object);
  }
  return { items, next: index < end ? keys[index - 1] : undefined, remaining: end - index };
}

/** The least key that is greater than every key with this prefix. */
function afterPrefix(prefix: string): string {
  return `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;
}

interface Token {
  /** -1: go on without consistency, whatever the current revision. */
  readonly revision: number;
  readonly after: string;
}

function writeToken(revision: number, after: string): string {
  const token = { v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function readToken(text: string): Token {
  const token = parsedToken(text);
  const version = textAt(token, 'v');
  if (version !== 'meta.k8s.io/v1') {
    throw badToken(`: server does not recognize this encoded version ${version}`);
  }
  const [rv, start] = [at(token, 'rv'), textAt(token, 'start')];
  if (typeof rv !== 'number' || start === '') throw badToken('');
  return { revision: rv, after: start.split('\u0000')[0] ?? '' };
}

function parsedToken(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw badToken('');
  }
}

const badToken = (why: string): Failure =>
  badRequest(`invalid continue token: continue key is not valid${why}`);

function tokenExpired(after: string): Failure {
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can ' +
      'start a new list without the continue parameter, or use the continue token in this ' +
      'response to retrieve the remainder of the results. Continuing with the provided token ' +
      'results in an inconsistent list - objects that were created, modified, or deleted between ' +
      'the time the first chunk was returned and now may show up in the list.',
    { continue: writeToken(-1, after) },
  );
}
