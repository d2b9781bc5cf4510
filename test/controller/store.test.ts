import { describe, expect, test } from 'vitest';
import { createStore, type Entry, type Store } from '../../src/controller/store.ts';

interface Thing extends Entry {
  readonly text: string;
}

function thing(key: string, resourceVersion: string, uid = `uid-of-${key}`): Thing {
  return { key, uid, resourceVersion, text: `${key} at ${resourceVersion}` };
}

function versions(store: Store<Thing>): Record<string, string> {
  return Object.fromEntries([...store.values()].map((each) => [each.key, each.resourceVersion]));
}

function listed(...objects: readonly Thing[]): Store<Thing> {
  const store = createStore<Thing>();
  store.replace(undefined, objects, '10');
  return store;
}

describe('what the feed says', () => {
  test('a new object appears', () => {
    const store = createStore<Thing>();
    const added = thing('a/x', '5');
    expect(store.observe('Upsert', added)).toEqual([{ before: undefined, after: added }]);
    expect(store.get('a/x')).toEqual(added);
    expect(store.size).toBe(1);
    expect([...store.keys()]).toEqual(['a/x']);
  });

  test('a newer version replaces the one before', () => {
    const store = listed(thing('a/x', '5'));
    const after = thing('a/x', '11');
    expect(store.observe('Upsert', after)).toEqual([{ before: thing('a/x', '5'), after }]);
  });

  test('the same version again changes nothing', () => {
    const store = listed(thing('a/x', '5'));
    expect(store.observe('Upsert', thing('a/x', '5'))).toEqual([]);
  });

  test('another uid under the same key is a deletion and an addition', () => {
    const store = listed(thing('a/x', '5', 'first'));
    const second = thing('a/x', '11', 'second');
    expect(store.observe('Upsert', second)).toEqual([
      { before: thing('a/x', '5', 'first'), after: undefined },
      { before: undefined, after: second },
    ]);
  });

  test('a deletion takes the object out, once', () => {
    const store = listed(thing('a/x', '5'));
    const gone = { before: thing('a/x', '5'), after: undefined };
    expect(store.observe('Delete', thing('a/x', '11'))).toEqual([gone]);
    expect(store.observe('Delete', thing('a/x', '11'))).toEqual([]);
    expect(store.get('a/x')).toBeUndefined();
  });

  test('the deletion of an earlier object leaves its successor alone', () => {
    const store = listed(thing('a/x', '5', 'first'));
    store.wrote(thing('a/x', '13', 'second'));
    expect(store.observe('Delete', thing('a/x', '12', 'first'))).toEqual([]);
    expect(store.get('a/x')?.uid).toBe('second');
  });

  test('versions are compared as numbers of any length', () => {
    const store = createStore<Thing>();
    store.observe('Upsert', thing('a/x', '9007199254740993'));
    expect(store.wrote(thing('a/x', '9007199254740992'))).toEqual([]);
    expect(store.wrote(thing('a/x', '10007199254740992'))).toHaveLength(1);
  });
});

describe('a complete list', () => {
  test('tells additions, changes and deletions against what was there', () => {
    const store = listed(thing('a/same', '1'), thing('a/changed', '2'), thing('a/gone', '3'));
    const objects = [thing('a/same', '1'), thing('a/changed', '12'), thing('a/new', '13')];
    expect(store.replace(undefined, objects, '20')).toEqual([
      { before: thing('a/gone', '3'), after: undefined },
      { before: thing('a/changed', '2'), after: thing('a/changed', '12') },
      { before: undefined, after: thing('a/new', '13') },
    ]);
  });

  test('tells a delete and re-create it was not there for as two changes', () => {
    const store = listed(thing('a/x', '5', 'first'));
    const second = thing('a/x', '12', 'second');
    expect(store.replace(undefined, [second], '20')).toEqual([
      { before: thing('a/x', '5', 'first'), after: undefined },
      { before: undefined, after: second },
    ]);
  });

  test('of one namespace leaves the others alone', () => {
    const store = listed(thing('a/x', '5'), thing('b/x', '6'));
    store.replace('a', [], '20');
    expect(versions(store)).toEqual({ 'b/x': '6' });
  });

  test('does not undo a write of ours that is newer than the list', () => {
    const store = listed(thing('a/x', '5'));
    store.wrote(thing('a/x', '25'));
    expect(store.replace(undefined, [thing('a/x', '5')], '20')).toEqual([]);
    expect(versions(store)).toEqual({ 'a/x': '25' });
  });

  test('keeps what a live read found after the list was made', () => {
    const store = listed();
    store.wrote(thing('a/x', '25'));
    expect(store.replace(undefined, [], '20')).toEqual([]);
    expect(store.get('a/x')?.resourceVersion).toBe('25');
  });

  test('drops a ghost: a write of ours to an object that is gone since', () => {
    const store = listed(thing('a/x', '5'));
    store.wrote(thing('a/x', '12'));
    store.replace(undefined, [], '20');
    expect(store.size).toBe(0);
  });

  test('from before what the feed had told is the truth: etcd was restored', () => {
    const store = listed(thing('a/x', '5'), thing('a/lost', '6'));
    store.observe('Upsert', thing('a/x', '90'));
    store.removed('a/lost', 'uid-of-a/lost');
    const objects = [thing('a/x', '5'), thing('a/lost', '6')];
    store.replace(undefined, objects, '50');
    expect(versions(store)).toEqual({ 'a/x': '5', 'a/lost': '6' });
    store.observe('Upsert', thing('a/lost', '51'));
    store.wrote(thing('a/x', '52'));
    expect(versions(store)).toEqual({ 'a/x': '52', 'a/lost': '51' });
  });

  test('of one namespace that was restored does not touch the progress of another', () => {
    const store = createStore<Thing>();
    store.replace('a', [thing('a/x', '5')], '90');
    store.replace('b', [], '95');
    store.replace('a', [thing('a/x', '4')], '50');
    expect(store.wrote(thing('b/late', '94'))).toEqual([]);
    expect(versions(store)).toEqual({ 'a/x': '4' });
  });
});

