/**
 * The resources, each in a pool of its crew, and what people have asked of each so far. Both sides
 * hold them from the start, as an operator has left them: 5,000 creates alone would take the
 * account's rate six minutes.
 */
import { poolId, range, type Specimen, settledStatusOf, specimen } from '../bench/resources.ts';
import { FINALIZER, GROUP } from '../contract/kubernetes-world.ts';
import type { Stage } from '../ha/stage.ts';
import { FOREIGN } from '../support/builders.ts';
import { CREWS, type CrewName, type Plan } from './plan.ts';

export interface Member extends Specimen {
  readonly crew: CrewName;
}

/** What people have asked of one resource. */
export interface Asked {
  /** What its server is to be called. */
  title: string;
  /** How many mutations that takes at Cognito, in all. */
  mutations: number;
  /** Somebody waits for it to come true. */
  isBusy: boolean;
  /** Somebody was at the console; once, as who does it again and again is told so in status. */
  isDrifted: boolean;
}

export interface Fleet {
  readonly members: readonly Member[];
  /** Resources that name a server of somebody else, and may not have it. */
  readonly greedy: readonly Member[];
  readonly pools: readonly string[];
  asked(member: Member): Asked;
}

/** Somebody else's server, one in each pool. */
export const THEIRS = 'theirs';
const GREEDY_EVERY = 20;
/** More than the documented quota of 25 servers, for theirs. */
const SERVERS_MAX = 50;
const WRITERS = 16;

export function fleetOf({ resources, pools }: Plan): Fleet {
  const perPool = Math.ceil(resources / pools);
  const crewOf = (pool: number) => CREWS[pool % CREWS.length] ?? 'steady';
  const members = range(resources, (index): Member => {
    const pool = Math.floor(index / perPool);
    return { ...specimen(`api-${index}`, poolId(pool)), crew: crewOf(pool) };
  });
  const greedy = range(Math.ceil(pools / GREEDY_EVERY), (index): Member => {
    const pool = index * GREEDY_EVERY + (index % CREWS.length);
    const one = specimen(`greedy-${index}`, poolId(Math.min(pool, pools - 1)));
    return { ...one, identifier: THEIRS, crew: crewOf(Math.min(pool, pools - 1)) };
  });
  const asked = new Map(
    members.map(({ name }): [string, Asked] => [
      name,
      { title: name, mutations: 0, isBusy: false, isDrifted: false },
    ]),
  );
  return {
    members,
    greedy,
    pools: range(pools, poolId),
    asked: ({ name }) => {
      const found = asked.get(name);
      if (found === undefined) throw new Error(`${name} is none of the fleet`);
      return found;
    },
  };
}

/* ------------------------------------------------------------------------ loading */

export async function load(fleet: Fleet, { admin, cognito, user }: Stage): Promise<void> {
  for (const id of fleet.pools) {
    cognito.addPool(id);
    cognito.setQuota(id, SERVERS_MAX);
    cognito.console.put(id, { identifier: THEIRS, ...FOREIGN });
  }
  for (const { userPoolId, identifier, name, scopes } of fleet.members) {
    cognito.console.put(userPoolId, { identifier, name, scopes });
  }
  const path = `${GROUP}/namespaces/${user.namespace}/resourceservers`;
  const must = async (method: string, at: string, body: object) => {
    const answer = await admin.request(method, at, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${at}: ${answer.status} ${answer.body.message}`);
  };
  const settle = async (member: Member): Promise<void> => {
    const { metadata } = await must('POST', path, manifestOf(member, [FINALIZER]));
    const status = settledStatusOf(member, metadata.uid ?? '');
    await must('PATCH', `${path}/${member.name}/status`, { status });
  };
  const rest = fleet.members.values();
  const write = async (): Promise<void> => {
    for (const member of rest) await settle(member);
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  for (const member of fleet.greedy) await must('POST', path, manifestOf(member));
}

export const CREW_LABEL = 'crew';

/** As a user applies it; with the finalizer, as an operator leaves it. */
export function manifestOf(member: Member, finalizers: readonly string[] = [], title?: string) {
  const { name, userPoolId, identifier, scopes, crew } = member;
  return {
    apiVersion: 'cognito-operator.io/v1',
    kind: 'ResourceServer',
    metadata: { name, labels: { [CREW_LABEL]: crew }, finalizers },
    spec: { userPoolId, identifier, name: title ?? name, scopes },
  };
}
