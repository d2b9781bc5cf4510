/** What is used of fengari, which ships no types. Texts are bytes: see `to_luastring`. */
declare module 'fengari' {
  export type State = { readonly '': unique symbol };
  export type Native = (state: State) => number;

  interface Fengari {
    to_luastring(text: string): Uint8Array;
    to_jsstring(bytes: Uint8Array): string;
    readonly lua: {
      readonly LUA_OK: number;
      readonly LUA_TNIL: number;
      readonly LUA_TBOOLEAN: number;
      readonly LUA_TNUMBER: number;
      readonly LUA_TSTRING: number;
      readonly LUA_TTABLE: number;
      lua_close(state: State): void;
      lua_createtable(state: State, items: number, fields: number): void;
      lua_next(state: State, at: number): number;
      lua_pcall(state: State, args: number, results: number, trace: number): number;
      lua_pop(state: State, count: number): void;
      lua_pushboolean(state: State, value: boolean): void;
      lua_pushcfunction(state: State, native: Native): void;
      lua_pushinteger(state: State, value: number): void;
      lua_pushnil(state: State): void;
      lua_pushnumber(state: State, value: number): void;
      lua_pushstring(state: State, text: Uint8Array): void;
      lua_setfield(state: State, at: number, name: Uint8Array): void;
      lua_setglobal(state: State, name: Uint8Array): void;
      lua_seti(state: State, at: number, index: number): void;
      lua_toboolean(state: State, at: number): boolean;
      lua_tonumber(state: State, at: number): number;
      lua_tostring(state: State, at: number): Uint8Array;
      lua_type(state: State, at: number): number;
    };
    readonly lauxlib: {
      luaL_checkstring(state: State, at: number): Uint8Array;
      luaL_loadstring(state: State, script: Uint8Array): number;
      luaL_newstate(): State;
      luaL_requiref(state: State, name: Uint8Array, open: Native, global: number): void;
    };
    readonly lualib: { readonly luaopen_base: Native; readonly luaopen_table: Native };
  }

  const fengari: Fengari;
  export default fengari;
}
