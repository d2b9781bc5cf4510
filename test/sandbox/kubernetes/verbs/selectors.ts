/** Label and field selectors, as predicates on objects. */
import { badRequest } from '../failure.ts';
import type { SelectableFields } from '../kinds/resource-type.ts';
import type { KubeObject } from '../kube-object.ts';
import { labelTests } from './label-selector.ts';

export type Predicate = (object: KubeObject) => boolean;

const everything: Predicate = () => true;

export function labelPredicate(text: string): Predicate {
  if (text === '') return everything;
  const tests = labelTests(text);
  return ({ metadata }) => tests.every((test) => test(metadata.labels ?? {}));
}

export function fieldPredicate(text: string, selectable: SelectableFields): Predicate {
  const tests = terms(text).map((term) => fieldTest(term, selectable));
  return (object) => tests.every((test) => test(object));
}

/** Split at commas without a backslash before them; a term without anything in it is none. */
function terms(text: string): readonly string[] {
  return (text.match(/(?:\\.|[^,])+/gsu) ?? []).filter((term) => term !== '');
}

/** Neither a field nor a value: nothing is asked. */
const NOTHING = /^(==?|!=)$/;

function fieldTest(term: string, selectable: SelectableFields): Predicate {
  if (NOTHING.test(term)) return everything;
  const [, field, operator, value = ''] = /^([^=!]+)(==|=|!=)(.*)$/s.exec(term) ?? [];
  if (field === undefined) {
    throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  }
  const read = Object.hasOwn(selectable, field) ? selectable[field] : undefined;
  if (read === undefined) throw badRequest(`field label not supported: ${field}`);
  const wanted = unescaped(value);
  return operator === '!='
    ? (object) => read(object) !== wanted
    : (object) => read(object) === wanted;
}

function unescaped(value: string): string {
  const wrong = /\\[^\\,=]/.exec(value.replaceAll(/\\[\\,=]/g, ''));
  if (wrong !== null) {
    throw badRequest(`invalid field selector: invalid escape sequence: ${wrong[0]}`);
  }
  return value.replaceAll(/\\([\\,=])/g, '$1');
}
