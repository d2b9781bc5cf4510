import { describe, expect, test } from 'vitest';
import { REFLECTOR_SETTINGS } from '../../src/controller/reflector-settings.ts';
import type { Frame } from '../../src/ports.ts';
import { settled } from '../support/fake-clock.ts';
import { type Stage, startReflector } from './reflector-stage.ts';
import { bookmark, broken, type ListCall, modified, object, refusal } from './scripted-feed.ts';

const TOO_LARGE: Frame = {
  kind: 'Error',
  status: 504,
  reason: 'Timeout',
  retryAfterMs: undefined,
  message: 'Too large resource version: 90, current: 80',
};

interface Row {
  readonly name: string;
  readonly given: Frame;
  /** How long it pauses, with half of the first ceiling rolled, and what follows. */
  readonly want: { readonly afterMs: number; readonly next: 'watch' | 'list' };
  readonly because: string;
}

const FIRST_PAUSE_MS = 400;

const ROWS: readonly Row[] = [
  {
    name: '410 in the stream or by status lists anew at once',
    given: refusal(410, 'Expired'),
    want: { afterMs: 0, next: 'list' },
    because: 'the events since are lost',
  },
  {
    name: 'an expiry under another status lists anew at once',
    given: refusal(500, 'Expired'),
    want: { afterMs: 0, next: 'list' },
    because: 'some aggregated servers say so',
  },
  {
    name: '429 waits as long as the server asks and goes on',
    given: refusal(429, 'TooManyRequests', 7_000),
    want: { afterMs: 7_000, next: 'watch' },
    because: 'a list would make it worse',
  },
  {
    name: '429 without Retry-After pauses and goes on',
    given: refusal(429, 'TooManyRequests'),
    want: { afterMs: FIRST_PAUSE_MS, next: 'watch' },
    because: 'proxies leave the header out',
  },
  {
    name: '429 that asks for a day is asked again in a minute',
    given: refusal(429, 'TooManyRequests', 86_400_000),
    want: { afterMs: 60_000, next: 'watch' },
    because: 'every wait has a limit',
  },
  {
    name: '504, the resourceVersion is too large, waits a second and goes on',
    given: TOO_LARGE,
    want: { afterMs: 1_000, next: 'watch' },
    because: 'the watch cache of one API server lags behind',
  },
  {
    name: '504 of a proxy pauses and goes on',
    given: refusal(504, 'Timeout'),
    want: { afterMs: FIRST_PAUSE_MS, next: 'watch' },
    because: 'it says nothing about the resourceVersion',
  },
  {
    name: '401 pauses and goes on',
    given: refusal(401, 'Unauthorized'),
    want: { afterMs: FIRST_PAUSE_MS, next: 'watch' },
    because: 'the token may have been rotated',
  },
  {
    name: '403 pauses and goes on',
    given: refusal(403, 'Forbidden'),
    want: { afterMs: FIRST_PAUSE_MS, next: 'watch' },
    because: 'the role may be bound later',
  },
  {
    name: '404 pauses and lists anew',
    given: refusal(404, 'NotFound'),
    want: { afterMs: FIRST_PAUSE_MS, next: 'list' },
    because: 'the CRD was deleted, with all resources',
  },
  {
    name: '400 pauses and lists anew',
    given: refusal(400, 'BadRequest'),
    want: { afterMs: FIRST_PAUSE_MS, next: 'list' },
    because: 'the resourceVersion is what it does not understand',
  },
  {
    name: '500 in the stream pauses and goes on',
    given: refusal(500, 'InternalError'),
    want: { afterMs: FIRST_PAUSE_MS, next: 'watch' },
    because: 'the resourceVersion is still good',
  },
  {
    name: 'a reset connection or a garbled line pauses and goes on',
    given: broken('Unexpected token < in JSON'),
    want: { afterMs: FIRST_PAUSE_MS, next: 'watch' },
    because: 'what was lost is sent again',
  },
];

describe('trouble with a watch', () => {
  test.each(ROWS)('$name: $because', async ({ given, want }) => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    watch.say(bookmark('11'), given);
    await settled();
    const waitedMs = await pauseOf(stage);
    const next = stage.feed.lists.length === 2 ? 'list' : 'watch';
    expect({ afterMs: waitedMs, next }).toEqual(want);
    expect(stage.watch().request.resourceVersion).toBe(next === 'watch' ? '11' : '10');
    expect(stage.contents()).toEqual(['a/x@1']);
    await stage.stop();
  });

  test('the resourceVersion is too large twice in a row: lists anew', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    watch.say(TOO_LARGE);
    await stage.clock.advance(1_000);
    stage.watch().say(TOO_LARGE);
    await stage.clock.advance(1_000);
    expect(stage.feed.lists).toHaveLength(2);
    await stage.stop();
  });

  test('a watch that is refused without end is given up for a list', async () => {
    const stage = startReflector();
    await stage.listed('x');
    for (let refusals = 0; refusals < 5; refusals += 1) {
      stage.watch().say(refusal(500, 'InternalError'));
      await stage.clock.advance(30_000);
    }
    expect(stage.feed.lists).toHaveLength(2);
    await stage.stop();
  });

  test('a watch that ends at once without news pauses, with news it goes on', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    await stage.clock.advance(999);
    watch.say(bookmark('11'));
    watch.close();
    await settled();
    expect(stage.reflector.health().state).toBe('BackingOff');
    await stage.clock.advance(400);
    stage.watch().say(modified('x', '12'));
    stage.watch().close();
    await settled();
    expect(stage.feed.watches).toHaveLength(3);
    await stage.stop();
  });

  test('the same event again and again is no news', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    watch.say(modified('x', '10'));
    watch.close();
    await settled();
    expect(stage.reflector.health().state).toBe('BackingOff');
    await stage.stop();
  });

  test('an expiry after every list is no hot loop, even with an event before each', async () => {
    const stage = startReflector();
    await stage.listed('x');
    stage.watch().say(modified('x', '20'), refusal(410, 'Expired'));
    await settled();
    stage.list().page('21', [object('x', '20')]);
    await settled();
    stage.watch().say(modified('x', '22'), refusal(410, 'Expired'));
    await settled();
    expect(stage.reflector.health().state).toBe('BackingOff');
    await stage.stop();
  });
});

