/** The actions that Argo CD offers on a resource: what each changes, and what it leaves alone. */
import { describe, expect, test } from 'vitest';
import { parsed } from '../support/builders.ts';
import { filesIn, readScript, readYaml } from './customization.ts';
import { FENGARI } from './lua-fengari.ts';
import type { Json, JsonObject, LuaVm } from './lua-run.ts';
import { hasLua51, LUA_5_1 } from './lua51.ts';

interface ActionTests {
  readonly discoveryTests: readonly {
    readonly inputPath: string;
    readonly result: readonly (JsonObject & { readonly name: string })[];
  }[];
  readonly actionTests: readonly {
    readonly action: string;
    readonly inputPath: string;
    readonly expectedOutputPath: string;
  }[];
}

const { discoveryTests, actionTests } = readYaml(
  'actions/action_test.yaml',
) as unknown as ActionTests;

const input = (path: string): JsonObject => readYaml(`actions/${path}`);
const vms = hasLua51() ? [FENGARI, LUA_5_1] : [FENGARI];
if (!hasLua51()) console.warn('SKIPPED: the actions in the real Lua 5.1: no lua5.1 on PATH');

describe.each(vms)('in $name', (vm) => {
  test('discovery offers what makes sense for each resource', () => {
    const script = readScript('actions/discovery.lua');
    const offered = vm.run(discoveryTests.map(({ inputPath: at }) => ({ script, obj: input(at) })));
    const wanted = discoveryTests.map(({ result }) =>
      Object.fromEntries(result.map(({ name, ...offer }) => [name, offer])),
    );
    expect(offered).toEqual(wanted);
  });

  test.each(actionTests)('$action turns $inputPath into $expectedOutputPath', (row) => {
    expect(resultOf(row.action, input(row.inputPath), vm)).toEqual(input(row.expectedOutputPath));
  });
});

function resultOf(action: string, obj: JsonObject, vm: LuaVm): Json {
  const script = readScript(`actions/${action}/action.lua`);
  const [returned = null] = vm.run([{ script, obj }]);
  return cleaned(returned, obj);
}

/**
 * Lua has one empty table, so Argo CD mends a map that became an empty list: the releases of 2.x by
 * the map that was there, later ones by an empty map. util/lua/lua.go, cleanReturnedObj.
 */
function cleaned(after: Json, before: Json | undefined): Json {
  if (Array.isArray(after)) {
    if (after.length === 0 && isObject(before)) return before;
    return after.map((each, at) => cleaned(each, Array.isArray(before) ? before[at] : undefined));
  }
  if (!isObject(after) || !isObject(before)) return after;
  const fields = Object.entries(after).map(([name, value]) => [name, cleaned(value, before[name])]);
  return Object.fromEntries(fields) as JsonObject;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('the operator', () => {
  const after = (action: string, path: string) => parsed(resultOf(action, input(path), FENGARI));

  test('is paused by pause, and goes on after resume', () => {
    expect(after('pause', 'testdata/running.yaml').paused).toBe(true);
    expect(after('resume', 'testdata/paused.yaml')).toMatchObject({
      paused: false,
      oddPause: undefined,
    });
  });

  test('has a new request to look after sync-now', () => {
    const { syncRequest, status } = after('sync-now', 'testdata/running.yaml');
    expect(syncRequest).toBe('2026-02-02T02:02:02Z');
    expect(status.lastHandledSyncRequest).not.toBe(syncRequest);
  });
});

test('each action is offered and tried', () => {
  const scripts = filesIn('actions').filter((name) => !name.includes('.') && name !== 'testdata');
  expect(scripts).toEqual([...new Set(actionTests.map(({ action }) => action))].sort());
  for (const { result } of discoveryTests) {
    expect(result.map(({ name }) => name).sort()).toEqual(scripts);
  }
});
