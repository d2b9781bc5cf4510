/** Where a kubeconfig comes from. client-node reads it, files and environment included. */
import { KubeConfig } from '@kubernetes/client-node';
import { messageOf } from './failure.ts';

export type KubeConfigSource =
  /** The service account of our own pod. */
  | { readonly kind: 'InCluster' }
  | { readonly kind: 'File'; readonly path: string; readonly context: string | undefined }
  /** As kubectl finds it, else the service account of our own pod. */
  | { readonly kind: 'Default'; readonly context: string | undefined };

/** @throws when it cannot be read, or names no cluster */
export function loadKubeConfig(source: KubeConfigSource): KubeConfig {
  const config = read(source);
  const context = source.kind === 'InCluster' ? undefined : source.context;
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    throw new Error(`the kubeconfig names no cluster for context \`${config.currentContext}\``);
  }
  return config;
}

function read(source: KubeConfigSource): KubeConfig {
  const config = new KubeConfig();
  try {
    switch (source.kind) {
      case 'InCluster':
        config.loadFromCluster();
        break;
      case 'File':
        config.loadFromFile(source.path);
        break;
      case 'Default':
        config.loadFromDefault();
        break;
    }
  } catch (error) {
    throw unreadable(error);
  }
  return config;
}

/** Without its cause, and with its first line alone: those after it quote the file, and a token. */
function unreadable(error: unknown): Error {
  const [line = ''] = messageOf(error).split('\n');
  return new Error(`the kubeconfig cannot be read: ${line}`);
}
