/**
 * Label selectors, with the meaning that Kubernetes gives them:
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */

/** As in `matchExpressions` of a Kubernetes LabelSelector. */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** Empty for `Exists` and `DoesNotExist`. */
  readonly values: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

/** All requirements must hold; none selects everything. */
export function matchesSelector(selector: readonly Requirement[], labels: Labels): boolean {
  return selector.every((requirement) => holds(requirement, labels));
}

/** `NotIn` holds for an object without the label, as with kubectl. */
function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
