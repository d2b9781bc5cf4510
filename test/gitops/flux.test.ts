/** Flux waits for what kstatus says; its own expressions say the same. */
import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, test } from 'vitest';
import { CRD } from '../golden/schema.ts';
import type { KStatus } from '../support/kstatus.ts';
import { exampleOf, examplesIn } from './examples.ts';
import { type Manifest, SITUATIONS } from './situations.ts';

interface Expressions {
  readonly apiVersion: string;
  readonly kind: string;
  readonly inProgress: string;
  readonly failed: string;
  readonly current: string;
}

interface KustomizationSpec {
  readonly dependsOn?: readonly { readonly name: string }[];
  readonly healthChecks?: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  }[];
  readonly healthCheckExprs?: readonly Expressions[];
  readonly prune: boolean;
  readonly wait?: boolean;
  readonly deletionPolicy?: string;
}

const kustomization = (name: string) =>
  exampleOf<KustomizationSpec>('flux/kustomizations.yaml', 'Kustomization', name).spec;
const operator = kustomization('cognito-operator');
const resources = kustomization('identity');

const [expressions] = resources.healthCheckExprs ?? [];
if (expressions === undefined) throw new Error('no healthCheckExprs');

const environment = new Environment({ unlistedVariablesAreDyn: true });

function holds(expression: string, manifest: Manifest): boolean {
  return environment.evaluate(expression, { ...manifest }) === true;
}

/** fluxcd/pkg, runtime/cel/status_evaluator.go, Evaluate. */
function verdictOn(manifest: Manifest): KStatus {
  const { inProgress, failed, current } = expressions as Expressions;
  const { metadata, status } = manifest;
  const observed = status.observedGeneration;
  if (observed !== undefined && observed !== metadata.generation) return 'InProgress';
  if (holds(inProgress, manifest)) return 'InProgress';
  if (holds(failed, manifest)) return 'Failed';
  return holds(current, manifest) ? 'Current' : 'InProgress';
}

describe('the expressions of Flux', () => {
  const living = SITUATIONS.filter(({ kstatus }) => kstatus !== 'Terminating');

  test.each(living)('say $kstatus when $name', ({ manifest, kstatus }) => {
    expect(verdictOn(manifest)).toBe(kstatus);
  });

  test('say InProgress of a resource without conditions', () => {
    const [unseen] = SITUATIONS;
    const { metadata, ...rest } = unseen!.manifest;
    const manifest = { metadata, ...rest, status: { observedGeneration: metadata.generation } };
    expect(verdictOn(manifest)).toBe('InProgress');
  });

  test('are about our kind', () => {
    const { apiVersion, kind } = expressions;
    expect({ apiVersion, kind }).toEqual({
      apiVersion: `${CRD.group}/${CRD.version}`,
      kind: CRD.kind,
    });
  });
});

describe('the Kustomizations', () => {
  test('apply the resources after the operator, and wait until they are gone again', () => {
    expect(resources).toMatchObject({
      dependsOn: [{ name: 'cognito-operator' }],
      prune: true,
      wait: true,
      deletionPolicy: 'WaitForTermination',
    });
  });

  test('check what they bring', () => {
    const checks = operator.healthChecks ?? [];
    const brought = examplesIn('flux/operator.yaml').map(({ apiVersion, kind, metadata }) => ({
      apiVersion,
      kind,
      name: metadata.name,
      namespace: metadata.namespace,
    }));
    expect(brought).toContainEqual(checks[0]);
    expect(checks.slice(1)).toEqual([
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: `${CRD.plural}.${CRD.group}`,
      },
    ]);
  });
});
