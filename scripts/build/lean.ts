/** What keeps the bundle small and its start short. */
import { builtinModules } from 'node:module';
import type { Plugin } from 'esbuild';

/** A file of its own, so that it is neither read nor run before it is asked for. */
export const SERVE_APART: Plugin = {
  name: 'loads what serves later',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/serve\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './serve.mjs', external: true } : undefined,
    );
  },
};

/**
 * Of client-node only the reader of kubeconfigs is used. It does not say that its modules may be
 * left out, so all models of all kinds would come along, and run at each start. Its lists of them
 * change nothing outside themselves but `File`, which Node has had since 20.
 */
export const LEAN_CLIENT: Plugin = {
  name: 'leaves out what is not used of client-node',
  setup({ onResolve, resolve }) {
    onResolve({ filter: LISTS }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      const isClient = path === CLIENT || importer.includes(CLIENT);
      if (!isClient || pluginData === RESOLVED) return undefined;
      const found = await resolve(path, { importer, kind, resolveDir, pluginData: RESOLVED });
      return { ...found, sideEffects: false };
    });
  },
};

const CLIENT = '@kubernetes/client-node';
/** Few, for esbuild asks at each: asked at every import it takes six times as long. */
const LISTS = /^@kubernetes\/client-node$|\/(gen\/index|models\/all|types\/ObjectParamAPI)\.js$/;
const RESOLVED = 'resolved';

/**
 * Node's own modules are required. To import one reads each of its exports, and one of `node:http`
 * loads a whole second HTTP client.
 */
export const REQUIRED_BUILTINS: Plugin = {
  name: 'requires what Node brings',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(node:.*|${builtinModules.join('|')})$`);
    onResolve({ filter }, ({ path, namespace }) =>
      namespace === BUILTIN ? { path, external: true } : { path, namespace: BUILTIN },
    );
    onLoad({ filter: /./, namespace: BUILTIN }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }));
  },
};

const BUILTIN = 'builtin';