describe('our own writes', () => {
  test('are read at once, before the feed tells them', () => {
    const store = listed(thing('a/x', '5'));
    const after = thing('a/x', '12');
    expect(store.wrote(after)).toEqual([{ before: thing('a/x', '5'), after }]);
    expect(store.get('a/x')).toEqual(after);
  });

  test('their echo on the watch changes nothing', () => {
    const store = listed(thing('a/x', '5'));
    store.wrote(thing('a/x', '12'));
    expect(store.observe('Upsert', thing('a/x', '12'))).toEqual([]);
  });

  test('a lagging frame does not undo them', () => {
    const store = listed(thing('a/x', '5'));
    store.wrote(thing('a/x', '12'));
    expect(store.observe('Upsert', thing('a/x', '11'))).toEqual([]);
    expect(versions(store)).toEqual({ 'a/x': '12' });
  });

  test('are ignored when the feed is already further', () => {
    const store = listed(thing('a/x', '5'));
    store.observe('Upsert', thing('a/x', '13'));
    expect(store.wrote(thing('a/x', '12'))).toEqual([]);
  });

  test('never resurrect an object whose deletion the feed has told', () => {
    const store = listed(thing('a/x', '5'));
    store.observe('Delete', thing('a/x', '13'));
    expect(store.wrote(thing('a/x', '12'))).toEqual([]);
    expect(store.size).toBe(0);
  });

  test('never resurrect an object that a list did not show any more', () => {
    const store = listed(thing('a/x', '5'));
    store.replace(undefined, [], '20');
    expect(store.wrote(thing('a/x', '12'))).toEqual([]);
    expect(store.size).toBe(0);
  });

  test('never resurrect an object that was replaced by another', () => {
    const store = listed(thing('a/x', '5', 'first'));
    store.observe('Upsert', thing('a/x', '14', 'second'));
    expect(store.wrote(thing('a/x', '12', 'first'))).toEqual([]);
    expect(store.get('a/x')?.uid).toBe('second');
  });

  test('a live read that finds a successor is two changes', () => {
    const store = listed(thing('a/x', '5', 'first'));
    expect(store.wrote(thing('a/x', '14', 'second'))).toHaveLength(2);
    expect(store.observe('Upsert', thing('a/x', '13', 'first'))).toEqual([]);
    expect(store.get('a/x')?.uid).toBe('second');
  });
});

describe('a live read that finds nothing', () => {
  test('takes the object out before the feed does, and lagging frames do not bring it back', () => {
    const store = listed(thing('a/x', '5'));
    expect(store.removed('a/x', 'uid-of-a/x')).toHaveLength(1);
    expect(store.observe('Upsert', thing('a/x', '11'))).toEqual([]);
    expect(store.wrote(thing('a/x', '12'))).toEqual([]);
    expect(store.observe('Delete', thing('a/x', '13'))).toEqual([]);
    expect(store.size).toBe(0);
  });

  test('nor does a list that was made before', () => {
    const store = listed(thing('a/x', '5'));
    store.removed('a/x', 'uid-of-a/x');
    expect(store.replace(undefined, [thing('a/x', '5')], '11')).toEqual([]);
    expect(store.observe('Upsert', thing('a/x', '12'))).toEqual([]);
    expect(store.size).toBe(0);
  });

  test('does not let lagging frames bring back what was there before', () => {
    const store = listed(thing('a/x', '5', 'first'));
    store.wrote(thing('a/x', '14', 'second'));
    store.removed('a/x', 'second');
    expect(store.observe('Upsert', thing('a/x', '11', 'first'))).toEqual([]);
    expect(store.replace(undefined, [thing('a/x', '11', 'first')], '12')).toEqual([]);
    expect(store.observe('Upsert', thing('a/x', '13', 'second'))).toEqual([]);
    expect(store.observe('Upsert', thing('a/x', '16', 'third'))).toHaveLength(1);
  });

  test('does not stand in the way of a successor', () => {
    const store = listed(thing('a/x', '5', 'first'));
    store.removed('a/x', 'first');
    expect(store.observe('Upsert', thing('a/x', '14', 'second'))).toHaveLength(1);
  });

  test('about another object than the one we hold changes nothing', () => {
    const store = listed(thing('a/x', '5', 'second'));
    expect(store.removed('a/x', 'first')).toEqual([]);
    expect(store.removed('a/unknown', 'first')).toEqual([]);
    expect(store.size).toBe(1);
  });
});

describe('resourceVersions that cannot be compared', () => {
  test('let the feed alone speak', () => {
    const store = createStore<Thing>();
    store.replace(undefined, [thing('a/x', 'blue'), thing('a/y', 'red')], 'green');
    expect(store.wrote(thing('a/x', 'pink'))).toEqual([]);
    expect(store.observe('Upsert', thing('a/x', 'grey'))).toHaveLength(1);
    expect(store.observe('Upsert', thing('a/x', 'grey'))).toEqual([]);
    store.replace(undefined, [thing('a/x', 'grey')], 'white');
    expect(versions(store)).toEqual({ 'a/x': 'grey' });
  });

  test('a leading zero makes no number', () => {
    const store = listed(thing('a/x', '5'));
    expect(store.wrote(thing('a/x', '012'))).toEqual([]);
  });
});
