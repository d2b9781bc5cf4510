/** Content negotiation: the same objects as JSON, as tables, or as metadata only. */
import { type Answer, json, jsonText } from '../answer.ts';
import { Failure } from '../failure.ts';
import { apiVersionOf, type ResourceType } from '../kinds/resource-type.ts';
import { compact, type JsonObject, type KubeObject, textOf } from '../kube-object.ts';
import type { ApiRequest } from '../request.ts';
import type { Listing } from './list.ts';
import { partialMetadata } from './partial-metadata.ts';
import { type RowObject, tableOf, withoutColumns } from './table.ts';

export type Shape = 'json' | 'table' | 'metadata' | 'metadata-list';

export interface Rendering {
  readonly shape: Shape;
  readonly rowObject: RowObject;
  readonly type: ResourceType;
  readonly now: () => Date;
}

export function renderingOf(
  request: ApiRequest,
  { type, now }: Pick<Rendering, 'type' | 'now'>,
): Rendering {
  const asked = request.query.get('includeObject');
  const rowObject = asked === 'None' || asked === 'Object' ? asked : 'Metadata';
  return { shape: shapeOf(request.headers['accept'] ?? ''), rowObject, type, now };
}

/** The first media range that this server can serve, as the client orders them. */
function shapeOf(accept: string): Shape {
  if (accept === '') return 'json';
  for (const range of accept.split(',')) {
    const [media, ...parameters] = range.split(';').map((part) => part.trim());
    const shape = shapeNamed(parameters);
    if (['application/json', 'application/*', '*/*'].includes(String(media)) && shape) return shape;
  }
  throw new Failure({
    code: 406,
    reason: 'NotAcceptable',
    message: 'only the following media types are accepted: application/json',
  });
}

function shapeNamed(parameters: readonly string[]): Shape | undefined {
  const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice('as='.length);
  switch (as) {
    case undefined:
      return 'json';
    case 'Table':
      return parameters.includes('v=v1') ? 'table' : undefined;
    case 'PartialObjectMetadata':
      return 'metadata';
    case 'PartialObjectMetadataList':
      return 'metadata-list';
    default:
      return undefined;
  }
}

export interface Shown {
  readonly code: number;
  readonly warnings: readonly string[];
}

export function renderObject(object: KubeObject, rendering: Rendering, shown: Shown): Answer {
  return jsonText(shown.code, objectText(object, rendering), shown.warnings);
}

function objectText(object: KubeObject, rendering: Rendering): string {
  switch (rendering.shape) {
    case 'json':
      return textOf(object);
    case 'table':
      return JSON.stringify(singleTable(object, rendering));
    case 'metadata':
      return JSON.stringify(partialMetadata(object));
    case 'metadata-list':
      throw wrongShape('PartialObjectMetadataList', 'is not a list');
  }
}

function singleTable(object: KubeObject, { type, rowObject, now }: Rendering): JsonObject {
  const { resourceVersion } = object.metadata;
  return tableOf([object], compact({ resourceVersion }), { type, rowObject, now: now() });
}

export function renderList(listing: Listing, rendering: Rendering): Answer {
  const metadata = {
    // A real server says so even when there is no more, for custom resources.
    ...(listing.continueToken === '' && rendering.type.rules.isTyped
      ? {}
      : { continue: listing.continueToken }),
    ...(listing.remaining === undefined ? {} : { remainingItemCount: listing.remaining }),
    resourceVersion: listing.resourceVersion,
  };
  const { type, rowObject, now } = rendering;
  switch (rendering.shape) {
    case 'json':
      return jsonText(200, listText(listing.items, metadata, type));
    case 'table':
      return json(200, tableOf(listing.items, metadata, { type, rowObject, now: now() }));
    case 'metadata':
      throw wrongShape('PartialObjectMetadata', 'is a list');
    case 'metadata-list':
      return json(200, {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: listing.items.map(partialMetadata),
      });
  }
}

function listText(items: readonly KubeObject[], metadata: JsonObject, type: ResourceType): string {
  const head = { apiVersion: apiVersionOf(type), kind: type.listKind, metadata };
  return `${JSON.stringify(head).slice(0, -1)},"items":[${items.map(textOf).join(',')}]}`;
}

/** The text of each object of one watch. */
export function frameRenderer(rendering: Rendering): (object: KubeObject) => string {
  if (rendering.shape !== 'table') return (object) => objectText(object, rendering);
  let isFirst = true;
  return (object) => {
    const table = singleTable(object, rendering);
    const text = JSON.stringify(isFirst ? table : withoutColumns(table));
    isFirst = false;
    return text;
  };
}

function wrongShape(asked: string, why: string): Failure {
  return new Failure({
    code: 406,
    reason: 'NotAcceptable',
    message: `you requested ${asked}, but the requested object ${why}`,
  });
}