describe('trouble with a list', () => {
  const REFUSALS: readonly [string, (list: ListCall) => void, number][] = [
    ['410', (list) => list.refuseWith(410), 0],
    ['429 with Retry-After', (list) => list.refuseWith(429, 'slow down', 3_000), 3_000],
    ['500', (list) => list.refuseWith(500), FIRST_PAUSE_MS],
    ['a timeout', (list) => list.refuseWith(undefined, 'no answer'), FIRST_PAUSE_MS],
    ['403', (list) => list.refuseWith(403), FIRST_PAUSE_MS],
    ['404: the CRD is missing', (list) => list.refuse({ kind: 'Gone' }), FIRST_PAUSE_MS],
    ['a conflict, absurdly', (list) => list.refuse({ kind: 'Conflict' }), FIRST_PAUSE_MS],
    ['no connection', (list) => list.refuse(notSent('ECONNREFUSED')), FIRST_PAUSE_MS],
  ];

  test.each(REFUSALS)('%s: lists again', async (_name, refuse, afterMs) => {
    const stage = startReflector();
    await settled();
    refuse(stage.list());
    await settled();
    expect(await pauseOf(stage)).toBe(afterMs);
    expect(stage.feed.watches).toHaveLength(0);
    await stage.stop();
  });

  test('keeps what is known, and keeps trying for ever', async () => {
    const stage = startReflector();
    const watch = await stage.listed('x');
    watch.say(refusal(410, 'Expired'));
    await settled();
    for (let refusals = 0; refusals < 20; refusals += 1) {
      stage.list().refuseWith(503);
      await stage.clock.advance(30_000);
    }
    expect(stage.contents()).toEqual(['a/x@1']);
    stage.list().page('90', [object('y', '80')]);
    await settled();
    expect(stage.contents()).toEqual(['a/y@80']);
    await stage.stop();
  });
});

describe('pauses', () => {
  test('double with each failure in a row, up to 30 seconds', async () => {
    const stage = startReflector();
    await stage.listed('x');
    const pauses: number[] = [];
    for (let failures = 0; failures < 8; failures += 1) {
      stage.watch().say(broken());
      await settled();
      pauses.push(await pauseOf(stage));
    }
    expect(pauses).toEqual([400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000]);
    await stage.stop();
  });

  async function failThrice(stage: Stage): Promise<void> {
    for (let failures = 0; failures < 3; failures += 1) {
      stage.watch().say(broken());
      await stage.clock.advance(REFLECTOR_SETTINGS.backoff.maxMs);
    }
  }

  test('start anew after a watch that brought an event', async () => {
    const stage = startReflector();
    await stage.listed('x');
    await failThrice(stage);
    stage.watch().say(modified('x', '12'), broken());
    await settled();
    expect(await pauseOf(stage)).toBe(400);
    await stage.stop();
  });

  test('start anew after a watch that lived two minutes', async () => {
    const stage = startReflector();
    await stage.listed('x');
    await failThrice(stage);
    stage.watch().say(bookmark('12'));
    await stage.clock.advance(60_000);
    stage.watch().say(bookmark('13'));
    await stage.clock.advance(60_000);
    stage.watch().say(broken());
    await settled();
    expect(await pauseOf(stage)).toBe(400);
    await stage.stop();
  });
});

describe('what it says', () => {
  test('a missing CRD in one clear sentence, once', async () => {
    const stage = startReflector();
    await settled();
    for (let refusals = 0; refusals < 5; refusals += 1) {
      stage.list().refuseWith(404, 'the server could not find the requested resource');
      await stage.clock.advance(30_000);
    }
    expect(stage.witness.loud().map(({ message }) => message)).toEqual([
      'the API server does not know this kind: install its CRD; trying again',
    ]);
    expect(stage.witness.lines).toHaveLength(5);
    expect(stage.witness.metric('cognito_operator_watch_reconnects_total{NotFound}')).toBe(5);
    await stage.stop();
  });

  test('nothing loud about an expiry, which is daily bread', async () => {
    const stage = startReflector();
    (await stage.listed('x')).say(refusal(410, 'Expired'));
    await settled();
    expect(stage.witness.loud()).toEqual([]);
    expect(stage.witness.metric('cognito_operator_watch_reconnects_total{Expired}')).toBe(1);
    await stage.stop();
  });
});

/** How long it rests from now, to a tenth of a second. */
async function pauseOf(stage: Stage): Promise<number> {
  const startMs = stage.clock.monotonicMs();
  while (stage.reflector.health().state === 'BackingOff') await stage.clock.advance(100);
  return stage.clock.monotonicMs() - startMs;
}

function notSent(message: string) {
  return { kind: 'NotSent', withheld: undefined, message } as const;
}
