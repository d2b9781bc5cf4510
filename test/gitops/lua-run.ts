/**
 * One run of a script as Argo CD runs it: the resource is the global `obj`, what the script
 * returns is the result. There is neither `string` nor `io`; `os` has `date` and `time` and has to
 * be required. See util/lua/lua.go and util/lua/oslib_safe.go of argo-cd.
 */
export interface LuaRun {
  readonly script: string;
  readonly obj: unknown;
}

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** In these tests it is always the same moment. */
export const LUA_NOW = new Date('2026-02-02T02:02:02Z');

export interface LuaVm {
  readonly name: string;
  /** The results in the order of the runs; throws what a script throws. */
  run(runs: readonly LuaRun[]): readonly Json[];
}
