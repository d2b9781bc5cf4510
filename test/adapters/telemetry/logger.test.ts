import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/adapters/telemetry/fields.ts';
import { createLogger, type LoggerOptions } from '../../../src/adapters/telemetry/logger.ts';
import { createSecrets } from '../../../src/api/secrets.ts';
import type { Fields } from '../../../src/ports.ts';

function loggerToMemory(level: LoggerOptions['level'] = 'debug') {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLogger({ level, secrets: createSecrets(), destination });
  return { log, lines };
}

function written(fields: Fields): Record<string, unknown> {
  const { log, lines } = loggerToMemory();
  log.info('a message', fields);
  const { level: _level, time: _time, msg: _msg, ...rest } = JSON.parse(lines[0] ?? '{}');
  return rest;
}

describe('the logger', () => {
  test('writes one line of JSON with an ISO time, the level as a word, and the fields', () => {
    const { log, lines } = loggerToMemory();
    log.warn('a sweep is late', { pool: 'eu-west-1_A', lateMs: 20 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      msg: 'a sweep is late',
      pool: 'eu-west-1_A',
      lateMs: 20,
    });
  });

  test.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ] as const)('at %s writes the %i loudest of four', (level, count) => {
    const { log, lines } = loggerToMemory(level);
    log.debug('quiet');
    log.info('usual');
    log.warn('odd');
    log.error('broken');
    expect(lines).toHaveLength(count);
  });

  test.each([
    ['error', ['debug', 'error']],
    ['debug', ['info', 'debug']],
  ] as const)('at %s toggles debug lines, and says so either way', (level, levels) => {
    const { log, lines } = loggerToMemory(level);
    log.toggleDebug();
    log.toggleDebug();
    log[level === 'debug' ? 'debug' : 'info'](`back at ${level}`);
    const said = lines.map((line) => JSON.parse(line)).filter(({ logLevel }) => logLevel);
    expect(said.map(({ msg, logLevel }) => [msg, logLevel])).toEqual(
      levels.map((each) => ['log level changed', each]),
    );
    expect(lines).toHaveLength(level === 'debug' ? 3 : 2);
  });

  test('takes a message as it is', () => {
    const { log, lines } = loggerToMemory();
    log.info('100 %s done', { a: 1 });
    expect(lines[0]).toContain('"msg":"100 %s done"');
  });
});

describe('what a log never holds', () => {
  test.each([
    ['a field with the name of a secret', { secretAccessKey: 'hush' }],
    ['one deep inside', { request: { headers: { Authorization: 'hush' } } }],
    ['one in a list', { tries: [{ sessionToken: 'hush' }] }],
    ['one that is no text', { credentials: { value: 'hush' } }],
    ['a key id in a text', { note: 'for AKIAIOSFODNN7EXAMPLE only' }, 'AKIAIOSFODNN7EXAMPLE'],
    ['a signed query', { url: 'https://a/?x=1&X-Amz-Signature=hush&y=2' }],
    ['a bearer', { header: 'Bearer hush' }],
    ['a JSON Web Token', { text: 'got eyJhbGciOi.eyJzdWIiOi.hush, refused' }],
    ['a private key', { pem: '-----BEGIN RSA PRIVATE KEY-----\nhush\n-----END' }],
    ["an error's message", { error: new Error('refused Bearer hush') }],
    ["an error's cause", { error: new Error('no', { cause: new Error('Bearer hush') }) }],
    ["an error's other fields", { error: Object.assign(new Error('no'), { request: 'hush' }) }],
    ['a secret that would be cut in half', { text: `${'a'.repeat(1_014)} Bearer hush` }],
  ])('%s', (_, fields: Fields, secret = 'hush') => {
    const { log, lines } = loggerToMemory();
    log.error('refused', fields);
    expect(lines[0]).not.toContain(secret);
  });

  test('leaves what is around a secret', () => {
    expect(written({ url: 'https://a/?x=1&X-Amz-Signature=hush&y=2', token: undefined })).toEqual({
      url: 'https://a/?x=1&X-Amz-Signature=[redacted]&y=2',
    });
  });
});

describe('the bounds of a log line', () => {
  test('cuts a long text and says so', () => {
    expect(written({ text: 'a'.repeat(5_000) })).toEqual({
      text: `${'a'.repeat(LIMITS.textCharsMax)} [and ${5_000 - LIMITS.textCharsMax} more]`,
    });
  });

  test('takes the first items of a list and the first fields of an object', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => at);
    const { list, object } = written({ list: many, object: Object.fromEntries(many.entries()) });
    expect(list).toHaveLength(LIMITS.itemsMax);
    expect(Object.keys(object ?? {})).toHaveLength(LIMITS.itemsMax);
  });

  test('ends in a circle', () => {
    const circle: Record<string, unknown> = { name: 'a' };
    circle['self'] = circle;
    expect(JSON.stringify(written({ circle }))).toMatch(/"name":"a".*"\[deeper\]"/);
  });

  test('writes errors with name, message, stack and cause', () => {
    const cause = new TypeError('inner');
    expect(written({ error: new Error('outer', { cause }) })).toEqual({
      error: {
        name: 'Error',
        message: 'outer',
        stack: expect.stringContaining('logger.test.ts'),
        cause: expect.objectContaining({ name: 'TypeError', message: 'inner' }),
      },
    });
  });

  test.each([
    [12n, '12'],
    [new Map(), '[object Map]'],
    [null, null],
    [false, false],
  ])('writes %s as JSON can', (value, want) => {
    expect(written({ value })).toEqual({ value: want });
  });
});
