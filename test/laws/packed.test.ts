/** What is kept of a resource is all of it. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from '../../src/api/parse.ts';
import { pack, unpack } from '../../src/memory/packed.ts';
import { expand, shorten } from '../../src/memory/shorthand.ts';
import { ACCOUNT, aResourceServer } from '../support/builders.ts';
import { anyJson, bentResource, resource } from './arbitrary.ts';

const RUNS = { numRuns: 2_000 };

test('a resource comes out as it was packed, however it was bent', () => {
  const raw = fc.oneof(
    bentResource,
    resource.map((built) => built.raw()),
  );
  fc.assert(
    fc.property(raw, (object) => {
      const result = parse(object);
      if (result.kind === 'Unreadable') return;
      expect(unpack(pack(result.resource))).toEqual(result.resource);
    }),
    RUNS,
  );
});

test('records of another object stay what they are: no records', () => {
  const foreign = aResourceServer()
    .withRemote()
    .withPending('Update')
    .recordedFor('other')
    .parsed();
  expect(foreign.status.remote).toBeDefined();
  expect(unpack(pack(foreign))).toEqual(foreign);
});

test('a text comes out as it was shortened, whatever it is said to have often', () => {
  const often = fc.array(fc.oneof(fc.string(), fc.constantFrom('"', ',"', '\u0001', '{')));
  fc.assert(
    fc.property(anyJson, often, (value, words) => {
      const json = JSON.stringify(value);
      expect(expand(shorten(json, words))).toBe(json);
    }),
    RUNS,
  );
});

test('a resource at rest is kept in half of its size', () => {
  const atRest = aResourceServer().finalized().withRemote({ accountId: ACCOUNT }).ready();
  const { text } = pack(atRest.parsed());
  expect(text.length).toBeLessThan(JSON.stringify(atRest.raw()).length / 2);
});
