/** `parse` is total, and what it lets through is what the rest of the house may trust. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWithin, LIMITS, SCOPES_MAX } from '../../src/api/limits.ts';
import { parse, type ResourceServer } from '../../src/api/parse.ts';
import { claimantOf } from '../../src/core/claimants.ts';
import { decide } from '../../src/core/decide.ts';
import { nextStatus, sayingOf, statusPatch } from '../../src/core/status.ts';
import { aResourceServer, aView, parsed } from '../support/builders.ts';
import { anyJson, bentResource, cloned } from './arbitrary.ts';

const KNOWN = 'DeleteIfCreated Delete Retain IfMatching Always Never Enforce Observe'.split(' ');
const RUNS = { numRuns: 700 };

function expectTrustworthy(resource: ResourceServer): void {
  const { identity, desired, remote, pending, status, problems } = resource;
  if (identity !== undefined) {
    expect(isWithin(LIMITS.userPoolId, identity.userPoolId)).toBe(true);
    expect(isWithin(LIMITS.identifier, identity.identifier)).toBe(true);
  }
  if (desired !== undefined) {
    expect(isWithin(LIMITS.name, desired.name)).toBe(true);
    expect(desired.scopes.length).toBeLessThanOrEqual(SCOPES_MAX);
    for (const { name, description } of desired.scopes) {
      expect(isWithin(LIMITS.scopeName, name)).toBe(true);
      expect(isWithin(LIMITS.scopeDescription, description)).toBe(true);
    }
  }
  expect(desired === undefined || identity === undefined).toBe(
    problems.length > 0 && (desired === undefined || identity === undefined),
  );
  expect(['DeleteIfCreated', 'Delete', 'Retain']).toContain(resource.deletionPolicy);
  expect(['IfMatching', 'Always', 'Never']).toContain(resource.adoptionPolicy);
  expect(['Enforce', 'Observe']).toContain(resource.managementPolicy);
  if (remote ?? pending) expect(status.recordUID).toBe(resource.uid);
  for (const { field, message } of problems) expect(`${field} ${message}`).toMatch(/^spec\..+ .+/);
}

test('any JSON is either a resource or unreadable', () => {
  fc.assert(
    fc.property(anyJson, anyJson, anyJson, anyJson, (metadata, spec, status, whole) => {
      parse(whole);
      const named = { ...(metadata as object), name: 'x', uid: 'y' };
      expectTrustworthy(parsed(cloned({ metadata: named, spec, status })));
    }),
    RUNS,
  );
});

test('a resource bent anywhere is trustworthy in all that is left of it', () => {
  fc.assert(
    fc.property(bentResource, (raw) => {
      const result = parse(raw);
      if (result.kind === 'Readable') expectTrustworthy(result.resource);
    }),
    RUNS,
  );
});

test('a resource bent anywhere can be decided on, reported and counted', () => {
  fc.assert(
    fc.property(bentResource, (raw) => {
      const result = parse(raw);
      if (result.kind === 'Unreadable') return;
      const view = aView(result.resource).described().view();
      const decision = decide(view);
      claimantOf(result.resource);
      if (decision.kind === 'Perform') return;
      const status = nextStatus(view, sayingOf(view, decision.outcome), '2026-01-01T00:00:00Z');
      expect(cloned(status)).toEqual(status);
      JSON.stringify(statusPatch(status));
    }),
    RUNS,
  );
});

test('whatever the scopes and the name are, identity and policies survive', () => {
  const plain = aResourceServer().deletedBy('Delete');
  const want = plain.parsed();
  fc.assert(
    fc.property(anyJson, anyJson, (scopes, name) => {
      const { identity, deletionPolicy, managementPolicy } = plain.spec({ scopes, name }).parsed();
      expect({ identity, deletionPolicy, managementPolicy }).toEqual({
        identity: want.identity,
        deletionPolicy: 'Delete',
        managementPolicy: 'Enforce',
      });
    }),
    RUNS,
  );
});

test('a policy that cannot be read is the one that touches nothing', () => {
  const odd = anyJson.filter((value) => value !== null && !KNOWN.some((known) => known === value));
  fc.assert(
    fc.property(odd, (value) => {
      const spec = { deletionPolicy: value, adoptionPolicy: value, managementPolicy: value };
      expect(aResourceServer().spec(spec).parsed()).toMatchObject({
        deletionPolicy: 'Retain',
        adoptionPolicy: 'Never',
        managementPolicy: 'Observe',
      });
    }),
    RUNS,
  );
});

test('fields called like those of a prototype change nothing', () => {
  const plain = JSON.stringify(aResourceServer().withRemote().finalized().raw());
  const name = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString');
  fc.assert(
    fc.property(name, anyJson, (odd, value) => {
      const field = `${JSON.stringify(odd)}:${JSON.stringify(value)},`;
      const raw: unknown = JSON.parse(plain.replaceAll('{', () => `{${field}`));
      const { labels: _, status, remote, ...rest } = parsed(raw);
      const { labels: __, status: want, remote: wanted, ...all } = parsed(JSON.parse(plain));
      expect(rest).toEqual(all);
      expect(remote).toMatchObject(wanted ?? {});
      expect(status.recordUID).toBe(want.recordUID);
      expect(Object.prototype).not.toHaveProperty('name');
    }),
    { numRuns: 300 },
  );
});
