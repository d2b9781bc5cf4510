/** What is worked on: namespaces, labels, and objects that are not as the schema says. */
import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { aResourceServer, CONTENT } from '../support/builders.ts';
import { UNMETERED } from '../support/house.ts';
import { testInOwnHouse, testInSharedHouse } from '../support/house-test.ts';

const CRD = new URL('../../crds/resourceservers.yaml', import.meta.url);

/** As another version of it might be installed: any spec will do. */
function lenientCrd(): unknown {
  const crd = parse(readFileSync(CRD, 'utf8'));
  for (const version of crd.spec.versions) {
    const { status } = version.schema.openAPIV3Schema.properties;
    const spec = { 'x-kubernetes-preserve-unknown-fields': true };
    version.schema.openAPIV3Schema = { type: 'object', properties: { spec, status } };
    delete version.selectableFields;
  }
  return crd;
}

const inTwoNamespaces = testInOwnHouse({
  ...UNMETERED,
  flags: { ...UNMETERED.flags, namespaces: 'team-a,team-b' },
});
const withSelector = testInSharedHouse({
  ...UNMETERED,
  flags: { ...UNMETERED.flags, 'label-selector': 'tier=gold' },
});
const withLenientSchema = testInSharedHouse({
  ...UNMETERED,
  kubernetes: { crds: [lenientCrd()] },
});

describe.concurrent('--namespaces', () => {
  inTwoNamespaces('works in these and in no other', async ({ house, pool }) => {
    const [here, there, elsewhere] = [
      await house.user('team-a'),
      await house.user('team-b'),
      await house.user('team-c'),
    ];
    await elsewhere.apply(aResourceServer().inPool(pool.id).identifiedAs('c'));
    await here.apply(aResourceServer().inPool(pool.id).identifiedAs('a'));
    await there.apply(aResourceServer().inPool(pool.id).identifiedAs('b'));
    await here.untilReady();
    await there.untilReady();
    expect((await elsewhere.read()).metadata).not.toHaveProperty('finalizers');
    expect(pool.server('c')).toBeUndefined();
  });

  inTwoNamespaces('sees rivals across them', async ({ house, pool }) => {
    const [here, there] = [await house.user('team-a'), await house.user('team-b')];
    await here.apply(aResourceServer().inPool(pool.id));
    await here.untilReady();
    await there.apply(aResourceServer().inPool(pool.id));
    await there.untilReason('IdentityTaken');
  });
});

describe.concurrent('--label-selector', () => {
  withSelector('leaves the others alone', async ({ user, pool }) => {
    await user.apply(aResourceServer().named('plain').inPool(pool.id).identifiedAs('plain'));
    await user.apply(aResourceServer().inPool(pool.id).labelled({ tier: 'gold' }));
    await user.untilReady();
    expect((await user.read('plain')).metadata).not.toHaveProperty('finalizers');
    expect(pool.server('plain')).toBeUndefined();
  });

  withSelector('takes up what gets the label', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.edit({ metadata: { labels: { tier: 'gold' } } });
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
  });

  withSelector('lets go of no identity with the label', async ({ user, pool }) => {
    await user.apply(aResourceServer().named('elder').inPool(pool.id).labelled({ tier: 'gold' }));
    await user.untilReady('elder');
    await user.edit({ metadata: { labels: { tier: 'silver' } } }, 'elder');
    await user.apply(aResourceServer().inPool(pool.id).labelled({ tier: 'gold' }));
    await user.untilReason('IdentityTaken');
    await user.editSpec({ name: 'Not worked on' }, 'elder');
    await user.editSpec({ name: 'Neither' });
    await user.untilReason('IdentityTaken');
    expect(pool.server()).toMatchObject(CONTENT);
  });
});

describe.concurrent('a stored resource that is not as the schema says', () => {
  withLenientSchema('is InvalidSpec, and others go on', async ({ user, pool }) => {
    const odd = aResourceServer().named('odd').inPool(pool.id).identifiedAs('odd');
    await user.apply(odd.spec({ scopes: 'everything' }));
    const ready = await user.untilReason('InvalidSpec', 'odd');
    expect(ready.message).toContain('`spec.scopes`');
    expect(await user.condition('Stalled', 'odd')).toMatchObject({ status: 'True' });
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    expect(pool.server('odd')).toBeUndefined();
    await user.editSpec({ scopes: [] }, 'odd');
    await user.untilReady('odd');
  });

  withLenientSchema('is still deleted with its server', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id).deletedBy('DeleteIfCreated'));
    await user.untilReady();
    await user.editSpec({ scopes: [{ name: 7 }], name: ['no', 'name'] });
    await user.untilReason('InvalidSpec');
    expect(pool.server()).toMatchObject(CONTENT);
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  withLenientSchema('is deleted by its record when it names nothing', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.editSpec({ userPoolId: null, identifier: 12, scopes: null });
    await user.untilReason('InvalidSpec');
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  withLenientSchema('counts as Retain when its policy says nothing', async ({ user, pool }) => {
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.editSpec({ deletionPolicy: 'Sometimes' });
    await user.untilReason('InvalidSpec');
    await user.remove();
    await user.untilGone();
    expect(pool.server()).toMatchObject(CONTENT);
  });

  withLenientSchema('may be empty altogether', async ({ user, pool }) => {
    await user.apply(aResourceServer().named('empty').metadata({ name: 'empty' }));
    await user.edit({ spec: null }, 'empty');
    await user.untilReason('InvalidSpec', 'empty');
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.remove('empty');
    await user.untilGone('empty');
  });
});
