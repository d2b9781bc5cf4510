/** Label and field selectors, as predicates on objects. */
import { badRequest } from '../failure.ts';
import type { SelectableFields } from '../kinds/resource-type.ts';
import type { KubeObject } from '../kube-object.ts';

export type Predicate = (object: KubeObject) => boolean;

type Labels = Readonly<Record<string, string>>;
type LabelTest = (labels: Labels) => boolean;

const everything: Predicate = () => true;

export function labelPredicate(text: string): Predicate {
  if (text.trim() === '') return everything;
  const tests = splitTopLevel(text).map(labelTest);
  return ({ metadata }) => tests.every((test) => test(metadata.labels ?? {}));
}

/** Splits at commas that are not inside parentheses. */
function splitTopLevel(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}

const KEY = String.raw`([A-Za-z0-9][-A-Za-z0-9_./]*)`;
const VALUE = String.raw`([-A-Za-z0-9_.]*)`;
const EQUALITY = new RegExp(String.raw`^${KEY}\s*(==|=|!=)\s*${VALUE}$`);
const ORDER = new RegExp(String.raw`^${KEY}\s*([<>])\s*(-?[0-9]+)$`);
const SET = new RegExp(String.raw`^${KEY}\s+(in|notin)\s*\(([^()]*)\)$`);
const PRESENCE = new RegExp(String.raw`^(!?)\s*${KEY}$`);

function labelTest(requirement: string): LabelTest {
  return (
    equalityTest(requirement) ??
    setTest(requirement) ??
    orderTest(requirement) ??
    presenceTest(requirement) ??
    unreadable(requirement)
  );
}

function equalityTest(requirement: string): LabelTest | undefined {
  const [, key = '', operator, value = ''] = EQUALITY.exec(requirement) ?? [];
  if (operator === undefined) return undefined;
  return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
}

function setTest(requirement: string): LabelTest | undefined {
  const [, key = '', operator, list = ''] = SET.exec(requirement) ?? [];
  if (operator === undefined) return undefined;
  const values = list.split(',').map((value) => value.trim());
  const isIn: LabelTest = (labels) => labels[key] !== undefined && values.includes(labels[key]);
  return operator === 'in' ? isIn : (labels) => !isIn(labels);
}

function orderTest(requirement: string): LabelTest | undefined {
  const [, key = '', operator, bound] = ORDER.exec(requirement) ?? [];
  if (operator === undefined) return undefined;
  return (labels) => {
    const value = Number.parseInt(labels[key] ?? '', 10);
    return operator === '>' ? value > Number(bound) : value < Number(bound);
  };
}

function presenceTest(requirement: string): LabelTest | undefined {
  const [, not, key = ''] = PRESENCE.exec(requirement) ?? [];
  if (not === undefined) return undefined;
  return (labels) => (labels[key] !== undefined) === (not === '');
}

function unreadable(requirement: string): never {
  throw badRequest(`unable to parse requirement: found '${requirement}', expected: a requirement`);
}

export function fieldPredicate(text: string, selectable: SelectableFields): Predicate {
  if (text.trim() === '') return everything;
  const tests = text.split(',').map((term) => fieldTest(term, selectable));
  return (object) => tests.every((test) => test(object));
}

function fieldTest(term: string, selectable: SelectableFields): Predicate {
  const [, field, operator, value] = /^([^=!]+)(==|=|!=)(.*)$/.exec(term) ?? [];
  if (field === undefined)
    throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const read = selectable[field];
  if (read === undefined) throw badRequest(`field label not supported: ${field}`);
  return operator === '!='
    ? (object) => read(object) !== value
    : (object) => read(object) === value;
}
