/** Replicas that share a Lease, and work on the resources with their crew's label. */
import { nowMs } from '../ha/moments.ts';
import type { Replica } from '../ha/replica.ts';
import type { Stage } from '../ha/stage.ts';
import { CREW_LABEL } from './fleet.ts';
import { attach, INSPECTED } from './inspector.ts';
import { type CrewName, QUOTAS } from './plan.ts';
import type { Patient } from './vitals.ts';

export interface Crew {
  readonly name: CrewName;
  /** All that were ever started. */
  readonly patients: readonly Patient[];
  readonly terms: readonly Term[];
  readonly kills: readonly Kill[];
  start(): Promise<Patient>;
  leader(): Replica | undefined;
  /** SIGKILL of whoever leads; another one is started at once. */
  killLeader(): Promise<void>;
  /** SIGTERM, which ends its term; nobody is started. @returns its exit code */
  stopLeader(): Promise<number | string>;
}

export interface Term {
  readonly replica: Replica;
  readonly fromMs: number;
  /** When its leader was struck; Infinity while it leads. */
  readonly toMs: number;
}

export interface Kill {
  readonly replica: Replica;
  readonly atMs: number;
}

export interface CrewOptions {
  readonly name: CrewName;
  readonly stage: Stage;
  /** The flags of Node that the image sets. */
  readonly nodeOptions: string;
  /** By Node's inspector: what is killed soon is not. */
  readonly isInspected: boolean;
}

export function crewOf({ name, stage, nodeOptions, isInspected }: CrewOptions): Crew {
  const patients: Patient[] = [];
  const kills: Kill[] = [];
  const ends = new Map<Replica, number>();
  const environment = { NODE_OPTIONS: isInspected ? `${nodeOptions} ${INSPECTED}` : nodeOptions };
  const flags = { ...QUOTAS, 'lease-name': name, 'label-selector': `${CREW_LABEL}=${name}` };
  const all = () => patients.map(({ replica }) => replica);
  const ended = (replica: Replica) => void (ends.has(replica) || ends.set(replica, nowMs()));
  const mustLead = (): Replica => {
    const found = all().find((each) => each.isLeading());
    if (found === undefined) throw new Error(`nobody leads the ${name} crew\n${stage.tell()}`);
    return found;
  };
  const start = async (): Promise<Patient> => {
    const replica = stage.start(flags, environment);
    void replica.exited.then(() => ended(replica));
    const inspector = isInspected ? await attach(() => replica.complaints) : undefined;
    const patient: Patient = { replica, inspector, samples: [] };
    patients.push(patient);
    return patient;
  };
  return {
    name,
    patients,
    kills,
    get terms() {
      return all()
        .filter(({ ledAtMs }) => !Number.isNaN(ledAtMs))
        .map((replica) => ({
          replica,
          fromMs: replica.ledAtMs,
          toMs: ends.get(replica) ?? Number.POSITIVE_INFINITY,
        }));
    },
    start,
    leader: () => all().find((each) => each.isLeading()),
    async killLeader() {
      const replica = mustLead();
      kills.push({ replica, atMs: nowMs() });
      ended(replica);
      await Promise.all([replica.kill(), start()]);
    },
    async stopLeader() {
      const replica = mustLead();
      ended(replica);
      return replica.stop();
    },
  };
}

/** At that moment somebody held the Lease, and was alive. */
export function isLed({ terms }: Crew, atMs: number): boolean {
  return terms.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
}
