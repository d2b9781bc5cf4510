/**
 * The laws about what is whose, in worlds without an operator: what it would do is done by hand,
 * as it should be and as it never may be.
 */
import { expect, test } from 'vitest';
import type { PendingOperation, RemoteRecord } from '../../src/api/resource-server.ts';
import { hashOf } from '../../src/core/drift.ts';
import { CONTENT, FOREIGN, POOL } from '../support/builders.ts';
import type { CognitoRequest } from './cognito.ts';
import { at, idOf, named } from './regression-stage.ts';
import { createWorld, type World } from './world.ts';

const X = at(idOf('x'));
const BY = 'instance-1';

/** An operator whose every step is a test's. */
class Puppet {
  readonly world: World = createWorld();

  apply(name: string, policy: 'IfMatching' | 'Always' | 'Never' = 'IfMatching'): void {
    const resource = named(name).identifiedAs(X.identifier).finalized().adoptedBy(policy);
    this.world.people.apply(resource.spec({ deletionPolicy: 'Delete' }));
  }

  describe(): void {
    const request = requestOf('Describe');
    const tell = (kind: 'Landed' | 'Answered') =>
      this.world.tell({
        kind: 'Cognito',
        by: BY,
        request,
        stage: { kind, failure: undefined, late: false },
      });
    tell('Landed');
    tell('Answered');
  }

  write(name: string, records: Records): void {
    const { metadata } = this.world.people.get(name);
    const { resourceVersion, uid } = metadata;
    const key = `${metadata.namespace}/${name}`;
    const remote = records.remote && { accountId: null, from: null, ...records.remote };
    const status = { recordUID: uid, ...records, ...(remote && { remote }) };
    const patch = { metadata: { resourceVersion }, status };
    const request = { verb: 'patchStatus', key, patch } as const;
    this.world.tell({ kind: 'Kubernetes', by: BY, request, stage: { kind: 'Departed' } });
    this.world.objects.patchStatus(key, patch, 'Operator');
  }

  /** Recorded, and done. */
  mutate(name: string, operation: 'Create' | 'Update' | 'Delete'): void {
    this.write(name, { pending: pendingOf(operation) });
    this.call(operation);
  }

  call(operation: 'Create' | 'Update' | 'Delete'): void {
    this.world.cognito.answer(requestOf(operation), () => ({ kind: 'Readable', value: undefined }));
  }

  /** What was broken, but for that a puppet never leads. */
  get broken(): readonly string[] {
    return this.world.broken
      .filter((each) => !each.includes('leads not'))
      .map((each) => each.replace(/^(\w+ of )?\S+ /, ''));
  }
}

interface Records {
  readonly remote?: RemoteRecord | null;
  readonly pending?: ReturnType<typeof pendingOf> | null;
}

function requestOf(operation: CognitoRequest['operation']): CognitoRequest {
  const desired = operation === 'Create' || operation === 'Update' ? CONTENT : undefined;
  return { operation, pool: POOL, identifier: X.identifier, desired, nextToken: undefined };
}

function pendingOf(operation: PendingOperation) {
  return { operation, hash: hashOf(CONTENT), startTime: '2026-01-01T00:00:00Z', instance: BY };
}

function remoteOf(origin: RemoteRecord['origin'], from?: string): RemoteRecord {
  return { ...X, origin, hash: hashOf(CONTENT), ...(from === undefined ? {} : { from }) };
}

const ADOPTED = { remote: remoteOf('Adopted'), pending: null };
const CREATED = { remote: remoteOf('Created'), pending: null };

function lose(puppet: Puppet): void {
  puppet.write('a', { pending: pendingOf('Create') });
}

test.each<{ readonly name: string; readonly does: (puppet: Puppet) => void }>([
  {
    name: 'changes and deletes what it made',
    does: (puppet) => {
      puppet.apply('a');
      puppet.mutate('a', 'Create');
      puppet.write('a', CREATED);
      puppet.mutate('a', 'Update');
    },
  },
  {
    name: 'takes what is equal, though the console changes it after the look',
    does: (puppet) => {
      puppet.world.cognito.put(X, CONTENT);
      puppet.apply('a');
      puppet.describe();
      puppet.world.cognito.put(X, FOREIGN);
      puppet.write('a', ADOPTED);
      puppet.mutate('a', 'Update');
    },
  },
  {
    name: 'takes anything under Always',
    does: (puppet) => {
      puppet.world.cognito.put(X, FOREIGN);
      puppet.apply('a', 'Always');
      puppet.describe();
      puppet.write('a', ADOPTED);
      puppet.mutate('a', 'Update');
    },
  },
  {
    name: 'takes for its own what is like its Create that nobody answered',
    does: (puppet) => {
      puppet.apply('a');
      lose(puppet);
      puppet.world.cognito.put(X, CONTENT);
      puppet.describe();
      puppet.write('a', CREATED);
      puppet.mutate('a', 'Update');
    },
  },
  {
    name: 'keeps what it made and the console made anew',
    does: (puppet) => {
      puppet.apply('a');
      puppet.mutate('a', 'Create');
      puppet.write('a', CREATED);
      puppet.world.cognito.drop(X);
      puppet.world.cognito.put(X, FOREIGN);
      puppet.mutate('a', 'Update');
    },
  },
  {
    name: 'has what it was handed over',
    does: (puppet) => {
      puppet.apply('a');
      puppet.apply('b');
      puppet.mutate('a', 'Create');
      puppet.write('a', CREATED);
      puppet.write('b', { remote: remoteOf('Created', puppet.world.people.get('a').metadata.uid) });
      puppet.world.people.remove('a');
      puppet.world.objects.patchObject('identity/a', { metadata: { finalizers: [] } }, 'Operator');
      puppet.mutate('b', 'Update');
    },
  },
])('no law is broken when a resource $name', ({ does }) => {
  const puppet = new Puppet();
  does(puppet);
  expect(puppet.broken).toEqual([]);
});

