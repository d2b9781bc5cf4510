/** Kubernetes' MicroTime: RFC 3339 with exactly six digits of a second, or it is refused. */
import { V1MicroTime } from '@kubernetes/client-node';

export function microTimeOf(wallMs: number): string {
  return new V1MicroTime(wallMs).toISOString();
}

const RFC3339_UTC = /^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/;

/** `undefined` for what is no such time, the empty text included. */
export function asMicroTime(time: string): string | undefined {
  const [, seconds, fraction = ''] = RFC3339_UTC.exec(time) ?? [];
  return seconds === undefined ? undefined : `${seconds}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}
