/**
 * A CRD that is older than the operator, or comes to be: the API server drops what it does not
 * know. Records that would be dropped are not written, and without them no call is made.
 */
import { describe, expect } from 'vitest';
import { TELLING_FIELDS } from '../../src/api/kept-fields.ts';
import { aResourceServer } from '../support/builders.ts';
import { applyCrd, crdWithout, untilDescribed, WHOLE_CRD } from '../support/crd.ts';
import { type House, UNMETERED } from '../support/house.ts';
import { testInOwnHouse } from '../support/house-test.ts';
import type { Pool } from '../support/pool.ts';
import type { User } from '../support/user.ts';

const test = testInOwnHouse({ ...UNMETERED, operators: 0, kubernetes: { crds: [] } });

const UNFIT = 'the CRD drops fields that this operator needs: apply the CRD of its version';
const LESS =
  'the CRD lacks fields of this operator, status says less: apply the CRD of its version';

type Operator = House['operators'][number];

const fieldsOf = (operator: Operator | undefined, msg: string): unknown =>
  operator?.said(msg)[0]?.['fields'];

async function readyUnderWholeCrd(house: House, pool: Pool): Promise<User> {
  await applyCrd(house.kubernetes, WHOLE_CRD);
  const user = await house.user();
  house.start();
  await user.apply(aResourceServer().inPool(pool.id));
  await user.untilReady();
  return user;
}

describe.concurrent('an operator that starts under an older CRD', () => {
  test('names what it lacks, waits without a write or a call, and goes on by itself', async ({
    house,
    pool,
  }) => {
    const crd = crdWithout('status.remote', 'spec.deletionPolicy');
    await house.kubernetes.load([crd]);
    await untilDescribed(house.kubernetes, crd);
    const user = await house.user();
    const before = await user.apply(aResourceServer().inPool(pool.id));
    const operator = house.start();
    await operator.untilSaid(UNFIT);
    expect(fieldsOf(operator, UNFIT)).toEqual([
      'spec.deletionPolicy',
      'status.remote',
      'status.remote.userPoolId',
      'status.remote.identifier',
      'status.remote.origin',
      'status.remote.hash',
      'status.remote.from',
    ]);
    expect(house.kubernetes.counts.get('list resourceservers')).toBeUndefined();
    expect(await user.read()).toEqual(before);
    const { probesPort } = await operator.untilSaid('started');
    expect((await fetch(`http://127.0.0.1:${String(probesPort)}/readyz`)).status).toBe(503);
    await applyCrd(house.kubernetes, WHOLE_CRD);
    await user.untilReady();
    expect(pool.effects()).toEqual(['Create']);
    expect(operator.said(UNFIT)).toHaveLength(1);
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });

  test('does all of its work where status only says less, and says so once', async ({
    house,
    pool,
  }) => {
    const fields = TELLING_FIELDS.filter((path) => !path.startsWith('status.conditions'));
    const crd = crdWithout(...fields);
    for (const version of crd.spec.versions) {
      delete version.selectableFields;
      delete version.additionalPrinterColumns;
    }
    await house.kubernetes.load([crd]);
    await untilDescribed(house.kubernetes, crd);
    const user = await house.user();
    const operator = house.start();
    await user.apply(aResourceServer().inPool(pool.id));
    await user.untilReady();
    await user.editSpec({ name: 'Weather API 2' });
    await user.untilReady();
    await pool.untilSwept();
    await user.remove();
    await user.untilGone();
    expect(pool.effects()).toEqual(['Create', 'Update', 'Delete']);
    expect(fieldsOf(operator, LESS)).toEqual(fields);
    expect(operator.said(LESS)).toHaveLength(1);
  });
});

describe.concurrent('an older CRD that is applied while an operator leads', () => {
  test('is noticed at the first write that comes back without its record: it is the last', async ({
    house,
    pool,
  }) => {
    const user = await readyUnderWholeCrd(house, pool);
    const [operator] = house.operators;
    await applyCrd(house.kubernetes, crdWithout('status.pending'));
    await user.editSpec({ name: 'Weather API 2' });
    expect(await operator?.exited).toBe(1);
    expect(operator?.said('leadership given up')).toHaveLength(1);
    expect(fieldsOf(operator, UNFIT)).toContain('status.pending');
    expect(pool.effects()).toEqual(['Create']);
    const next = house.start();
    await next.untilSaid(UNFIT);
    await applyCrd(house.kubernetes, WHOLE_CRD);
    await next.untilLeading();
    expect(pool.effects()).toEqual(['Create']);
  });

  test('is noticed when the API server cuts the watches, though nobody writes', async ({
    house,
    pool,
  }) => {
    await readyUnderWholeCrd(house, pool);
    const [operator] = house.operators;
    await applyCrd(house.kubernetes, crdWithout('status.remote'));
    expect(await operator?.exited).toBe(1);
    expect(fieldsOf(operator, UNFIT)).toContain('status.remote');
  });

  test('loses no record of a resource that nobody wrote meanwhile', async ({ house, pool }) => {
    const user = await readyUnderWholeCrd(house, pool);
    await house.operators[0]?.stop();
    const before = await user.status();
    await applyCrd(house.kubernetes, crdWithout('status.remote'));
    const next = house.start();
    await next.untilSaid(UNFIT);
    await applyCrd(house.kubernetes, WHOLE_CRD);
    await next.untilLeading();
    await user.remove();
    await user.untilGone();
    expect(before.remote?.origin).toBe('Created');
    expect(pool.effects()).toEqual(['Create', 'Delete']);
  });
});
