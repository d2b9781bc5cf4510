/** Where the embedded Cognito listens, and where it does not. */
import { expect, test } from 'vitest';
import { startCognito } from '../sandbox/cognito/server.ts';

test('is loopback when nothing is said', async () => {
  const cognito = await startCognito();
  expect(cognito.url).toBe(`http://127.0.0.1:${cognito.port}`);
  await cognito.close();
});

test.for(['0.0.0.0', '::', '192.0.2.1', '8.8.8.8'])('is never %s', async (address) => {
  await expect(startCognito({ address })).rejects.toThrow(
    `${address} is neither 127.0.0.1 nor of a bridge of ours`,
  );
});
