/**
 * Reads a label selector as kubectl writes it, into the form that Kubernetes objects have
 * (`matchExpressions`): `team=identity,tier in (a,b),!legacy`.
 */

interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

const NAME = '[A-Za-z0-9](?:[\\w.-]{0,61}[A-Za-z0-9])?';
const KEY = `(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?${NAME}`;
const EXISTENCE = new RegExp(`^(?<not>!?)\\s*(?<key>${KEY})$`);
const EQUALITY = new RegExp(`^(?<key>${KEY})\\s*(?<sign>==?|!=)\\s*(?<value>.*)$`);
const MEMBERSHIP = new RegExp(
  `^(?<key>${KEY})\\s+(?<word>in|notin)\\s*\\((?<values>[^()]*[^()\\s][^()]*)\\)$`,
);
const VALUE = new RegExp(`^(?:${NAME})?$`);
const COMMA_OUTSIDE_BRACKETS = /,(?![^(]*\))/;

/** @returns no requirement for an empty text, `undefined` for one that is no selector */
export function parseSelector(text: string): readonly Requirement[] | undefined {
  if (text.trim() === '') return [];
  const parsed = text.split(COMMA_OUTSIDE_BRACKETS).map((part) => parseRequirement(part.trim()));
  return parsed.every((requirement) => requirement !== undefined) ? parsed : undefined;
}

function parseRequirement(text: string): Requirement | undefined {
  const { key, ...rest } =
    (EXISTENCE.exec(text) ?? EQUALITY.exec(text) ?? MEMBERSHIP.exec(text))?.groups ?? {};
  if (key === undefined) return undefined;
  const { not, sign, value, word, values } = rest;
  if (not !== undefined)
    return { key, operator: not === '!' ? 'DoesNotExist' : 'Exists', values: [] };
  const wanted = (value === undefined ? (values ?? '').split(',') : [value]).map((one) =>
    one.trim(),
  );
  if (!wanted.every((one) => VALUE.test(one))) return undefined;
  const isNegative = sign === '!=' || word === 'notin';
  return { key, operator: isNegative ? 'NotIn' : 'In', values: wanted };
}
