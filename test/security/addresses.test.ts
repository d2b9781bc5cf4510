/**
 * F52: where requests go is decided by the Region of a pool id, which is checked by its pattern,
 * and by the operator's own environment; never by anything else in a resource.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/api/limits.ts';
import { parse } from '../../src/api/parse.ts';
import { createCognitoRig, free } from '../adapters/cognito/rig.ts';
import { FIELDS } from '../golden/schema.ts';
import { aResourceServer } from '../support/builders.ts';

/** Everything that leaves for AWS has to pass it: it notes where to, and lets nothing out. */
const proxy = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.writeHead(502).end();
}).on('connect', (request, socket) => {
  asked.push(request.url ?? '');
  socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
});
const asked: string[] = [];
let rig: ReturnType<typeof createCognitoRig>;
beforeAll(async () => {
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  rig = createCognitoRig({ url: '', proxyEnvironment: { HTTPS_PROXY: url, HTTP_PROXY: url } });
});
afterAll(() => {
  rig.close();
  proxy.close();
});

async function hostsFor(userPoolId: string): Promise<readonly string[]> {
  asked.length = 0;
  await rig.userPools.list(userPoolId, undefined, free());
  return [...asked];
}

const EVIL = [
  'x.evil.example/#_a',
  'x.evil.example:443/#_a',
  'evil.example?_a',
  'user:word@evil.example/_a',
  '169.254.169.254_a',
  '[::1]_a',
  'localhost_a',
  'metadata.google.internal_a',
  'eu-west-1.evil.example_a',
  'eu-west-1/../../evil_a',
  'eu-west-1%2eevil_a',
  'eu-west-1\u0000.evil.example_a',
  'eu-west-1\r\nhost: evil.example_a',
  'eu-west-１_a',
  'eu‑west‑1_a',
  'eu-west-1。evil.example_a',
  'fips-eu-west-1_a\nb',
  'EU-WEST-1_a',
  '_a',
  '',
];

describe('a pool id that would name another host', () => {
  test.each(EVIL)('%j is none', (userPoolId) => {
    const parsed = parse(aResourceServer().inPool(userPoolId).raw());
    expect(parsed).toMatchObject({ resource: { identity: undefined, desired: expect.anything() } });
  });

  test.each(EVIL)('%j is none in a record that was forged', (userPoolId) => {
    const parsed = parse(aResourceServer().withRemote({ userPoolId }).raw());
    expect(parsed).toMatchObject({ resource: { remote: undefined } });
  });

  test.each(EVIL)('%j leads nowhere but to AWS even if it came so far', async (userPoolId) => {
    for (const host of await hostsFor(userPoolId)) expect(host).toMatch(AWS);
  });
});

/** The domains of its partitions. */
const AWS =
  /^cognito-idp(-fips)?\.[a-z0-9-]+\.(amazonaws\.(com|com\.cn|eu)|\w+(\.[a-z]+)?\.gov):443$/;

describe('a pool id that is one', () => {
  test('leads to Cognito in its Region', async () => {
    expect(await hostsFor('eu-west-1_AbCdEfGhI')).toEqual([
      'cognito-idp.eu-west-1.amazonaws.com:443',
    ]);
  });

  test('leads to a host of AWS, whatever it is', async () => {
    const ids = fc.stringMatching(LIMITS.userPoolId.pattern).filter((id) => id.length <= 55);
    await fc.assert(
      fc.asyncProperty(ids, async (userPoolId) => {
        const hosts = await hostsFor(userPoolId);
        expect(hosts).toHaveLength(1);
        expect(hosts[0]).toMatch(AWS);
        const [region = ''] = userPoolId.split('_');
        expect(hosts[0]).toContain(`.${region}.`);
      }),
      { numRuns: 20 },
    );
  });
});

test('no field of a resource is a reference, an address or a credential', () => {
  const fields = FIELDS.map(({ path }) => path).filter((path) => path.startsWith('spec.'));
  expect(fields.sort()).toEqual(
    [
      'spec.adoptionPolicy',
      'spec.deletionPolicy',
      'spec.identifier',
      'spec.managementPolicy',
      'spec.name',
      'spec.scopes',
      'spec.scopes[]',
      'spec.scopes[].description',
      'spec.scopes[].name',
      'spec.userPoolId',
    ].sort(),
  );
});

test('no setting of an operator is an endpoint either: the SDK has its own variables', () => {
  const text = readFileSync(new URL('../../src/settings.ts', import.meta.url), 'utf8');
  expect(text).not.toMatch(/setting\('\w*(endpoint|url|region)/i);
});
