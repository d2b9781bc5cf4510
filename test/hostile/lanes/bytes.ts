/** Answers as bytes on loopback, through the real adapters: HTTP, the SDK and undici included. */
import * as fc from 'fast-check';
import { createCognitoRig, free } from '../../adapters/cognito/rig.ts';
import { createKubernetesRig, kubeconfigOf } from '../../adapters/kubernetes/rig.ts';
import { anyCognitoScript, COGNITO_SCRIPTS, questionOf } from '../cognito-scripts.ts';
import { healed } from '../healed.ts';
import { anyKubernetesScript, good, KEY, NAMESPACE } from '../kubernetes-scripts.ts';
import { type Script, whole } from '../script.ts';
import { type Spoiler, startSpoiler } from '../spoiler.ts';
import { isPrintable } from '../texts.ts';
import {
  type About,
  type Count,
  insist,
  insistOnPrototypes,
  type Lane,
  laneOf,
  type Slice,
} from './lane.ts';

const never = new AbortController().signal;
const call = { signal: never, guard: () => undefined };
const POOL = 'eu-west-1_AbCdEfGhI';
const IDENTITY = { userPoolId: POOL, identifier: 'https://weather.example.com' };
const DEADLINE_MS = 2_000;
const MESSAGE_CHARS_MAX = 500;
/** Answered at once, or the next answer is waited for in vain. */
const AT_ONCE = 8;

/** What a port may answer: never a throw, and words that can be shown. */
function insistOnTame(answers: readonly { readonly kind: string; readonly failure?: object }[]) {
  for (const { kind, failure } of answers) {
    insist(kind === 'Answered' || kind === 'Failed', `the port answered ${kind}`);
    const message = failure !== undefined && 'message' in failure ? String(failure.message) : '';
    insist([...message].length <= MESSAGE_CHARS_MAX, 'a message without end');
    insist(isPrintable(message), `unprintable: ${JSON.stringify(message)}`);
  }
  insistOnPrototypes();
}

async function insistOnHealed(ask: () => Promise<{ readonly kind: string }>): Promise<void> {
  const answer = await healed(ask);
  insist(answer.kind === 'Answered', `it does not recover: ${JSON.stringify(answer)}`);
}

/** Plays the scripts one after another; who was given up on before may still come. */
function playing<T>(spoiler: Spoiler, scripts: readonly T[], play: (script: T) => Script): void {
  const rest = [...scripts];
  spoiler.choose = () => {
    const next = rest.shift();
    return next === undefined ? LATE : play(next);
  };
}

const LATE = whole({ kind: 'late', status: 503 });

type Declare = (
  count: Count,
  spoiler: Spoiler,
) => {
  readonly property: fc.IRawProperty<unknown>;
  readonly close: () => Promise<void>;
};

/** A lane with a server of its own. */
function served(about: About, declare: Declare): Lane {
  return {
    ...about,
    async run(slice: Slice) {
      const spoiler = await startSpoiler(() => undefined);
      const opened: { close?: () => Promise<void> } = {};
      const lane = laneOf(about, (count) => {
        const { property, close } = declare(count, spoiler);
        opened.close = close;
        return property;
      });
      try {
        return await lane.run(slice);
      } finally {
        await opened.close?.();
        await spoiler.close();
      }
    },
  };
}

export const COGNITO_BYTES = served(
  {
    name: 'cognito',
    promise: 'every answer of Cognito is an answer or a failure, and none a throw',
    reaches: ['bent answer', 'bent error', 'odd headers', 'cut'],
  },
  (count, spoiler) => {
    const rig = createCognitoRig({ url: spoiler.url, callDeadlineMs: DEADLINE_MS });
    const { userPools } = rig;
    const scripts = fc.array(anyCognitoScript, { minLength: AT_ONCE, maxLength: AT_ONCE });
    const property = fc.asyncProperty(scripts, async (all) => {
      const asked = { current: all[0] };
      spoiler.choose = (question) => {
        const script = asked.current?.(questionOf(question));
        count(script?.kind ?? 'none');
        return script;
      };
      for (const script of all) {
        asked.current = script;
        insistOnTame(
          await Promise.all([
            userPools.describe(IDENTITY, free()),
            userPools.list(POOL, undefined, free()),
            userPools.create(IDENTITY, { name: 'x', scopes: [] }, free()),
            userPools.delete(IDENTITY, free()),
          ]),
        );
      }
      asked.current = COGNITO_SCRIPTS['the same scope twice'];
      await insistOnHealed(() => userPools.describe(IDENTITY, free()));
    });
    return { property, close: async () => rig.close() };
  },
);

export const KUBERNETES_BYTES = served(
  {
    name: 'kubernetes',
    promise: 'every answer of the API server is an answer or a failure',
    reaches: ['bent answer', 'bent watch', 'bent status'],
  },
  (count, spoiler) => {
    const kubeconfig = kubeconfigOf({ server: spoiler.url });
    const rig = createKubernetesRig({ kubeconfig, deadlineMs: DEADLINE_MS });
    const scripts = fc.array(anyKubernetesScript, { minLength: AT_ONCE, maxLength: AT_ONCE });
    const property = fc.asyncProperty(scripts, async (all) => {
      const feed = rig.cluster.feed(NAMESPACE);
      playing(spoiler, [...all, ...all, ...all, ...all], (script) => counted(script, count));
      insistOnTame(
        await Promise.all([
          ...all.map(() => rig.cluster.read(KEY, never)),
          ...all.map(() => rig.cluster.patchStatus(KEY, {}, call)),
          ...all.map(() => feed.list({ limit: 1, continueToken: undefined }, never)),
          ...all.map(() => rig.leases.read(never)),
        ]),
      );
      spoiler.choose = good;
      await insistOnHealed(() => rig.cluster.read(KEY, never));
      await insistOnHealed(() => rig.leases.read(never));
    });
    return { property, close: () => rig.close() };
  },
);

function counted(script: Script, count: Count): Script {
  count(script.kind);
  return script;
}
