import { describe, expect, test } from 'vitest';
import { LIMITS, SCOPES_MAX } from '../../src/api/limits.ts';
import * as names from '../../src/api/names.ts';
import { broken, CRD, FIELDS, fieldAt, fieldsOfType, fits } from './schema.ts';

const ID = 'eu-west-1_AbCdEfGhI';
const EMOJI = '\u{1F326}';

interface Boundary {
  readonly path: string;
  readonly accepts: Readonly<Record<string, unknown>>;
  readonly refuses: Readonly<Record<string, unknown>>;
}

const BOUNDARIES: readonly Boundary[] = [
  {
    path: 'spec.userPoolId',
    accepts: {
      'a pool': ID,
      'a partition of its own': 'us-gov-west-1_a',
      'two digits': 'ap-southeast-12_9',
      '55 characters': `eu-west-1_${'a'.repeat(45)}`,
    },
    refuses: {
      '56 characters': `eu-west-1_${'a'.repeat(46)}`,
      nothing: '',
      'no pool': 'eu-west-1_',
      'no Region': 'AbCdEfGhI',
      'capitals, as a host name has none': 'EU-west-1_A',
      'what ends a host name': 'eu.evil.example/-west-1_A',
      'a line after it': `${ID}\n`,
      'a line before it': `x\n${ID}`,
      'an ARN': `arn:aws:cognito-idp:eu-west-1:123456789012:userpool/${ID}`,
    },
  },
  {
    path: 'spec.identifier',
    accepts: {
      '256 characters': 'a'.repeat(256),
      'every sign of a URL': 'https://a.example/b?c=d#e[f]~!/',
    },
    refuses: {
      '257 characters': 'a'.repeat(257),
      nothing: '',
      'a space': 'a b',
      'a double quote': 'a"b',
      'a backslash': 'a\\b',
      'a control character': 'a\u007F',
      'a letter beyond ASCII': 'caf\u00E9',
      'a line end': 'a\n',
    },
  },
  {
    path: 'spec.name',
    accepts: {
      '256 characters': 'a'.repeat(256),
      'every sign': 'Weather_API 2 +=,.@-',
      'white space of ASCII': 'a\t\n\r\fb',
      'the longest metadata.name': `${'a-0.'.repeat(63)}a`,
    },
    refuses: {
      '257 characters': 'a'.repeat(257),
      nothing: '',
      'a slash': 'Weather/API',
      parentheses: 'Weather (API)',
      'white space beyond ASCII': 'a\u00A0b',
      'a letter beyond ASCII': 'caf\u00E9',
    },
  },
  {
    path: 'spec.scopes[].name',
    accepts: {
      '256 characters': 's'.repeat(256),
      'every sign': "!#$%&'()*+,-.0:;<=>?@[]^_`{|}~",
    },
    refuses: {
      '257 characters': 's'.repeat(257),
      nothing: '',
      'a slash': 'https://a.example/read',
      'a space': 'forecast read',
      'a double quote': 'a"',
      'a backslash': 'a\\',
      'a letter beyond ASCII': 'caf\u00E9',
    },
  },
  {
    path: 'spec.scopes[].description',
    accepts: { '256 code points': `${'d'.repeat(255)}${EMOJI}`, 'any character': '\u00E9"\\/\n' },
    refuses: { '257 code points': `${'d'.repeat(256)}${EMOJI}`, nothing: '' },
  },
  {
    path: 'spec.scopes',
    accepts: { none: [], '100 scopes': scopes(100) },
    refuses: {
      '101 scopes': scopes(101),
      'a scope without a description': [{ name: 'a' }],
      'a scope without a name': [{ description: 'a' }],
    },
  },
  { path: 'spec.deletionPolicy', accepts: { Retain: 'Retain' }, refuses: { Orphan: 'Orphan' } },
  { path: 'spec.adoptionPolicy', accepts: { Never: 'Never' }, refuses: { 'its case': 'never' } },
  { path: 'spec.managementPolicy', accepts: { Observe: 'Observe' }, refuses: { nothing: '' } },
];

