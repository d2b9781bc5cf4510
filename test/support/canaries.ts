/**
 * Credentials that stand for the real ones: of their shape, never the same twice, and so long that
 * wherever they turn up they were leaked.
 */
import { randomBytes } from 'node:crypto';
import { parse } from 'yaml';
import type { SecretSearch } from './secret-search.ts';

export type CanaryEnvironment = {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_SESSION_TOKEN: string;
};

/** As the variables of an operator. With `/` and `+` in them, which encodings treat differently. */
export function canaryEnvironment(): CanaryEnvironment {
  return {
    AWS_ACCESS_KEY_ID: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    AWS_SECRET_ACCESS_KEY: `${randomBytes(27).toString('base64')}/+aZ`,
    AWS_SESSION_TOKEN: `IQoJb3/+${randomBytes(150).toString('base64')}`,
  };
}

/** Whatever of an environment must stay in it. */
export function guardEnvironment(
  search: SecretSearch,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  search.add('the access key id', environment['AWS_ACCESS_KEY_ID']);
  search.add('the secret access key', environment['AWS_SECRET_ACCESS_KEY']);
  search.add('the session token', environment['AWS_SESSION_TOKEN']);
}

/** The bearer token of Kubernetes. */
export function guardKubeconfig(search: SecretSearch, kubeconfig: string): void {
  const { users } = parse(kubeconfig) as {
    readonly users: readonly { readonly user: { readonly token: string } }[];
  };
  for (const { user } of users) search.add('the token of Kubernetes', user.token);
}
