/**
 * What the laws are tried on: JSON of any shape, resources bent out of shape, and views of them.
 */
import * as fc from 'fast-check';
import { FINALIZER } from '../../src/api/names.ts';
import { hashOf } from '../../src/core/drift.ts';
import type { CognitoFailure, KubernetesFailure } from '../../src/core/failure.ts';
import { FIRST_STEP, type Observation, type Stop, type View } from '../../src/core/view.ts';
import { COGNITO_FAILURES, KUBERNETES_FAILURES, REJECTED } from '../core/failures.ts';
import {
  ACCOUNT,
  aHolder,
  aResourceServer,
  aView,
  CONTENT,
  FOREIGN,
  type Json,
  LATE_MS,
  NOW_MS,
  OTHER_ACCOUNT,
  type ResourceServerBuilder,
} from '../support/builders.ts';

export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(null, '', '__proto__', 'true', -1, [], {}, [null], { name: 'x' }),
  fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'name', 'spec'), fc.jsonValue()),
);

/** As in JSON: a field called `__proto__` is a field. */
export function cloned<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/* ---------------------------------------------------------------- bent resources */

type Path = readonly (string | number)[];

function pathsOf(value: unknown, here: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...here, name]))];
}

/** `undefined` takes the field away. */
function bent(value: unknown, [first, ...rest]: Path, to: unknown): unknown {
  if (first === undefined) return to;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value) ? [...value] : { ...(value as Json) };
  Object.assign(copy, { [first]: bent((value as Json)[first], rest, to) });
  return copy;
}

const FULL = aResourceServer()
  .finalized()
  .deleting()
  .paused()
  .syncRequested('now')
  .labelled({ team: 'weather' })
  .withRemote({ accountId: ACCOUNT })
  .withPending('Update')
  .ready()
  .raw();

/** A valid resource of which some fields were replaced by anything, or taken away. */
export const bentResource: fc.Arbitrary<unknown> = fc
  .array(fc.tuple(fc.constantFrom(...pathsOf(FULL)), fc.option(anyJson, { nil: undefined })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((changes) =>
    cloned(changes.reduce<unknown>((raw, [path, to]) => bent(raw, path, to), FULL) ?? null),
  );

/* ------------------------------------------------------------------------- views */

const yes = fc.boolean();
const either = <T>(...all: readonly T[]) => fc.constantFrom(...all);

export const CONTENTS = [CONTENT, FOREIGN, { name: 'Third', scopes: [] }] as const;
export const content = either(...CONTENTS, { ...FOREIGN, managedBy: 'Cognito' });
const hash = either(...CONTENTS.map(hashOf), '9:unknown');

type Step = (given: ResourceServerBuilder) => ResourceServerBuilder;
const same: Step = (given) => given;

/** Each step alone is a thing that happens to a resource; together they make every shape of one. */
export const resource: fc.Arbitrary<ResourceServerBuilder> = fc
  .tuple(
    either<Step>(same, (given) => given.finalized()),
    either<Step>(same, (given) => given.deleting()),
    either<Step>(same, same, same, (given) => given.paused()),
    either<Step>(same, same, (given) => given.observing()),
    either<Step>(same, same, same, (given) => given.spec({ scopes: 'x' })),
    either<Step>(
      same,
      (given) => given.deletedBy('Delete'),
      (given) => given.deletedBy('Retain'),
    ),
    either<Step>(
      same,
      (given) => given.adoptedBy('Always'),
      (given) => given.adoptedBy('Never'),
    ),
    either<Step>(same, (given) => given.syncRequested('now')),
    fc.option(
      fc.record({
        origin: either('Created' as const, 'Adopted' as const),
        hash,
        accountId: either(ACCOUNT, OTHER_ACCOUNT, undefined),
      }),
    ),
    fc.option(
      fc.record({
        operation: either('Create' as const, 'Update' as const, 'Delete' as const),
        hash,
      }),
    ),
  )
  .map(([a, b, c, d, e, f, g, h, remote, pending]) => {
    const plain = [a, b, c, d, e, f, g, h].reduce((given, step) => step(given), aResourceServer());
    const owned = remote ? plain.withRemote(remote as Json) : plain;
    return pending ? owned.withPending(pending.operation, { hash: pending.hash }) : owned;
  });

const requestedAtMs = either(NOW_MS - LATE_MS, NOW_MS - 1, NOW_MS, NOW_MS + 1);

const observation: fc.Arbitrary<Observation | undefined> = fc
  .oneof(
    fc.constant(undefined),
    fc.tuple(content, requestedAtMs).map(([seen, atMs]) => aView().described(seen, atMs).view()),
    content.map((seen) => aView().swept(seen).view()),
    fc.constant(aView().sweptAbsent().view()),
    fc
      .tuple(either('Unasked' as const, 'Answers' as const, 'Missing' as const), requestedAtMs)
      .map(([pool, atMs]) => aView().missing(pool, atMs).view()),
  )
  .map((made) => made?.observation);

export const claim: fc.Arbitrary<View['claim']> = fc.oneof(
  fc.record({
    kind: fc.constant('Ours' as const),
    confirm: either<'Confirmed' | { fromMs: number }>(
      'Confirmed',
      'Confirmed',
      { fromMs: NOW_MS },
      { fromMs: NOW_MS + LATE_MS },
    ),
    recorded: yes,
  }),
  yes.map((leaving) => ({ kind: 'Theirs' as const, holder: aHolder({ leaving }) })),
);

export const cognitoFailure: fc.Arbitrary<CognitoFailure> = either(
  ...Object.values(COGNITO_FAILURES),
);
export const kubernetesFailure: fc.Arbitrary<KubernetesFailure> = either(
  ...Object.values(KUBERNETES_FAILURES),
);

const OPERATIONS = ['List', 'Describe', 'Create', 'Update', 'Delete'] as const;

type WriteFailed = Extract<Stop, { kind: 'WriteFailed' }>;

const stop: fc.Arbitrary<Stop> = fc.oneof(
  fc.record({
    kind: fc.constant('CallFailed' as const),
    failure: cognitoFailure,
    during: either(...OPERATIONS),
  }),
  fc.record({
    kind: fc.constant('WriteFailed' as const),
    of: either<WriteFailed['of']>('Finalizer', 'Record', 'Rival'),
    failure: kubernetesFailure,
  }),
  fc.record({ kind: fc.constant('NoPlace' as const), mutation: yes }),
);

const rarely = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 1 });

