/** The real Lua 5.1, where there is one (`apt-get install lua5.1`): a second opinion. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Json, LUA_NOW, type LuaRun, type LuaVm } from './lua-run.ts';

const COMMAND = 'lua5.1';
const SANDBOX = readFileSync(new URL('sandbox.lua', import.meta.url), 'utf8');

export function hasLua51(): boolean {
  return spawnSync(COMMAND, ['-v']).status === 0;
}

export const LUA_5_1: LuaVm = { name: 'Lua 5.1', run: runAll };

function runAll(runs: readonly LuaRun[]): readonly Json[] {
  const now = LUA_NOW.getTime() / 1_000;
  const calls = runs.map(({ script, obj }) => `run(${text(script)}, ${literal(obj)}, ${now})`);
  const input = [SANDBOX, ...calls].join('\n');
  const { status, stdout, stderr } = spawnSync(COMMAND, ['-'], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
}

function literal(value: unknown): string {
  if (typeof value === 'string') return text(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (value === null) return 'nil';
  if (Array.isArray(value)) return `{${value.map(literal).join(', ')}}`;
  const fields = Object.entries(value).map(([name, item]) => `[${text(name)}] = ${literal(item)}`);
  return `{${fields.join(', ')}}`;
}

/** Lua reads the escapes of JSON, but for `\u`. */
function text(value: string): string {
  const quoted = JSON.stringify(value);
  if (/\\u/.test(quoted)) throw new Error(`${quoted} cannot be written down for Lua 5.1`);
  return quoted;
}
