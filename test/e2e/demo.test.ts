/** `npm run demo`, as a newcomer runs it, but without a terminal. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive, type Script, startScript } from '../support/script.ts';

const DEMO = 'test/sandbox/demo.ts';
const STORY_MS = 300_000;

describe('the demo', () => {
  let demo: Script;
  let code: number | null;

  beforeAll(async () => {
    demo = startScript(DEMO);
    code = await demo.ended;
  }, STORY_MS);
  afterAll(() => demo[Symbol.dispose]());

  test('comes to its end with every claim held', () => {
    expect(code, demo.stdout + demo.stderr).toBe(0);
    expect(demo.stdout).toMatch(/✓ All 25 claims held, in \d+\.\d s\.\n$/);
    expect(demo.stdout).not.toContain('✗');
  });

  test('ends with a table of what was asked and what was called', () => {
    const rowOf = (operation: string) =>
      new RegExp(`^ +${operation}ResourceServers? +(\\S+) +\\d+ +(\\d+) `, 'm').exec(demo.stdout);
    const rows = ['Create', 'Update', 'Delete'].map((each) => rowOf(each)?.slice(1));
    expect(rows).toEqual([
      ['105', '105'],
      ['2', '2'],
      ['104', '104'],
    ]);
    expect(demo.stdout).toContain('lost: 0   doubled: 0   stolen: 0   left behind: 0');
  });

  test('prints plain lines where there is no terminal', () => {
    expect(demo.stdout).toMatch(/^[\P{Cc}\n]+$/u);
    expect(demo.stderr).toBe('');
  });

  test('leaves nothing behind', () => {
    expect(demo.leftovers()).toEqual([]);
  });
});

describe('the demo, interrupted', () => {
  test('ends at once, and the operator with it', async () => {
    using demo = startScript(DEMO);
    const [pid] = await demo.untilPrinted(/the operator \(pid (\d+)\) holds its lease/);
    await demo.untilPrinted(/\$ kubectl wait|> GET/);
    demo.signal('SIGINT');
    expect(await demo.ended).toBe(130);
    expect(isAlive(Number(pid))).toBe(false);
    expect(demo.stderr).toBe('');
    expect(demo.leftovers()).toEqual([]);
  });
});
