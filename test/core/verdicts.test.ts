/** Why a server is left behind, and how much of a difference is told. */
import { describe, expect, test } from 'vitest';
import { driftLines, linesOf, retention } from '../../src/core/verdicts.ts';
import { aResourceServer, aView, CONTENT, FOREIGN } from '../support/builders.ts';

const fresh = aResourceServer().finalized();
const owner = fresh.withRemote();

describe('what is left behind', () => {
  test.each([
    { given: fresh, because: 'this resource never owned one' },
    { given: fresh.observing(), because: 'this resource never owned one' },
    { given: owner.observing(), because: '`managementPolicy` is Observe' },
    {
      given: fresh.withPending('Create').observing(),
      because: '`managementPolicy` is Observe',
    },
    { given: owner.deletedBy('Retain'), because: '`deletionPolicy` is Retain' },
    {
      given: fresh.withRemote({ origin: 'Adopted' }),
      because: 'it was adopted, and `deletionPolicy` is DeleteIfCreated',
    },
  ])('is left because $because', ({ given, because }) => {
    expect(retention(aView(given).view())).toBe(because);
  });
});

describe('lines of drift', () => {
  const scopes = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ name: `s${100 + at}`, description: 'd' }));

  test.each([
    { differences: 20, lines: 20, last: 'scope s119: missing' },
    { differences: 21, lines: 20, last: 'and 2 more differences' },
  ])('of $differences differences are $lines', ({ differences, lines, last }) => {
    const all = linesOf({ name: 'x', scopes: scopes(differences) }, { name: 'x', scopes: [] });
    expect(all).toHaveLength(lines);
    expect(all.at(-1)).toBe(last);
  });

  test.each([
    { name: 'nothing was seen', view: aView(owner) },
    { name: 'only a sweep was seen', view: aView(owner).swept(FOREIGN) },
    {
      name: 'the spec cannot be read',
      view: aView(owner.spec({ scopes: 'x' })).described(CONTENT),
    },
  ])('are none where $name', ({ view }) => {
    expect(driftLines(view.view())).toEqual([]);
  });
});