describe('each limit of Cognito, at its boundary', () => {
  test.each(rowsOf('accepts'))('$path accepts $because', ({ path, given }) => {
    expect(fits(path, given)).toBe(true);
  });

  test.each(rowsOf('refuses'))('$path refuses $because', ({ path, given }) => {
    expect(fits(path, given)).toBe(false);
  });

  test('the limits in TypeScript are those of the CRD', () => {
    for (const [path, limit] of [
      ['spec.userPoolId', LIMITS.userPoolId],
      ['spec.identifier', LIMITS.identifier],
      ['spec.name', LIMITS.name],
      ['spec.scopes[].name', LIMITS.scopeName],
    ] as const) {
      const { maxLength, pattern } = fieldAt(path).schema;
      expect({ path, maxLength, pattern }).toEqual({
        path,
        maxLength: limit.charsMax,
        pattern: limit.pattern.source,
      });
    }
    const { maxLength } = fieldAt('spec.scopes[].description').schema;
    expect(maxLength).toBe(LIMITS.scopeDescription.charsMax);
    expect(fieldAt('spec.scopes').schema.maxItems).toBe(SCOPES_MAX);
  });

  test('the shared names carry the group of the CRD', () => {
    for (const name of [names.FINALIZER, names.PAUSED_ANNOTATION, names.SYNC_ANNOTATION]) {
      expect(name).toMatch(new RegExp(`^${CRD.group}/[a-z-]+$`));
    }
  });
});

interface RuleCase {
  readonly path: string;
  readonly given: unknown;
  readonly before?: unknown;
  readonly want: readonly RegExp[];
}

const ALWAYS = { adoptionPolicy: 'Always' };

const RULE_CASES: readonly RuleCase[] = [
  { path: 'spec', given: ALWAYS, want: [/`scopes: \[\]`/] },
  { path: 'spec', given: { ...ALWAYS, scopes: [] }, want: [] },
  { path: 'spec', given: { adoptionPolicy: 'Never' }, want: [] },
  { path: 'spec.userPoolId', given: ID, want: [] },
  { path: 'spec.userPoolId', given: ID, before: ID, want: [] },
  { path: 'spec.userPoolId', given: `${ID}2`, before: ID, want: [/`userPoolId` is immutable/] },
  { path: 'spec.userPoolId', given: 'my-pool', want: [/the ID of a user pool/] },
  { path: 'spec.identifier', given: 'a', before: 'a', want: [] },
  { path: 'spec.identifier', given: 'A', before: 'a', want: [/`identifier` is immutable/] },
  { path: 'spec.identifier', given: names.RESERVED_PREFIX, want: [/keeps for itself/] },
  { path: 'spec.identifier', given: 'aws.cognito/dcr', want: [/keeps for itself/] },
  { path: 'spec.identifier', given: 'aws.cognit', want: [] },
  { path: 'spec.identifier', given: 'x.aws.cognito', want: [] },
  { path: 'spec.identifier', given: 'a b', want: [/printable ASCII/] },
  { path: 'spec.name', given: 'Weather API', want: [] },
  { path: 'spec.name', given: ' Weather', want: [/white space/] },
  { path: 'spec.name', given: 'Weather\n', want: [/white space/] },
  { path: 'spec.name', given: ' ', want: [/white space/] },
  { path: 'spec.name', given: 'Weather/API', want: [/must consist of/] },
  { path: 'spec.scopes[].name', given: 'read', want: [] },
  { path: 'spec.scopes[].name', given: 'weather/read', want: [/after the identifier/] },
];

describe('the rules', () => {
  test.each(RULE_CASES)('$path, $before -> $given: $want', ({ path, given, before, want }) => {
    const messages = broken(path, given, before);
    expect(messages).toEqual(want.map((words) => expect.stringMatching(words)));
  });

  const rules = FIELDS.flatMap(({ path, schema }) =>
    (schema['x-kubernetes-validations'] ?? []).map((rule) => ({ path, schema, ...rule })),
  );

  test.each(rules)('$path says what must be: $message', ({ message }) => {
    expect(message).toMatch(/^`[a-zA-Z]+` (must|is immutable)/);
    expect(message).not.toMatch(/\bshould\b|\.$/);
  });

  test('a pattern of the spec has a sentence for people, over the same pattern', () => {
    for (const { path, schema } of FIELDS.filter((field) => field.path.startsWith('spec.'))) {
      if (schema.pattern === undefined) continue;
      const own = rules.filter((rule) => rule.path === path).map(({ rule }) => rule);
      expect(own).toContain(`self.matches(r'${schema.pattern}')`);
    }
  });
});

