/** What an API server says of a past that it has forgotten. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../support/wait.ts';
import type { Body, KubernetesClient } from './kubernetes-client.ts';
import { createWorld, expectStatus, installCrd, type World } from './kubernetes-world.ts';

export interface ForgetfulServer {
  readonly client: KubernetesClient;
  /** All that happened before is forgotten, if not now, then soon. */
  forget(): void;
  stop(): Promise<void>;
}

export function describeForgetting(name: string, start: () => Promise<ForgetfulServer>): void {
  describe(`forgetting: ${name}`, () => {
    let server: ForgetfulServer;
    let world: World;
    let first: Body;

    beforeAll(async () => {
      server = await start();
      await installCrd(server.client);
      world = await createWorld(server.client);
      for (const each of ['a', 'b', 'c', 'd']) await world.create(each);
      first = expectStatus(await server.client.get(`${world.at()}?limit=1`), 200);
      await server.client.delete(world.at('b'));
      server.forget();
      await waitFor('the past to be forgotten', async () => (await nextPage()).status === 410);
    });
    afterAll(async () => server?.stop());

    const nextPage = () =>
      server.client.get(`${world.at()}?limit=1&continue=${first.metadata.continue}`);

    test('a continue token is Expired, and comes with a new one for what is there now', async () => {
      const { status, body } = await nextPage();
      expect(status).toBe(410);
      expect(body).toMatchObject({ kind: 'Status', reason: 'Expired', code: 410 });
      expect(body.message).toContain('The provided continue parameter is too old');
      const rest = await server.client.get(`${world.at()}?continue=${body.metadata.continue}`);
      expect(rest.body.items?.map(({ metadata }) => metadata.name)).toEqual(['c', 'd']);
    });

    test('a list of exactly that revision is Expired', async () => {
      const query = `resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`;
      const { status, body } = await server.client.get(`${world.at()}?${query}`);
      expect(status).toBe(410);
      expect(body).toMatchObject({ reason: 'Expired' });
    });

    test('a list that begins anew is as ever', async () => {
      const { body } = await server.client.get(world.at());
      expect(body.items?.map(({ metadata }) => metadata.name)).toEqual(['a', 'c', 'd']);
    });
  });
}
