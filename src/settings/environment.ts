/** The environment as texts by variable; what it means is not asked here. */
import { nearestNames } from './nearest.ts';
import { VARIABLE_PREFIX } from './setting.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Variables {
  /** By name. An empty variable is one that was not set. */
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

export function readEnvironment(environment: Environment, known: readonly string[]): Variables {
  const texts = new Map<string, string>();
  const problems: string[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(VARIABLE_PREFIX) || !text || isServiceLink(name, text)) continue;
    if (known.includes(name)) texts.set(name, text);
    else problems.push(unknownVariable(name, known));
  }
  return { texts, problems };
}

/**
 * Kubernetes gives each pod variables about the Services of its namespace. A Service named
 * `cognito-operator-metrics` sets COGNITO_OPERATOR_METRICS_PORT to `tcp://10.0.0.1:8080`.
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
function isServiceLink(name: string, text: string): boolean {
  if (/_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$/.test(name)) return true;
  if (/_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name)) return true;
  return name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(text);
}

function unknownVariable(name: string, known: readonly string[]): string {
  const names = nearestNames(name, known);
  const hint = names.length > 0 ? `did you mean ${names.join(' or ')}?` : '--help lists them all';
  return `\`${name}\` is no variable of ours: ${hint}`;
}
