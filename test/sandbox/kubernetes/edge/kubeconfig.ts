/** A kubeconfig for one server, user and namespace. */
import { stringify } from 'yaml';

export interface KubeconfigParts {
  readonly url: string;
  readonly token: string;
  readonly user: string;
  readonly namespace: string;
}

export function kubeconfigText({ url, token, user, namespace }: KubeconfigParts): string {
  const name = 'sandbox';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user, namespace } }],
    'current-context': name,
  });
}
