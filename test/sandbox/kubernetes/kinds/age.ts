/** Durations as kubectl shows them: 5s, 3m20s, 47h, 12d (k8s.io/apimachinery `HumanDuration`). */
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

export function ageSince(timestamp: unknown, now: Date): string {
  const then = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(then) ? '<unknown>' : humanDuration((now.getTime() - then) / 1000);
}

export function humanDuration(exactSeconds: number): string {
  const seconds = Math.floor(exactSeconds);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < 10 * MINUTE) return inTwo(seconds, { unit: MINUTE, name: 'm', below: 's' });
  if (seconds < 3 * HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < 8 * HOUR) return inTwo(seconds, { unit: HOUR, name: 'h', below: 'm' });
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}h`;
  if (seconds < 8 * DAY) return inTwo(seconds, { unit: DAY, name: 'd', below: 'h' });
  if (seconds < 2 * YEAR) return `${Math.floor(seconds / DAY)}d`;
  if (seconds < 8 * YEAR) return inTwo(seconds, { unit: YEAR, name: 'y', below: 'd' });
  return `${Math.floor(seconds / YEAR)}y`;
}

interface Units {
  readonly unit: number;
  readonly name: string;
  readonly below: 's' | 'm' | 'h' | 'd';
}

const SECONDS = { s: 1, m: MINUTE, h: HOUR, d: DAY } as const;

function inTwo(seconds: number, { unit, name, below }: Units): string {
  const rest = Math.floor((seconds % unit) / SECONDS[below]);
  return `${Math.floor(seconds / unit)}${name}${rest === 0 ? '' : `${rest}${below}`}`;
}
