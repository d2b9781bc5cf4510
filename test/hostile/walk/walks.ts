/** Many resources at once, each through one mishap, and what came of them. */
import { openStage, type Stage, type StageOptions } from '../../ha/stage.ts';
import { UNMETERED } from '../../support/house.ts';
import type { Flags } from '../../support/launch.ts';
import { shown } from '../lanes/lane.ts';
import type { Mishap } from './mishaps.ts';
import { type Verdict, walk } from './walker.ts';

export interface Walked {
  /** How many ended so. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly findings: readonly string[];
}

/** A machine that is busy with the API server must not end a term. */
const PATIENT: Flags = {
  'lease-duration': '60s',
  'renew-deadline': '40s',
  'retry-period': '2s',
  'call-deadline': '5s',
  late: '6s',
  'kubernetes-deadline': '10s',
  'list-deadline': '20s',
  'shutdown-grace': '20s',
  'log-level': 'info',
};
const AT_ONCE = 8;
const POOLS = 6;
const FINDINGS_MAX = 20;

/** @param until no walk begins after it says so */
export async function walkAll(
  options: Pick<StageOptions, 'admin' | 'launch'>,
  mishaps: Iterable<Mishap>,
  until: () => boolean = () => false,
): Promise<Walked> {
  const { flags = {}, cognito = {} } = UNMETERED;
  await using stage = await openStage({
    ...options,
    flags: { ...flags, ...PATIENT },
    cognito: { ...cognito, serversPerPool: 10_000, logCallsMax: 1_000 },
    replicas: 1,
  });
  const pools = Array.from({ length: POOLS }, () => stage.pool());
  const verdicts = new Map<Verdict, number>();
  const findings: string[] = [];
  const all = numbered(mishaps)[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = all.next(); next.done !== true && !until(); next = all.next()) {
      const { number, mishap } = next.value;
      const pool = pools[number % POOLS];
      if (pool === undefined || findings.length >= FINDINGS_MAX) return;
      try {
        const verdict = await walk(stage, pool, `walk-${number}`, mishap);
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      } catch (error) {
        findings.push(findingOf(mishap, error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { verdicts: Object.fromEntries(verdicts), findings: [...findings, ...bugsOf(stage)] };
}

function* numbered(mishaps: Iterable<Mishap>) {
  let number = 0;
  for (const mishap of mishaps) {
    number += 1;
    yield { number, mishap };
  }
}

const FINDING_CHARS_MAX = 2_000;

function findingOf({ property, how, spec }: Mishap, error: unknown): string {
  const before = { scopes: [{ name: 'read', description: 'May read' }] };
  const tried = shown(() => JSON.stringify(spec(before)));
  const words = error instanceof Error ? error.message : String(error);
  return `${property} is ${how}: ${words}\n${tried}`.slice(0, FINDING_CHARS_MAX);
}

/** One operator, from the beginning to the end. */
function bugsOf({ replicas, tell }: Stage): readonly string[] {
  const lines = replicas.flatMap((each) => each.lines);
  const bugs = lines.filter(({ level, msg }) => level === 'raw' || /a bug\b/.test(msg));
  const isDead = replicas.some((each) => !each.isRunning());
  const deaths = isDead ? [`the operator ended:\n${tell()}`] : [];
  return [...bugs.map((line) => JSON.stringify(line)), ...deaths].map(clipped);
}

function clipped(text: string): string {
  return text.slice(-FINDING_CHARS_MAX);
}
