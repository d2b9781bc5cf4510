/**
 * The operator is killed at each call that it makes, before the call took effect and after; it is
 * started again and finishes what was begun. In Cognito there was one effect of each kind, and at
 * the end the resource is ready, or gone.
 *
 * All of it on a real cluster. On the embedded servers a write to Kubernetes is met once, before or
 * after in turn: the search of `test/model` and the simulation crash at every step of every call.
 */
import { describe, expect, inject } from 'vitest';
import { FINALIZER } from '../../src/api/names.ts';
import type { Operation } from '../../src/core/view.ts';
import type { FaultedRequest, RequestMatch } from '../sandbox/kubernetes/edge/fault-rules.ts';
import { aResourceServer } from '../support/builders.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import type { User } from '../support/user.ts';

const test = testInOwnHouse(UNMETERED);

/** A call that stands still at an exact point; `drop` leaves it as it is by then. */
interface Standing {
  drop(): void;
}

interface Row {
  readonly name: string;
  readonly server: 'Kubernetes' | 'Cognito';
  readonly stop: (
    where: { readonly house: House; readonly pool: Pool },
    stage: 'before' | 'after',
  ) => Promise<Standing>;
}

const kubernetes = (name: string, match: RequestMatch): Row => ({
  name,
  server: 'Kubernetes',
  stop: ({ house }, stage) => house.kubernetes.faults.hold(match, stage),
});

const cognito = (name: string, operation: Operation): Row => ({
  name,
  server: 'Cognito',
  stop: ({ pool }, stage) =>
    pool.hold(operation, stage === 'before' ? 'before-effect' : 'after-effect'),
});

type Body = {
  readonly metadata?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly pending?: { readonly operation: string } | null };
};

const bodyOf = ({ body }: FaultedRequest) => (body ?? {}) as Body;
const finalizersOf = (request: FaultedRequest) => bodyOf(request).metadata?.finalizers;
const pendingOf = (request: FaultedRequest) => bodyOf(request).status?.pending;
const isPatch = ({ verb, resource }: FaultedRequest) =>
  verb === 'patch' && resource === 'resourceservers';

const finalizerAdded: RequestMatch = (request) =>
  isPatch(request) && finalizersOf(request)?.includes(FINALIZER) === true;
const finalizerRemoved: RequestMatch = (request) =>
  isPatch(request) && finalizersOf(request)?.length === 0;
const recorded =
  (operation: string): RequestMatch =>
  (request) =>
    isPatch(request) && pendingOf(request)?.operation === operation;
const reported: RequestMatch = (request) => isPatch(request) && pendingOf(request) === null;

const CREATING: readonly Row[] = [
  kubernetes('the finalizer', finalizerAdded),
  kubernetes('the record of the Create', recorded('Create')),
  cognito('the Create', 'Create'),
  kubernetes('the status of the Create', reported),
];
const UPDATING: readonly Row[] = [
  kubernetes('the record of the Update', recorded('Update')),
  cognito('the Update', 'Update'),
  kubernetes('the status of the Update', reported),
];
const DELETING: readonly Row[] = [
  kubernetes('the record of the Delete', recorded('Delete')),
  cognito('the Delete', 'Delete'),
  kubernetes('the removal of the finalizer', finalizerRemoved),
];

interface Scene {
  readonly house: House;
  readonly user: User;
  readonly pool: Pool;
}

/** Kills the operator while the call stands still, and starts another. */
async function crash({ house }: Scene, standing: Promise<Standing>): Promise<void> {
  const held = await standing;
  await house.operators.at(-1)?.kill();
  held.drop();
  await house.dropLease();
  house.start();
}

const STAGES = ['before', 'after'] as const;
const isOnCluster = inject('planes')?.kind === 'lent';

function shareOf(rows: readonly Row[], stage: (typeof STAGES)[number]): readonly Row[] {
  return rows.filter(
    (row, at) => isOnCluster || row.server === 'Cognito' || STAGES[at % STAGES.length] === stage,
  );
}

describe.concurrent.each(STAGES)('killed %s', (stage) => {
  describe.concurrent.each(shareOf(CREATING, stage))('$name', ({ stop }) => {
    test('the server is created, once', async ({ house, user, pool }) => {
      const standing = stop({ house, pool }, stage);
      await user.apply(aResourceServer().inPool(pool.id));
      await crash({ house, user, pool }, standing);
      const { status } = await user.untilReady();
      expect(status).toMatchObject({ remote: { origin: 'Created' } });
      expect(pool.effects()).toEqual(['Create']);
    });
  });

  describe.concurrent.each(shareOf(UPDATING, stage))('$name', ({ stop }) => {
    test('the server is updated, once', async ({ house, user, pool }) => {
      await user.apply(aResourceServer().inPool(pool.id));
      await user.untilReady();
      const standing = stop({ house, pool }, stage);
      await user.editSpec({ name: 'Weather API 2' });
      await crash({ house, user, pool }, standing);
      const { status } = await user.untilReady();
      expect(status).toMatchObject({ remote: { origin: 'Created' } });
      expect(pool.server()).toMatchObject({ name: 'Weather API 2' });
      expect(pool.effects()).toEqual(['Create', 'Update']);
    });
  });

  describe.concurrent.each(shareOf(DELETING, stage))('$name', ({ stop }) => {
    test('the server is deleted, once', async ({ house, user, pool }) => {
      await user.apply(aResourceServer().inPool(pool.id));
      await user.untilReady();
      const standing = stop({ house, pool }, stage);
      await user.remove();
      await crash({ house, user, pool }, standing);
      await user.untilGone();
      expect(pool.server()).toBeUndefined();
      expect(pool.effects()).toEqual(['Create', 'Delete']);
    });
  });
});
