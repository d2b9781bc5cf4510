/** A Cognito that answers with anything, and the adapter that has to make a failure of it. */
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BODY_BYTES_MAX } from '../../src/adapters/cognito/body.ts';
import { type CognitoRig, createCognitoRig, free } from '../adapters/cognito/rig.ts';
import {
  bomb,
  COGNITO_SCRIPTS,
  type CognitoScript,
  PAGE_SCRIPTS,
  questionOf,
  truthOf,
} from './cognito-scripts.ts';
import { healed } from './healed.ts';
import { MEBIBYTE, whole } from './script.ts';
import { type Spoiler, startSpoiler } from './spoiler.ts';
import { isPrintable } from './texts.ts';

const POOL = 'eu-west-1_AbCdEfGhI';
const IDENTITY = { userPoolId: POOL, identifier: 'https://weather.example.com' };
const DESIRED = { name: 'Weather', scopes: [] };
/** What is bad fails by then at the latest; for what is good there is time. */
const DEADLINE_MS = 1_000;
/** Of a sentence, and of what is read beside a body that is cut off. */
const MESSAGE_CHARS_MAX = 500;
const BESIDE_BYTES_MAX = MEBIBYTE;

let spoiler: Spoiler;
let rig: CognitoRig;
let hasty: CognitoRig;
beforeEach(async () => {
  spoiler = await startSpoiler(() => undefined);
  rig = createCognitoRig({ url: spoiler.url });
  hasty = createCognitoRig({ url: spoiler.url, callDeadlineMs: DEADLINE_MS });
});
afterEach(async () => {
  rig.close();
  hasty.close();
  await spoiler.close();
});

function answering(script: CognitoScript): void {
  spoiler.choose = (asked) => script(questionOf(asked));
}

type UserPools = CognitoRig['userPools'];
type Answer = Awaited<ReturnType<UserPools['describe'] | UserPools['list']>>;

/** Bounded and printable, whatever it was. */
function expectTame(answer: Answer): void {
  if (answer.kind === 'Answered') return;
  const { failure } = answer;
  expect(failure.message.length).toBeLessThanOrEqual(MESSAGE_CHARS_MAX);
  expect(isPrintable(failure.message)).toBe(true);
}

/** Less than the bomb. The script of a hundred thousand scopes alone takes 85 to be made here. */
const GROWTH_BYTES_MAX = 128 * MEBIBYTE;

async function expectRecovery({ create, list }: UserPools): Promise<void> {
  answering((question) => whole({ kind: 'good', body: JSON.stringify(truthOf(question)) }));
  const created = await healed(() => create(IDENTITY, DESIRED, free()));
  expect(created).toMatchObject({ kind: 'Answered' });
  expect(await healed(() => list(POOL, undefined, free()))).toMatchObject({
    kind: 'Answered',
    value: { servers: [{ identifier: expect.any(String) }], nextToken: undefined },
  });
  expect(spoiler.readBytes).toBeGreaterThan(0);
}

const READABLE = /same scope twice|hundred thousand scopes|name of four|terminal|halves|prototype$/;

describe.each(Object.entries(COGNITO_SCRIPTS))('Cognito answers with %s', (name, script) => {
  test('and it is an answer, or a failure that can be told, and then all is well', async () => {
    answering(script);
    const before = process.memoryUsage().rss;
    const isReadable = READABLE.test(name) && !/error/.test(name);
    const { userPools } = isReadable ? rig : hasty;
    const described = await userPools.describe(IDENTITY, free());
    expect(described.kind).toBe(isReadable ? 'Answered' : 'Failed');
    expectTame(described);
    expect(spoiler.readBytes).toBeLessThan(BODY_BYTES_MAX + BESIDE_BYTES_MAX);
    expect(process.memoryUsage().rss - before).toBeLessThan(GROWTH_BYTES_MAX);
    expect(Object.keys(Object.prototype)).toEqual([]);
    await expectRecovery(userPools);
  });
});

describe.each(Object.entries(PAGE_SCRIPTS))('a page has %s', (name, script) => {
  test('and it is a page or a failure, and then all is well', async () => {
    answering(script);
    const before = process.memoryUsage().rss;
    const isReadable = /for ever|a megabyte|ten thousand/.test(name);
    const { userPools } = isReadable ? rig : hasty;
    const listed = await userPools.list(POOL, undefined, free());
    expect(listed.kind).toBe(isReadable ? 'Answered' : 'Failed');
    expectTame(listed);
    expect(JSON.stringify(listed).length).toBeLessThanOrEqual(BODY_BYTES_MAX);
    expect(spoiler.readBytes).toBeLessThan(BODY_BYTES_MAX + BESIDE_BYTES_MAX);
    expect(process.memoryUsage().rss - before).toBeLessThan(GROWTH_BYTES_MAX);
    await expectRecovery(userPools);
  });
});

test('the gzip bomb unpacks to more than a body may have', () => {
  const packed = Buffer.concat([
    ...bomb({ operation: 'Delete', pool: POOL, identifier: 'x', signature: '' }),
  ]);
  expect(packed.length).toBeLessThan(BODY_BYTES_MAX);
  const unpack = () => gunzipSync(packed, { maxOutputLength: BODY_BYTES_MAX });
  expect(unpack).toThrow(expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }));
});
