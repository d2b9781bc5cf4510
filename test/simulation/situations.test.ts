/** What counts as killed between a record and its call, and what only looks like it. */
import { expect, test } from 'vitest';
import type { PendingOperation } from '../../src/api/resource-server.ts';
import { aResourceServer, IDENTIFIER, POOL } from '../support/builders.ts';
import type { CognitoRequest } from './cognito.ts';
import type { Moment, Witness } from './moment.ts';
import type { StoredObject } from './objects.ts';
import { createSituations } from './situations.ts';

const BY = 'instance-1';
const KEY = 'identity/a';
const BETWEEN = 'a process was killed between a record and its call';
const ON_ITS_WAY = 'a process was killed with a mutation on its way';

/** Of one process and one resource, which a test drives. */
function aProcess() {
  const seen: string[] = [];
  const witness: Witness = createSituations((situation) => void seen.push(situation));
  const tell = (moment: Moment): void => witness(moment, 0);
  const object = aResourceServer().named('a').raw() as unknown as StoredObject;
  const change = { by: 'People', kind: 'Added', version: 1, before: undefined, object } as const;
  tell({ kind: 'Change', change });
  const call = (stage: Extract<Moment, { kind: 'Cognito' }>['stage'], request = CREATE): void =>
    tell({ kind: 'Cognito', by: BY, request, stage });
  return {
    record: (operation: PendingOperation | undefined, startTime = 'now'): void => {
      const pending = operation && { operation, startTime, instance: BY, hash: '' };
      const patch = { status: { pending: pending ?? null } };
      const request = { verb: 'patchStatus', key: KEY, patch } as const;
      tell({ kind: 'Kubernetes', by: BY, request, stage: { kind: 'Departed' } });
      const stage = { kind: 'Answered', failure: undefined } as const;
      tell({ kind: 'Kubernetes', by: BY, request, stage });
    },
    call,
    killed: (): readonly string[] => {
      tell({ kind: 'Process', by: BY, passage: 'Killed', how: '' });
      return seen.filter((each) => each === BETWEEN || each === ON_ITS_WAY);
    },
  };
}

const CREATE: CognitoRequest = {
  operation: 'Create',
  pool: POOL,
  identifier: IDENTIFIER,
  desired: undefined,
  nextToken: undefined,
};

test.each<{
  readonly name: string;
  readonly does: (on: ReturnType<typeof aProcess>) => void;
  readonly want: readonly string[];
}>([
  { name: 'with a record and no call yet', does: (on) => on.record('Create'), want: [BETWEEN] },
  {
    name: 'after its call departed',
    does: (on) => {
      on.record('Create');
      on.call({ kind: 'Departed' });
    },
    want: [ON_ITS_WAY],
  },
  {
    name: 'after its call was withheld',
    does: (on) => {
      on.record('Create');
      on.call({ kind: 'Withheld', because: 'PlaceVoid' });
    },
    want: [],
  },
  {
    name: 'after its record was cleared without a call',
    does: (on) => {
      on.record('Create');
      on.record(undefined);
    },
    want: [],
  },
  {
    name: 'while a record is kept whose call was not answered',
    does: (on) => {
      on.record('Create');
      on.call({ kind: 'Departed' });
      on.call({ kind: 'Unanswered' });
      on.record('Create');
    },
    want: [],
  },
  {
    name: 'with a second record after that',
    does: (on) => {
      on.record('Create');
      on.call({ kind: 'Departed' });
      on.call({ kind: 'Unanswered' });
      on.record('Create', 'later');
    },
    want: [BETWEEN],
  },
  { name: 'with the record of a hand-over', does: (on) => on.record('HandOver'), want: [] },
  {
    name: 'with one of two calls answered',
    does: (on) => {
      on.call({ kind: 'Departed' });
      on.call({ kind: 'Departed' }, { ...CREATE, identifier: 'https://other' });
      on.call({ kind: 'Answered', failure: undefined });
    },
    want: [ON_ITS_WAY],
  },
])('a process killed $name is counted as $want', ({ does, want }) => {
  const on = aProcess();
  does(on);
  expect(on.killed()).toEqual(want);
});
