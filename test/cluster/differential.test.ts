/**
 * Generated lives of resources, led on the embedded API server and on a real one at once: each
 * step must have the same outcome, the same complaints about the same fields, the same object.
 *
 * CLUSTER_FUZZ_SECONDS: how long, 60 when it is not set. CLUSTER_FUZZ_SEED: what a failure printed,
 * or any number: without it each run leads the same lives, and a change is judged by itself.
 */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../contract/kubernetes-client.ts';
import { expectStatus, GROUP, installCrd } from '../contract/kubernetes-world.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../sandbox/kubernetes/server.ts';
import { type Both, firstDifference } from './fuzz/both.ts';
import { life } from './fuzz/lives.ts';
import { describeOnCluster } from './on-cluster.ts';

const SECONDS = Number(process.env['CLUSTER_FUZZ_SECONDS'] ?? 60);
const SEED = Number(process.env['CLUSTER_FUZZ_SEED'] ?? 20_260_101);
/** Each leads one life at a time. */
const LANES = [0, 1, 2, 3];

describeOnCluster('the embedded API server beside the real one', (admin) => {
  let embedded: EmbeddedKubernetes;
  let both: Both;
  let lives = 0;

  beforeAll(async () => {
    embedded = await startKubernetes();
    const namespace = `lives-${randomUUID().slice(0, 8)}`;
    const { url, token } = embedded;
    const headers = { authorization: `Bearer ${token}` };
    const clients = {
      embedded: createClient({ url, headers, fetch, stop: embedded.close }),
      real: admin.client,
    };
    both = { ...clients, path: `${GROUP}/namespaces/${namespace}/resourceservers` };
    await installCrd(clients.real);
    for (const client of Object.values(clients)) {
      expectStatus(await client.post('/api/v1/namespaces', { metadata: { name: namespace } }), 201);
    }
  });
  afterAll(async () => {
    console.log(`${lives} lives were led on both servers, beginning with seed ${SEED}`);
    await embedded?.close();
  });

  test.concurrent.each(LANES)(
    'judges each step of a generated life alike (lane %i)',
    async (lane) => {
      const property = fc.asyncProperty(life, async (each) => {
        lives += 1;
        expect(await firstDifference(both, each, `life-${lane}-${lives}`)).toBeUndefined();
      });
      await fc.assert(property, {
        seed: SEED + lane,
        numRuns: Number.MAX_SAFE_INTEGER,
        interruptAfterTimeLimit: SECONDS * 1000,
      });
    },
    SECONDS * 1000 + 60_000,
  );
});
