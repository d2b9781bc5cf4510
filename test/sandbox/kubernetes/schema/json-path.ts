/**
 * The part of Kubernetes' JSONPath that printer columns and selectable fields use:
 * `.a.b`, `['a']`, `[0]`, `[*]` and `[?(@.type=="Ready")]`. Everything else is refused.
 */
import { at, isObject } from '../kube-object.ts';

type Step = (values: readonly unknown[]) => readonly unknown[];

/** The values at the path; throws at once when the path is not understood. */
export function compileJsonPath(path: string): (value: unknown) => readonly unknown[] {
  const steps: Step[] = [];
  let rest = path.replace(/^\$/, '');
  while (rest !== '') {
    const [matched, step] = firstStep(rest, path);
    steps.push(step);
    rest = rest.slice(matched.length);
  }
  return (value) => steps.reduce<readonly unknown[]>((values, step) => step(values), [value]);
}

function firstStep(rest: string, path: string): readonly [string, Step] {
  const field = /^\.((?:[^.[\\]|\\.)+)/.exec(rest) ?? /^\['([^']+)'\]/.exec(rest);
  if (field !== null) {
    const name = String(field[1]).replaceAll(/\\(.)/g, '$1');
    return [field[0], (values) => values.flatMap((value) => present(at(value, name)))];
  }
  const index = /^\[([0-9]+)\]/.exec(rest);
  if (index !== null) {
    const position = Number(index[1]);
    return [index[0], (values) => values.flatMap((v) => present(itemsOf(v)[position]))];
  }
  const all = /^\[\*\]/.exec(rest);
  if (all !== null) return [all[0], (values) => values.flatMap(itemsOf)];
  const filter = /^\[\?\(@((?:\.[A-Za-z0-9_-]+)+)\s*==\s*(?:"([^"]*)"|'([^']*)')\)\]/.exec(rest);
  if (filter === null) throw new Error(`JSONPath ${path} is not understood at ${rest}`);
  return [filter[0], filterStep(String(filter[1]), filter[2] ?? filter[3] ?? '')];
}

function filterStep(inner: string, wanted: string): Step {
  const fields = inner.split('.').slice(1);
  return (values) =>
    values.flatMap(itemsOf).filter((item) => String(at(item, ...fields)) === wanted);
}

function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function present(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value];
}
