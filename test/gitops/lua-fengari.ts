/** Lua in JavaScript: the base and the table library, and nothing that Lua 5.1 does not have. */
import fengari, { type State } from 'fengari';
import { type Json, LUA_NOW, type LuaRun, type LuaVm } from './lua-run.ts';

const { lua, lauxlib, lualib, to_jsstring: toText, to_luastring: toBytes } = fengari;

export const FENGARI: LuaVm = { name: 'fengari', run: (runs) => runs.map(runOne) };

/** What came with Lua 5.2 and 5.3. */
const NEWER = 'rawlen, table.pack, table.unpack, table.move = nil, nil, nil, nil';

function runOne({ script, obj }: LuaRun): Json {
  const state = lauxlib.luaL_newstate();
  try {
    lauxlib.luaL_requiref(state, toBytes('_G'), lualib.luaopen_base, 1);
    lauxlib.luaL_requiref(state, toBytes('table'), lualib.luaopen_table, 1);
    lua.lua_pushcfunction(state, requireOs);
    lua.lua_setglobal(state, toBytes('require'));
    execute(state, NEWER);
    push(state, obj);
    lua.lua_setglobal(state, toBytes('obj'));
    execute(state, script);
    return read(state);
  } finally {
    lua.lua_close(state);
  }
}

function execute(state: State, script: string): void {
  const loaded = lauxlib.luaL_loadstring(state, toBytes(script));
  const ended = loaded === lua.LUA_OK ? lua.lua_pcall(state, 0, 1, 0) : loaded;
  if (ended !== lua.LUA_OK) throw new Error(toText(lua.lua_tostring(state, -1)));
}

function requireOs(state: State): number {
  const wanted = toText(lauxlib.luaL_checkstring(state, 1));
  if (wanted !== 'os') throw new Error(`module ${wanted} not found`);
  lua.lua_createtable(state, 0, 2);
  setFunction(state, 'time', () => lua.lua_pushinteger(state, LUA_NOW.getTime() / 1_000));
  setFunction(state, 'date', () => {
    const format = toText(lauxlib.luaL_checkstring(state, 1));
    lua.lua_pushstring(state, toBytes(dateOf(format)));
  });
  return 1;
}

function setFunction(state: State, name: string, result: () => void): void {
  lua.lua_pushcfunction(state, () => {
    result();
    return 1;
  });
  lua.lua_setfield(state, -2, toBytes(name));
}

/** The marks that Argo CD and C agree on, in UTC. */
function dateOf(format: string): string {
  if (!format.startsWith('!')) throw new Error('a local time is another one on each machine');
  const [day = '', time = ''] = LUA_NOW.toISOString().split(/[T.]/);
  const [year = '', month = '', date = ''] = day.split('-');
  const [hour = '', minute = '', second = ''] = time.split(':');
  const marks: Readonly<Record<string, string>> = {
    Y: year,
    m: month,
    d: date,
    H: hour,
    M: minute,
    S: second,
    X: time,
  };
  return format.slice(1).replaceAll(/%(.)/g, (_, mark: string) => {
    const value = marks[mark];
    if (value === undefined) throw new Error(`the mark %${mark} is not the same everywhere`);
    return value;
  });
}

function push(state: State, value: unknown): void {
  switch (typeof value) {
    case 'boolean':
      return lua.lua_pushboolean(state, value);
    case 'number':
      return Number.isSafeInteger(value)
        ? lua.lua_pushinteger(state, value)
        : lua.lua_pushnumber(state, value);
    case 'string':
      return lua.lua_pushstring(state, toBytes(value));
    case 'object':
      return value === null ? lua.lua_pushnil(state) : pushTable(state, value);
    default:
      throw new TypeError(`${typeof value} is not JSON`);
  }
}

function pushTable(state: State, value: object): void {
  lua.lua_createtable(state, 0, 0);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      push(state, item);
      lua.lua_seti(state, -2, index + 1);
    }
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    push(state, item);
    lua.lua_setfield(state, -2, toBytes(name));
  }
}

/** The value on top of the stack. */
function read(state: State): Json {
  switch (lua.lua_type(state, -1)) {
    case lua.LUA_TNIL:
      return null;
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(state, -1);
    case lua.LUA_TNUMBER:
      return lua.lua_tonumber(state, -1);
    case lua.LUA_TSTRING:
      return toText(lua.lua_tostring(state, -1));
    case lua.LUA_TTABLE:
      return readTable(state);
    default:
      throw new Error('the script returned what JSON does not have');
  }
}

/** An empty table is a list: Lua has no other word for it, and Argo CD takes it for one. */
function readTable(state: State): Json {
  const items: Json[] = [];
  const fields: Record<string, Json> = {};
  lua.lua_pushnil(state);
  while (lua.lua_next(state, -2) !== 0) {
    const value = read(state);
    if (lua.lua_type(state, -2) === lua.LUA_TNUMBER) items.push(value);
    else fields[toText(lua.lua_tostring(state, -2))] = value;
    lua.lua_pop(state, 1);
  }
  return Object.keys(fields).length > 0 ? fields : items;
}
