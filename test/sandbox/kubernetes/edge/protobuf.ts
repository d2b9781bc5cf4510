/**
 * kubectl sends some built-in kinds as protobuf and nothing else: `kubectl create namespace` and
 * `kubectl auth can-i`. Those two are read here; every other kind is left to be refused.
 *
 * Envelope: "k8s\0", then runtime.Unknown { typeMeta = 1 { apiVersion = 1, kind = 2 }, raw = 2 }.
 * Field numbers: generated.proto of k8s.io/api and k8s.io/apimachinery, v0.36.
 */
import { asText, type JsonObject } from '../kube-object.ts';

type Field =
  | { readonly name: string; readonly kind: 'text' }
  | { readonly name: string; readonly kind: 'map' }
  | { readonly name: string; readonly kind: 'message'; readonly fields: Fields };

type Fields = Readonly<Record<number, Field>>;

const text = (name: string): Field => ({ name, kind: 'text' });
const map = (name: string): Field => ({ name, kind: 'map' });
const message = (name: string, fields: Fields): Field => ({ name, kind: 'message', fields });

const TYPE_META: Fields = { 1: message('typeMeta', { 1: text('apiVersion'), 2: text('kind') }) };
const META = message('metadata', {
  1: text('name'),
  2: text('generateName'),
  3: text('namespace'),
  11: map('labels'),
  12: map('annotations'),
});
const RESOURCE = message('resourceAttributes', {
  1: text('namespace'),
  2: text('verb'),
  3: text('group'),
  4: text('version'),
  5: text('resource'),
  6: text('subresource'),
  7: text('name'),
});
const PATH = message('nonResourceAttributes', { 1: text('path'), 2: text('verb') });

const KINDS: Readonly<Record<string, Fields>> = {
  Namespace: { 1: META },
  SelfSubjectAccessReview: { 1: META, 2: message('spec', { 1: RESOURCE, 2: PATH }) },
};

const MAGIC = 'k8s\0';
const RAW = 2;

/** The object, or undefined when it is of another kind, or no protobuf of Kubernetes at all. */
export function decodeProtobuf(bytes: Buffer): JsonObject | undefined {
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return undefined;
  const envelope = bytes.subarray(MAGIC.length);
  const { typeMeta } = decodeMessage(envelope, TYPE_META) as { readonly typeMeta?: JsonObject };
  const fields = KINDS[asText(typeMeta?.['kind'])];
  const raw = wireFields(envelope).find(({ number }) => number === RAW);
  if (fields === undefined || raw === undefined) return undefined;
  return { ...typeMeta, ...decodeMessage(raw.bytes, fields) };
}

function decodeMessage(bytes: Buffer, fields: Fields): JsonObject {
  const result: Record<string, unknown> = {};
  for (const wire of wireFields(bytes)) {
    const field = fields[wire.number];
    if (field !== undefined)
      result[field.name] = decodeField(wire.bytes, field, result[field.name]);
  }
  return result;
}

function decodeField(bytes: Buffer, field: Field, before: unknown): unknown {
  switch (field.kind) {
    case 'text':
      return bytes.toString();
    case 'map': {
      const entry = decodeMessage(bytes, { 1: text('key'), 2: text('value') });
      return { ...(before as JsonObject), [asText(entry['key'])]: asText(entry['value']) };
    }
    case 'message':
      return decodeMessage(bytes, field.fields);
  }
}

interface WireField {
  readonly number: number;
  readonly bytes: Buffer;
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** The length-delimited fields; numbers are passed over, other wire types end the message. */
function wireFields(bytes: Buffer): readonly WireField[] {
  const found: WireField[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    const first = readVarint(bytes, tag.next);
    const wireType = tag.value & 7;
    if (wireType !== VARINT && wireType !== LENGTH_DELIMITED) return found;
    at = wireType === VARINT ? first.next : first.next + first.value;
    if (wireType === VARINT) continue;
    found.push({ number: tag.value >>> 3, bytes: bytes.subarray(first.next, at) });
  }
  return found;
}

function readVarint(
  bytes: Buffer,
  start: number,
): { readonly value: number; readonly next: number } {
  let value = 0;
  let next = start;
  for (let shift = 0; next < bytes.length; shift += 7) {
    const byte = bytes[next] ?? 0;
    next += 1;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  return { value, next };
}