const AGAINST_POLICY = 'adopts what its policy does not let it adopt';
const NOT_CREATED = 'says that it created what it did not';
const NOT_ITS_OWN = 'took effect on what is not its own';

test.each<{
  readonly name: string;
  readonly does: (puppet: Puppet) => void;
  readonly broken: string;
}>([
  {
    name: 'takes under Never',
    does: (puppet) => {
      puppet.world.cognito.put(X, CONTENT);
      puppet.apply('a', 'Never');
      puppet.describe();
      puppet.write('a', ADOPTED);
    },
    broken: AGAINST_POLICY,
  },
  {
    name: 'takes what is not equal',
    does: (puppet) => {
      puppet.world.cognito.put(X, FOREIGN);
      puppet.apply('a');
      puppet.describe();
      puppet.write('a', ADOPTED);
    },
    broken: AGAINST_POLICY,
  },
  {
    name: 'takes what became equal only after the look',
    does: (puppet) => {
      puppet.world.cognito.put(X, FOREIGN);
      puppet.apply('a');
      puppet.describe();
      puppet.world.cognito.put(X, CONTENT);
      puppet.write('a', ADOPTED);
    },
    broken: AGAINST_POLICY,
  },
  {
    name: 'takes what only an earlier climb looked at',
    does: (puppet) => {
      puppet.world.cognito.put(X, CONTENT);
      puppet.apply('a');
      puppet.describe();
      puppet.world.objects.patchStatus('identity/a', { status: { scopeCount: 1 } }, 'Operator');
      puppet.write('a', ADOPTED);
    },
    broken: AGAINST_POLICY,
  },
  {
    name: 'takes what Cognito manages',
    does: (puppet) => {
      puppet.world.cognito.put(X, CONTENT);
      puppet.world.cognito.seize(X);
      puppet.apply('a', 'Always');
      puppet.describe();
      puppet.write('a', ADOPTED);
    },
    broken: AGAINST_POLICY,
  },
  {
    name: 'takes what another has a record of',
    does: (puppet) => {
      puppet.apply('a');
      puppet.apply('b');
      puppet.mutate('a', 'Create');
      puppet.write('a', CREATED);
      puppet.describe();
      puppet.write('b', ADOPTED);
    },
    broken: 'has a record to Adopt beside another record of its identity',
  },
  {
    name: 'changes what it never took',
    does: (puppet) => {
      puppet.world.cognito.put(X, FOREIGN);
      puppet.apply('a');
      puppet.mutate('a', 'Update');
    },
    broken: NOT_ITS_OWN,
  },
  {
    name: 'deletes what it gave up',
    does: (puppet) => {
      puppet.apply('a');
      puppet.mutate('a', 'Create');
      puppet.write('a', CREATED);
      puppet.write('a', { remote: null });
      puppet.mutate('a', 'Delete');
    },
    broken: NOT_ITS_OWN,
  },
  {
    name: 'says that it made what came while its Create had no answer',
    does: (puppet) => {
      puppet.apply('a');
      lose(puppet);
      puppet.world.cognito.put(X, FOREIGN);
      puppet.describe();
      puppet.write('a', CREATED);
    },
    broken: NOT_CREATED,
  },
  {
    name: 'is handed over what its giver never had',
    does: (puppet) => {
      puppet.world.cognito.put(X, FOREIGN);
      puppet.apply('a');
      puppet.apply('b');
      puppet.write('b', { remote: remoteOf('Created', puppet.world.people.get('a').metadata.uid) });
    },
    broken: "was handed over what was not its giver's",
  },
])('it is theft when a resource $name', ({ does, broken }) => {
  const puppet = new Puppet();
  does(puppet);
  expect(puppet.broken).toContain(broken);
});
