/** What the text of a setting may be, and the value it stands for. */
import { isIP } from 'node:net';
import { parseSelector } from './selector.ts';

export interface Kind<Value> {
  /** Ends the sentence "it must be ...". */
  readonly wants: string;
  /** For tables: empty when `wants` says it all. */
  readonly bounds: string;
  /** @returns `undefined` for a text that is not of this kind */
  read(text: string): Readable<Value> | undefined;
}

export interface Readable<Value> {
  readonly value: Value;
}

/** The largest first, so that a duration is written with the unit that fits. */
const UNITS_MS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** @returns milliseconds, or `undefined` when the text is not a whole number and a unit */
function parseDurationMs(text: string): number | undefined {
  const { amount, unit } = /^(?<amount>\d{1,9})(?<unit>\D+)$/.exec(text)?.groups ?? {};
  const unitMs = UNITS_MS.find(([name]) => name === unit)?.[1];
  return unitMs === undefined ? undefined : Number(amount) * unitMs;
}

/** As it is written: 90000 is `90s`. */
export function formatDuration(ms: number): string {
  const [unit, unitMs] = UNITS_MS.find(([, size]) => ms >= size && ms % size === 0) ?? ['ms', 1];
  return `${ms / unitMs}${unit}`;
}

/** Milliseconds. */
export function duration(minMs: number, maxMs: number): Kind<number> {
  const bounds = `${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return {
    wants: `a duration such as 800ms, 4s or 10m, ${bounds}`,
    bounds,
    read: (text) => within(parseDurationMs(text), minMs, maxMs),
  };
}

export function wholeNumber(min: number, max: number): Kind<number> {
  const bounds = `${min} to ${max}`;
  return {
    wants: `a whole number, ${bounds}`,
    bounds,
    read: (text) => within(/^\d{1,9}$/.test(text) ? Number(text) : undefined, min, max),
  };
}

/** More than 0. */
export function positiveNumber(max: number): Kind<number> {
  const bounds = `more than 0, at most ${max}`;
  return {
    wants: `a number, ${bounds}`,
    bounds,
    read: (text) =>
      within(/^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined, Number.MIN_VALUE, max),
  };
}

function within(value: number | undefined, min: number, max: number): Readable<number> | undefined {
  return value !== undefined && min <= value && value <= max ? { value } : undefined;
}

/** `undefined` listens nowhere; 0 on a free port, which the log names. */
export const PORT: Kind<number | undefined> = {
  wants: 'a port, 1 to 65535, or 0 for any free one, or off',
  bounds: '1 to 65535, 0: any free port, off',
  read: (text) => (text === 'off' ? { value: undefined } : wholeNumber(0, 65_535).read(text)),
};

export const SWITCH: Kind<boolean> = {
  wants: 'on or off',
  bounds: 'on or off',
  read: (text) => {
    if (text === 'on' || text === 'true') return { value: true };
    if (text === 'off' || text === 'false') return { value: false };
    return undefined;
  },
};

export function oneOf<const Word extends string>(words: readonly Word[]): Kind<Word> {
  const bounds = words.join(', ');
  return {
    wants: `one of ${bounds}`,
    bounds,
    read: (text) => {
      const value = words.find((word) => word === text);
      return value === undefined ? undefined : { value };
    },
  };
}

/** A text that is good as a whole; `wants` says what that is. */
export function matching(pattern: RegExp, wants: string): Kind<string> {
  return { wants, bounds: '', read: (text) => (pattern.test(text) ? { value: text } : undefined) };
}

/** Empty is `undefined`. */
export function optional<Value>(kind: Kind<Value>): Kind<Value | undefined> {
  return {
    ...kind,
    wants: `${kind.wants}, or empty`,
    read: (text) => (text === '' ? { value: undefined } : kind.read(text)),
  };
}

/** With commas between, without duplicates. */
export function listOf(kind: Kind<string>, wants: string): Kind<readonly string[]> {
  return {
    wants,
    bounds: kind.bounds,
    read: (text) => {
      const parts = text.split(',').map((part) => part.trim());
      const good = parts.filter((part) => kind.read(part) !== undefined);
      if (text === '') return { value: [] };
      return good.length === parts.length ? { value: [...new Set(good)] } : undefined;
    },
  };
}

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';

export const NAMESPACE = matching(
  new RegExp(`^${LABEL}$`),
  'the name of a namespace: small letters, digits and hyphens, at most 63',
);

export const OBJECT_NAME = matching(
  new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})*$`),
  'the name of an object: small letters, digits, hyphens and dots, at most 253',
);

export const ACCOUNT_ID = matching(/^\d{12}$/, 'the 12 digits of an AWS account');

export const ANY_TEXT = matching(/^[^\p{C}]+$/u, 'a text without control characters');

export const ADDRESS: Kind<string> = {
  wants: 'an IP address',
  bounds: '',
  read: (text) => (isIP(text) === 0 ? undefined : { value: text }),
};

export const SELECTOR = {
  wants: 'a label selector such as team=identity,tier in (a,b),!legacy',
  bounds: '',
  read: (text: string) => {
    const value = parseSelector(text);
    return value === undefined ? undefined : { value };
  },
};
