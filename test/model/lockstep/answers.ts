/** The model's word for how a request ended, as the port would have answered it. */
import type { CognitoFailure } from '../../../src/core/failure.ts';
import { type Answer, answered, failed } from '../../../src/ports.ts';
import { FORBIDDEN, NO_ANSWER } from '../../core/failures.ts';
import { CONTENTS, IDENTITY, type Key, type Wish, type World } from '../world.ts';
import type { Asked } from './ports.ts';
import { rawOf } from './words.ts';

const WORDS = { name: '', message: '', requestId: undefined };
const NOT_FOUND: CognitoFailure = { kind: 'NotFound', ...WORDS };

const COGNITO: Readonly<Record<string, CognitoFailure>> = {
  'describe failed': { kind: 'Unavailable', ...WORDS },
  'no pool': NOT_FOUND,
  'described: nothing': NOT_FOUND,
  throttled: { kind: 'Throttled', ...WORDS },
  '5xx': { kind: 'Unavailable', ...WORDS },
  unanswered: { kind: 'Unanswered', ...WORDS },
  'refused: it exists': { kind: 'Rejected', reason: 'InvalidParameter', ...WORDS },
  'refused: not found': NOT_FOUND,
};

/** @param what the first words of the model's step */
export function cognitoAnswer(what: string, { load }: Asked): Answer<unknown> {
  const [, wish] = /^described: (one|two|foreign)$/.exec(what) ?? [];
  if (wish !== undefined) return answered(CONTENTS[wish as Wish]);
  const [, listed] = /^listed: (one|two|foreign)$/.exec(what) ?? [];
  if (listed !== undefined) return page(listed as Wish);
  if (what === 'the pool answers') return page(undefined);
  const how = what.replace(/^(Create|Update|Delete) /, '');
  if (how === 'answered') return answered(load);
  const failure = COGNITO[how];
  if (failure === undefined) throw new Error(`no answer for "${what}"`);
  return failed(failure);
}

/** One page, the only one, of the pool. */
export function page(found: Wish | undefined): Answer<unknown> {
  const { identifier } = IDENTITY;
  const servers = found === undefined ? [] : [{ identifier, content: CONTENTS[found] }];
  return answered({ servers, nextToken: undefined });
}

export function missingPool(): Answer<unknown> {
  return failed(NOT_FOUND);
}

export const SILENCE: Answer<unknown> = failed(NO_ANSWER);

export function kubernetesAnswer(what: string, key: Key, before: World, after: World) {
  if (what.endsWith('not written: Conflict')) return failed({ kind: 'Conflict' });
  if (what.endsWith('not written: Gone')) return failed({ kind: 'Gone' });
  if (what.endsWith(' refused')) return failed(FORBIDDEN);
  if (what.endsWith(' unanswered')) return SILENCE;
  if (!what.endsWith(' written')) throw new Error(`no answer for "${what}"`);
  const stored = after.objects[key];
  if (stored !== undefined) return answered(rawOf(stored));
  const last = before.objects[key];
  if (last === undefined) throw new Error(`${key} was never there`);
  const resourceVersion = String(after.version);
  return answered(rawOf({ ...last, finalizers: [], resourceVersion }));
}

export function readAnswer(key: string, { objects }: World): Answer<unknown> {
  const live = objects[key as Key];
  return live === undefined ? failed({ kind: 'Gone' }) : answered(rawOf(live));
}
