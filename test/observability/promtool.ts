/** Prometheus' own promtool: from PROMTOOL, else from PATH; or the reason why there is none. */
import { spawnSync } from 'node:child_process';

export type PromtoolLookup =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string };

export function findPromtool(): PromtoolLookup {
  const path = process.env['PROMTOOL'] || 'promtool';
  const { status } = spawnSync(path, ['--version']);
  if (status === 0) return { kind: 'found', path };
  return { kind: 'missing', reason: `no ${path}: Debian has it in the package prometheus` };
}

export interface Verdict {
  readonly code: number | null;
  /** Both streams: complaints come on either. */
  readonly said: string;
}

const DEADLINE_MS = 60_000;

/** Runs to the end; `input` goes to stdin. */
export function promtool(lookup: PromtoolLookup, args: readonly string[], input = ''): Verdict {
  if (lookup.kind === 'missing') throw new Error(lookup.reason);
  const ran = spawnSync(lookup.path, args, { input, encoding: 'utf8', timeout: DEADLINE_MS });
  return { code: ran.status, said: `${ran.stdout}${ran.stderr}` };
}