describe('every field', () => {
  test.each(fieldsOfType('string'))('$path, a string, is bounded', ({ schema }) => {
    expect(schema.maxLength ?? schema.enum?.length).toBeGreaterThan(0);
  });

  test.each(fieldsOfType('array'))(
    '$path, a list, is bounded and says how it merges',
    ({ schema }) => {
      expect(schema.maxItems).toBeGreaterThan(0);
      const keys = schema['x-kubernetes-list-map-keys'] ?? [];
      expect(schema['x-kubernetes-list-type']).toBe(keys.length > 0 ? 'map' : 'atomic');
      expect(schema.items?.required ?? []).toEqual(expect.arrayContaining([...keys]));
    },
  );

  test.each(fieldsOfType('integer'))(
    '$path, a number, has a format and a least value',
    ({ schema }) => {
      expect(schema.format).toMatch(/^int(32|64)$/);
      expect(schema.minimum).toBeTypeOf('number');
    },
  );

  test.each(FIELDS.filter(({ schema }) => schema.pattern))(
    '$path has an anchored pattern that means the same to Go, Java and JavaScript',
    ({ schema }) => {
      expect(schema.pattern).toMatch(/^\^.*\$$/);
      expect(schema.pattern).not.toMatch(/\\[wWsSdDbBpP]|\(\?/);
    },
  );

  test.each(FIELDS.filter(({ path }) => path !== 'metadata'))(
    '$path explains itself in sentences',
    ({ schema }) => {
      expect(schema.description).toMatch(/^[A-Z-].*\.$/);
    },
  );

  test('metadata is left to the API server, which accepts nothing else in a CRD', () => {
    expect(fieldAt('metadata').schema).toEqual({ type: 'object' });
  });
});

describe('a resource', () => {
  const spec = { userPoolId: ID, identifier: 'weather' };

  test('gets the policies and the unseen status by default', () => {
    const resource = { spec: { ...spec } };
    expect(fits('', resource)).toBe(true);
    expect(resource).toEqual({
      spec: {
        ...spec,
        deletionPolicy: 'DeleteIfCreated',
        adoptionPolicy: 'IfMatching',
        managementPolicy: 'Enforce',
      },
      status: { observedGeneration: -1 },
    });
  });

  test.each(['userPoolId', 'identifier'])('needs %s', (field) => {
    expect(fits('', { spec: { ...spec, [field]: undefined } })).toBe(false);
  });

  test('holds the largest status that the operator writes', () => {
    const hash = `1:${'h'.repeat(43)}`;
    const text = EMOJI.repeat(1024);
    const time = '2026-11-22T10:00:00.123456Z';
    const condition = (type: string) => ({
      type,
      status: 'Unknown',
      observedGeneration: 2 ** 40,
      lastTransitionTime: time,
      reason: 'ProgressingWithRetry',
      message: text,
    });
    const status = {
      observedGeneration: 2 ** 40,
      conditions: ['Ready', 'Reconciling', 'Stalled', 'Paused'].map(condition),
      scopeCount: 100,
      scopeIdentifiers: scopes(100).map(({ name }) => `${'i'.repeat(256)}/${name}`),
      recordUID: crypto.randomUUID(),
      remote: {
        userPoolId: 'p'.repeat(55),
        identifier: 'i'.repeat(256),
        accountId: '123456789012',
        origin: 'Adopted',
        hash,
      },
      pending: { operation: 'Update', hash, startTime: time, instance: 'i'.repeat(253) },
      drift: Array.from({ length: 20 }, () => EMOJI.repeat(256)),
      lastHandledSyncRequest: 'x'.repeat(256 * 1024),
    };
    expect(fits('status', status)).toBe(true);
  });
});

describe('what kubectl shows', () => {
  test('the columns, in this order', () => {
    const shown = CRD.columns.map(({ name, priority }) => (priority ? `(${name})` : name));
    expect(shown.join(', ')).toBe(
      'READY, REASON, IDENTIFIER, USER POOL, SCOPES, AGE, (NAME), (POLICY), (ACCOUNT), (MESSAGE)',
    );
  });

  test.each(CRD.columns.filter(({ jsonPath }) => !jsonPath.startsWith('.metadata')))(
    '$name reads a field of the schema',
    ({ jsonPath }) => {
      const path = jsonPath.slice(1).replace(/\[\?.*?\]/, '[]');
      expect(FIELDS.map((field) => field.path)).toContain(path);
    },
  );

  test('a pool or an identifier selects resources', () => {
    expect(CRD.selectableFields).toEqual(['.spec.userPoolId', '.spec.identifier']);
  });
});

interface BoundaryRow {
  readonly path: string;
  readonly because: string;
  readonly given: unknown;
}

function rowsOf(side: 'accepts' | 'refuses'): readonly BoundaryRow[] {
  return BOUNDARIES.flatMap(({ path, [side]: values }) =>
    Object.entries(values).map(([because, given]) => ({ path, because, given })),
  );
}

function scopes(count: number): { readonly name: string; readonly description: string }[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `${at}`.padEnd(256, 's'),
    description: 'd',
  }));
}
