import { describe, expect, test } from 'vitest';
import type { AdoptionPolicy } from '../../src/api/resource-server.ts';
import { decide } from '../../src/core/decide.ts';
import { hashOf } from '../../src/core/drift.ts';
import type { Content } from '../../src/core/view.ts';
import { aResourceServer, aView, CONTENT, FOREIGN } from '../support/builders.ts';
import { wordOf } from './decisions.ts';

const POLICIES: readonly AdoptionPolicy[] = ['IfMatching', 'Always', 'Never'];

type Row = Readonly<Record<AdoptionPolicy, string>> & {
  readonly name: string;
  readonly seen: Content;
};

const WANTED: Content = {
  ...CONTENT,
  scopes: [...CONTENT.scopes, { name: 'forecast.write', description: 'Write forecasts' }],
};

const MATRIX: readonly Row[] = [
  {
    name: 'equal',
    seen: WANTED,
    IfMatching: 'Adopt',
    Always: 'Adopt',
    Never: 'Refused(AlreadyExists)',
  },
  {
    name: 'equal but for the order of its scopes',
    seen: { ...WANTED, scopes: WANTED.scopes.toReversed() },
    IfMatching: 'Adopt',
    Always: 'Adopt',
    Never: 'Refused(AlreadyExists)',
  },
  {
    name: 'different',
    seen: FOREIGN,
    IfMatching: 'Refused(AlreadyExists)',
    Always: 'Adopt',
    Never: 'Refused(AlreadyExists)',
  },
  {
    name: 'equal and managed by Cognito',
    seen: { ...WANTED, managedBy: 'Cognito' },
    IfMatching: 'Refused(ManagedByCognito)',
    Always: 'Refused(ManagedByCognito)',
    Never: 'Refused(ManagedByCognito)',
  },
];

const wanting = aResourceServer().finalized().withScopes(WANTED.scopes);

describe.each(MATRIX)('a server that nobody recorded, $name', (row) => {
  test.each(POLICIES)('under %s', (policy) => {
    const given = aView(wanting.adoptedBy(policy)).described(row.seen);
    expect(wordOf(given)).toBe(row[policy]);
  });
});

test('an adoption records what was seen, and not what is wanted', () => {
  const given = aView(aResourceServer().finalized().adoptedBy('Always')).described(FOREIGN);
  expect(decide(given.view())).toMatchObject({ action: { kind: 'Adopt', hash: hashOf(FOREIGN) } });
});

test('a refusal tells the difference', () => {
  const given = aView(aResourceServer().finalized()).described(FOREIGN);
  expect(decide(given.view())).toMatchObject({
    outcome: {
      drift: ['name: is "Climate API", wanted "Weather API"', 'scope forecast.read: missing'],
    },
  });
});

test('one that is taken over is changed only after that was recorded', () => {
  const adopted = aResourceServer()
    .finalized()
    .adoptedBy('Always')
    .withRemote({ origin: 'Adopted', hash: hashOf(FOREIGN) });
  expect(wordOf(aView(adopted).described(FOREIGN))).toBe('RecordPending(Update)');
});