const climb: fc.Arbitrary<View['climb']> = fc.record({
  ...Object.fromEntries(Object.entries(FIRST_STEP).map(([name, of]) => [name, fc.constant(of)])),
  looked: yes,
  deleted: either(false, false, false, true),
  finalizerRemoved: either(false, false, false, true),
  accountAsked: yes,
  rejected: rarely(fc.constant(REJECTED)),
  stop: rarely(stop),
}) as fc.Arbitrary<View['climb']>;

const sweep: fc.Arbitrary<View['sweep']> = fc.oneof(
  fc.record({ kind: either('Awaited' as const, 'Complete' as const, 'Denied' as const) }),
  cognitoFailure.map((failure) => ({ kind: 'PoolMissing' as const, failure })),
);

/** Every combination of what may be known, likely or not. */
export const anyView: fc.Arbitrary<View> = fc
  .tuple(
    resource,
    fc.record({
      observation,
      claim,
      climb,
      sweep,
      pendingElsewhere: yes,
      lateUntilMs: either(Number.NEGATIVE_INFINITY, NOW_MS, NOW_MS + LATE_MS),
      waitedMs: either(0, 20_000),
      account: either(undefined, ACCOUNT, OTHER_ACCOUNT),
      converges: yes,
      closed: either<View['closed']>(
        {},
        {},
        { Create: COGNITO_FAILURES.Denied },
        { List: COGNITO_FAILURES.Denied, Describe: COGNITO_FAILURES.NotFound },
      ),
    }),
    yes,
  )
  .map(([given, fields, armed]) => {
    const view = aView(given).with(fields).view();
    return armed && mayBeArmed(view) ? { ...view, climb: { ...view.climb, armed } } : view;
  });

/** A record is written by one that is finalized, enforced and not paused, and by no other. */
function mayBeArmed({
  resource: { finalizers, paused, managementPolicy },
  records,
}: View): boolean {
  const acts = finalizers.includes(FINALIZER) && !paused && managementPolicy === 'Enforce';
  return acts && records.pending !== undefined;
}
