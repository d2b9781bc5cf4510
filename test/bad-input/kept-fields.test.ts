/** Which fields the CRD of the cluster has to keep, and what is noticed when it does not. */
import { describe, expect, test } from 'vitest';
import {
  droppedRecords,
  lackingIn,
  NEEDED_FIELDS,
  TELLING_FIELDS,
} from '../../src/api/kept-fields.ts';
import { FIELDS } from '../golden/schema.ts';
import { aResourceServer } from '../support/builders.ts';
import { crdWithout, documentOf, WHOLE_CRD } from '../support/crd.ts';

describe('the fields that are looked for', () => {
  test('are all fields of the CRD, each once', () => {
    const all = FIELDS.map(({ path }) => path).filter((path) => /^(spec|status)\./.test(path));
    const isItem = (path: string) => path.endsWith('[]');
    expect([...NEEDED_FIELDS, ...TELLING_FIELDS].sort()).toEqual(
      all.filter((path) => !isItem(path)).sort(),
    );
  });

  test('are lacked by no CRD of this version', () => {
    expect(lackingIn(documentOf(WHOLE_CRD))).toEqual({ needed: [], telling: [] });
  });

  test.each(NEEDED_FIELDS)('include %s, which is needed', (path) => {
    expect(lackingIn(documentOf(crdWithout(path)))?.needed).toContain(path);
  });

  test.each(TELLING_FIELDS)('include %s, which only tells', (path) => {
    const lacking = lackingIn(documentOf(crdWithout(path)));
    expect(lacking).toMatchObject({ needed: [], telling: expect.arrayContaining([path]) });
  });

  test('are all kept by a schema that keeps what it does not know', () => {
    const { spec } = crdWithout('status.remote', 'status.pending');
    const [version] = spec.versions;
    const status = version?.schema.openAPIV3Schema.properties?.['status'];
    Object.assign(status ?? {}, { 'x-kubernetes-preserve-unknown-fields': true });
    expect(lackingIn(documentOf({ ...WHOLE_CRD, spec }))?.needed).toEqual([]);
  });

  test.each([undefined, null, 'html', [], {}, { components: { schemas: [null, 1] } }])(
    'cannot be told from %j',
    (document) => {
      expect(lackingIn(document)).toBeUndefined();
    },
  );

  test('cannot be told from the schema of another kind', () => {
    expect(lackingIn(documentOf(WHOLE_CRD, 'Other'))).toBeUndefined();
  });
});

describe('an answer to a write of status', () => {
  const sent = aResourceServer().withRemote().withPending('Update').raw();
  const { remote, pending, ...rest } = sent['status'] as Record<string, unknown>;

  test('that has all that was sent dropped nothing', () => {
    expect(droppedRecords(sent, structuredClone(sent))).toEqual([]);
  });

  test('may have more, such as what somebody else wrote', () => {
    const more = { ...rest, remote: { ...(remote as object), colour: 'red' }, pending, mood: 1 };
    expect(droppedRecords(sent, { status: more })).toEqual([]);
  });

  test('names what is missing, and what is another', () => {
    const another = { ...rest, remote: { ...(remote as object), hash: '1:other' } };
    const dropped = droppedRecords(sent, { status: another });
    expect(dropped).toContain('status.remote.hash');
    expect(dropped).toContain('status.pending');
    expect(dropped).not.toContain('status.remote.origin');
  });

  test('lacks nothing where a record was taken back', () => {
    const cleared = { status: { recordUID: null, remote: null, pending: null } };
    expect(droppedRecords(cleared, { status: {} })).toEqual([]);
  });

  test('that is no object has dropped all', () => {
    expect(droppedRecords(sent, undefined)).toContain('status.recordUID');
  });
});
