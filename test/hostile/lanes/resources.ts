/** Resources that no schema let in: bent anywhere, by anything. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { isWithin, LIMITS, SCOPES_MAX } from '../../../src/api/limits.ts';
import { parse, type ResourceServer } from '../../../src/api/parse.ts';
import { claimantOf } from '../../../src/core/claimants.ts';
import { decide } from '../../../src/core/decide.ts';
import { MESSAGE_CHARS_MAX } from '../../../src/core/messages.ts';
import { notesOf } from '../../../src/core/notices.ts';
import { nextStatus, sayingOf, statusPatch } from '../../../src/core/status.ts';
import type { Content } from '../../../src/core/view.ts';
import { pack, unpack } from '../../../src/memory/packed.ts';
import { content } from '../../laws/arbitrary.ts';
import { ACCOUNT, aResourceServer, aView } from '../../support/builders.ts';
import { bent, hostileValue, jsonOf } from '../bend.ts';
import { isPrintable } from '../texts.ts';
import { insist, insistOnPrototypes, laneOf } from './lane.ts';

const FULL = aResourceServer()
  .finalized()
  .paused()
  .syncRequested('now')
  .labelled({ team: 'weather' })
  .withRemote({ accountId: ACCOUNT })
  .withPending('Update')
  .ready();
const SHAPES = [
  FULL,
  FULL.deleting(),
  FULL.spec({ scopes: undefined, adoptionPolicy: 'Always' }),
  aResourceServer(),
  aResourceServer().withRemote().deleting().finalized(),
].map((each) => each.raw());

const NOW = '2026-01-01T00:00:00Z';

export const RESOURCES = laneOf(
  {
    name: 'resources',
    promise: 'every object is read, decided on, told in printable words, and kept as it is',
    reaches: ['unreadable resource', 'resource to act on', 'resource that is told'],
  },
  (count) =>
    fc.property(fc.oneof(...SHAPES.map(bent), hostileValue), content, (shape, seen) => {
      const raw: unknown = JSON.parse(jsonOf(shape));
      const result = parse(raw);
      count(result.kind === 'Readable' ? insistOn(result.resource, seen) : 'unreadable resource');
      insistOnPrototypes();
    }),
);

/** @returns how far it came: an action leaves nothing to be told yet */
function insistOn(resource: ResourceServer, seen: Content): string {
  insistOnLimits(resource);
  const kept = unpack(pack(resource));
  insist(isDeepStrictEqual(told(kept), told(resource)), 'what is kept is another resource');
  claimantOf(resource);
  const view = aView(resource).described(seen).view();
  const decision = decide(view);
  if (decision.kind === 'Perform') return 'resource to act on';
  const saying = sayingOf(view, decision.outcome);
  for (const text of [
    saying.message,
    ...saying.drift,
    ...resource.problems.map(({ message }) => message),
  ]) {
    insist(text.length <= MESSAGE_CHARS_MAX, 'a message without end');
    insist(isPrintable(text), `unprintable: ${JSON.stringify(text)}`);
  }
  const status = nextStatus(view, saying, NOW);
  for (const { note } of notesOf(view, status)) {
    insist(note.length <= MESSAGE_CHARS_MAX && isPrintable(note), `unprintable note: ${note}`);
  }
  JSON.stringify(statusPatch(status));
  return 'resource that is told';
}

/** As JSON has it: what is `undefined` is absent. */
function told(resource: ResourceServer): unknown {
  return JSON.parse(JSON.stringify(resource));
}

function insistOnLimits({ identity, desired }: ResourceServer): void {
  if (identity !== undefined) {
    insist(isWithin(LIMITS.userPoolId, identity.userPoolId), 'a pool id that is a host');
    insist(isWithin(LIMITS.identifier, identity.identifier), 'an identifier beyond its limits');
  }
  insist((desired?.scopes.length ?? 0) <= SCOPES_MAX, 'more scopes than Cognito takes');
  for (const { name, description } of desired?.scopes ?? []) {
    insist(isWithin(LIMITS.scopeName, name), 'a scope beyond its limits');
    insist(isWithin(LIMITS.scopeDescription, description), 'a description beyond its limits');
  }
}
