/**
 * Sweeps by themselves: lists that no pool of AWS has, with pages without an end or ten thousand
 * servers, and whom a sweep has run.
 */
import { expect, test } from 'vitest';
import { createAuditor } from '../../src/auditor.ts';
import { answered, type Ports, type ServersPage } from '../../src/ports.ts';
import { createGate } from '../model/lockstep/ports.ts';
import { aResourceServer, FOREIGN, IDENTIFIER, POOL } from '../support/builders.ts';
import { aDesk } from './desk.ts';

const PAGES_MAX = 400;

/** An auditor over one resource, whose pool answers page after page. */
function auditing(
  pageOf: (token: string | undefined) => ServersPage,
  resource = aResourceServer(),
) {
  const { around } = aDesk(resource);
  const { key } = resource.parsed();
  around.memory.moved(undefined, resource.parsed());
  const told: unknown[] = [];
  const silent = () => {};
  let pages = 0;
  const lane = (id: string) => ({ id, windows: [] });
  const auditor = createAuditor({
    ...around,
    gate: createGate(() => false),
    lanes: { read: lane, write: lane },
    ports: {
      clock: around.ports.clock,
      account: { known: () => undefined, credentials: async () => answered(undefined) },
      userPools: {
        list: async (_: string, token: string | undefined) => {
          pages += 1;
          return answered(pageOf(token));
        },
      },
      metrics: { count: silent, observe: silent, set: silent },
      log: {
        debug: silent,
        info: silent,
        error: silent,
        warn: (...line: unknown[]) => told.push(line),
      },
    } as unknown as Ports,
  });
  const sweep = () => auditor.sweep(POOL, 0, new AbortController().signal);
  return { sweep, around, key, told, pagesAsked: () => pages };
}

test('pages without an end are left, and told as what they are', async () => {
  const endless = () => ({ servers: [], nextToken: 'again' });
  const { sweep, around, key, told, pagesAsked } = auditing(endless);
  const first = await sweep();
  expect(pagesAsked()).toBe(PAGES_MAX);
  expect(first).toMatchObject({ result: 'error', requeue: { kind: 'Again' }, deserving: [] });
  expect(told).toHaveLength(1);
  expect(JSON.stringify(told)).toContain('EndlessList');
  expect(around.memory.sweeps.stateOf(POOL)).toEqual({ kind: 'Awaited' });
  await sweep();
  const third = await sweep();
  expect(pagesAsked()).toBe(3 * PAGES_MAX);
  expect(third.deserving.map((each) => each.key)).toEqual([key]);
  expect(around.memory.sweeps.stateOf(POOL)).toEqual({ kind: 'Denied' });
});

test('among ten thousand servers, ours is found', async () => {
  const { sweep, around } = auditing((token) => {
    const at = Number(token ?? 0);
    const names = Array.from({ length: 50 }, (_, one) => `https://${at * 50 + one}`);
    const identifiers = at === 123 ? [IDENTIFIER, ...names] : names;
    return {
      servers: identifiers.map((identifier) => ({ identifier, content: FOREIGN })),
      nextToken: at < 199 ? String(at + 1) : undefined,
    };
  });
  expect(await sweep()).toMatchObject({ result: 'success' });
  expect(around.memory.sweeps.heldBy(POOL)).toBe(10_001);
  const identity = { userPoolId: POOL, identifier: IDENTIFIER };
  expect(around.memory.sweeps.observationOf(identity)).toMatchObject({ kind: 'Present' });
});

const SYNCED = aResourceServer().finalized().withRemote().ready();

test.each([
  { name: 'is as it was reported', resource: SYNCED, want: [] },
  {
    name: 'was edited since it was reported',
    resource: SYNCED.atGeneration(2),
    want: [SYNCED.parsed().key],
  },
  {
    name: 'lost its finalizer',
    resource: SYNCED.metadata({ finalizers: [] }),
    want: [SYNCED.parsed().key],
  },
])('who $name: $want run', async ({ resource, want }) => {
  const { desired } = resource.parsed();
  const servers = desired === undefined ? [] : [{ identifier: IDENTIFIER, content: desired }];
  const { sweep } = auditing(() => ({ servers, nextToken: undefined }), resource);
  const { deserving } = await sweep();
  expect(deserving.map(({ key }) => key)).toEqual(want);
});
