/** Label selectors: the grammar and the complaints of `k8s.io/apimachinery/pkg/labels`. */
import { badRequest } from '../failure.ts';
import { aggregate, type FieldError, invalid } from '../schema/field-error.ts';
import { faultsOfLabelValue, faultsOfQualifiedName } from '../schema/qualified-name.ts';

export type Labels = Readonly<Record<string, string>>;
export type LabelTest = (labels: Labels) => boolean;

const OPERATORS = ['in', 'notin', '=', '==', '!=', '>', '<'] as const;
type Operator = (typeof OPERATORS)[number];

/** A word is an identifier, or a keyword where an operator is wanted; '' is the end. */
const TOKEN = /\s*(?:(==|!=|[=!(),<>])|([^\s=!(),<>]+))/y;
const SYMBOL = /^[=!(),<>]/;

class Tokens {
  readonly #all: readonly string[];
  #next = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    const all: string[] = [];
    for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
      all.push(found[1] ?? found[2] ?? '');
    }
    this.#all = all;
  }

  peek(): string {
    return this.#all[this.#next] ?? '';
  }

  take(): string {
    const token = this.peek();
    this.#next += 1;
    return token;
  }
}

const isWord = (token: string): boolean => token !== '' && !SYMBOL.test(token);

const unexpected = (found: string, expected: string): Error =>
  new Error(`found '${found}', expected: ${expected}`);

export function labelTests(text: string): readonly LabelTest[] {
  const tokens = new Tokens(text);
  const tests: LabelTest[] = [];
  try {
    while (tokens.peek() !== '') tests.push(next(tokens));
  } catch (error) {
    throw badRequest((error as Error).message);
  }
  return tests;
}

function next(tokens: Tokens): LabelTest {
  const first = tokens.peek();
  if (!isWord(first) && first !== '!') {
    throw unexpected(first, "!, identifier, or 'end of string'");
  }
  const test = requirement(tokens);
  const after = tokens.take();
  if (after !== '' && after !== ',') throw unexpected(after, "',' or 'end of string'");
  if (after === ',' && !isWord(tokens.peek()) && tokens.peek() !== '!') {
    throw unexpected(tokens.peek(), "identifier after ','");
  }
  return test;
}

function requirement(tokens: Tokens): LabelTest {
  try {
    const isAbsent = tokens.peek() === '!';
    if (isAbsent) tokens.take();
    const key = tokens.take();
    if (!isWord(key)) throw unexpected(key, 'identifier');
    complain(faultsOfQualifiedName(key).map((fault) => invalid('<nil>', key, fault)));
    const has: LabelTest = (labels) => Object.hasOwn(labels, key);
    if (isAbsent) return (labels) => !has(labels);
    if (['', ','].includes(tokens.peek())) return has;
    return comparison(tokens, key);
  } catch (error) {
    throw new Error(`unable to parse requirement: ${(error as Error).message}`, { cause: error });
  }
}

function comparison(tokens: Tokens, key: string): LabelTest {
  const found = tokens.take();
  const operator = OPERATORS.find((one) => one === found);
  if (operator === undefined) throw unexpected(found, 'in, notin, =, ==, !=, gt, lt');
  const isSet = operator === 'in' || operator === 'notin';
  const values = isSet ? setOf(tokens) : [exactValue(tokens)];
  checkValues(key, operator, values);
  return (labels) => holds(operator, values, Object.hasOwn(labels, key) ? labels[key] : undefined);
}

function holds(operator: Operator, values: readonly string[], label: string | undefined): boolean {
  const isAmong = label !== undefined && values.includes(label);
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return isAmong;
    case 'notin':
    case '!=':
      return !isAmong;
    case '>':
      return isInteger(label) && Number(label) > Number(values[0]);
    case '<':
      return isInteger(label) && Number(label) < Number(values[0]);
  }
}

const isInteger = (text: string | undefined): boolean => /^[-+]?[0-9]+$/.test(text ?? '');

function checkValues(key: string, operator: Operator, values: readonly string[]): void {
  const isOrder = operator === '>' || operator === '<';
  const errors = values.flatMap((value, index) => {
    if (isOrder && !isInteger(value)) return [invalid(`values[${index}]`, value, INTEGER_WANTED)];
    const faults = faultsOfLabelValue(value);
    return faults.map((fault) => invalid(`values[${index}][${key}]`, value, fault));
  });
  complain(errors);
}

const INTEGER_WANTED = "for 'Gt', 'Lt' operators, the value must be an integer";

function complain(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new Error(aggregate(errors));
}

/** What is missing is the empty text. */
function exactValue(tokens: Tokens): string {
  if (['', ','].includes(tokens.peek())) return '';
  const value = tokens.take();
  if (!isWord(value)) throw unexpected(value, 'identifier');
  return value;
}

/** `(a,b)`; also `(,a)`, `(a,)` and `()`, where the empty text is meant. */
function setOf(tokens: Tokens): readonly string[] {
  const open = tokens.take();
  if (open !== '(') throw new Error(`found '${open}' expected: '('`);
  const values: string[] = [];
  for (;;) {
    const token = tokens.take();
    if (isWord(token)) {
      values.push(token);
      const after = tokens.peek();
      if (after !== ',' && after !== ')') throw unexpected(after, "',' or ')'");
      if (after === ',') tokens.take();
      if (after === ',' && tokens.peek() !== ')') continue;
      if (after === ',') values.push('');
      tokens.take();
      return values.toSorted();
    }
    if (token !== ',' && token !== ')') throw unexpected(token, "',', ')' or identifier");
    values.push('');
    if (token === ')') return values.toSorted();
  }
}
