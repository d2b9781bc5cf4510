/**
 * `x-kubernetes-validations`: CEL rules on the nodes of a schema. Rules that name `oldSelf` judge
 * transitions, so they run on updates only, where the earlier value can be found.
 *
 * Not understood, and refused when the kind is installed: `optionalOldSelf`, and the functions that
 * Kubernetes adds to CEL beyond the standard ones (`isURL`, `isSorted`, `quantity`, ...).
 */
import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js';
import { isObject } from '../kube-object.ts';
import {
  type FieldError,
  type FieldErrorReason,
  forbidden,
  invalid,
  required,
} from './field-error.ts';
import { correlated, type Finding, pathOf, type Segment } from './finding.ts';
import { type CelRule, fieldSchema, type Schema } from './schema.ts';
import { typeName } from './schema-validation.ts';

export type CelValidator = (after: unknown, before: unknown) => readonly Finding[];

interface CompiledRule {
  readonly source: CelRule;
  readonly evaluate: ParseResult;
  readonly explain: ParseResult | undefined;
  readonly judgesTransition: boolean;
}

/** Throws, naming the rule, when a rule cannot be compiled. */
export function createCelValidator(schema: Schema): CelValidator {
  const compiled = new Map<Schema, readonly CompiledRule[]>();
  compileAll(schema, compiled);
  return (after, before) => walk({ after, before, schema, node: [] }, compiled);
}

function compileAll(schema: Schema, compiled: Map<Schema, readonly CompiledRule[]>): void {
  const rules = schema['x-kubernetes-validations'];
  if (rules !== undefined) compiled.set(schema, rules.map(compile));
  for (const inner of Object.values(schema.properties ?? {})) compileAll(inner, compiled);
  if (schema.items !== undefined) compileAll(schema.items, compiled);
  if (isObject(schema.additionalProperties)) compileAll(schema.additionalProperties, compiled);
}

const environment = new Environment({ enableOptionalTypes: true })
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn');

function compile(source: CelRule): CompiledRule {
  if ('optionalOldSelf' in source) throw new Error(`optionalOldSelf of rule: ${source.rule}`);
  const evaluate = parsed(source.rule);
  const explain = source.messageExpression;
  return {
    source,
    evaluate,
    explain: explain === undefined ? undefined : parsed(explain),
    judgesTransition: names(evaluate.ast, 'oldSelf'),
  };
}

function parsed(expression: string): ParseResult {
  const result = environment.parse(expression);
  const { valid, error } = result.check();
  if (!valid) throw new Error(error?.message ?? `CEL expression ${expression}`);
  return result;
}

function names(node: unknown, variable: string): boolean {
  if (Array.isArray(node)) return node.some((inner) => names(inner, variable));
  if (!isNode(node)) return false;
  return node.op === 'id' ? node.args === variable : names(node.args, variable);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

interface Visit {
  readonly after: unknown;
  readonly before: unknown;
  readonly schema: Schema;
  readonly node: readonly Segment[];
}

function walk(
  visit: Visit,
  compiled: ReadonlyMap<Schema, readonly CompiledRule[]>,
): readonly Finding[] {
  if (visit.after === null || visit.after === undefined) return [];
  const own = (compiled.get(visit.schema) ?? []).flatMap((rule) => judge(rule, visit));
  return [...own, ...innerVisits(visit).flatMap((inner) => walk(inner, compiled))];
}

function innerVisits({ after, before, schema, node }: Visit): readonly Visit[] {
  if (Array.isArray(after)) {
    return after.map((item, index) => ({
      after: item,
      before: correlated(item, before, schema),
      schema: schema.items ?? {},
      node: [...node, index],
    }));
  }
  if (!isObject(after)) return [];
  return Object.entries(after).map(([field, value]) => ({
    after: value,
    before: isObject(before) ? before[field] : undefined,
    schema: fieldSchema(schema, field) ?? {},
    node: [...node, field],
  }));
}

function judge(rule: CompiledRule, { after, before, schema, node }: Visit): readonly Finding[] {
  if (rule.judgesTransition && before === undefined) return [];
  const complain = (why: string): readonly Finding[] => [
    { node, error: invalid(pathOf(node), schema.type, `${why} evaluating rule: ${nameOf(rule)}`) },
  ];
  if (!fits(after, schema)) return complain(`invalid data, expected ${misfitOf(after, schema)}`);
  const variables = {
    self: celValue(after, schema),
    ...(rule.judgesTransition ? { oldSelf: celValue(before, schema) } : {}),
  };
  try {
    if (rule.evaluate(variables) === true) return [];
    const failed = messageOf(rule, variables);
    return [{ node, error: errorOf(rule, { failed, after, node }) }];
  } catch (error) {
    return complain(causeOf(error));
  }
}

const nameOf = ({ source }: CompiledRule): string => source.message ?? source.rule;

/** The first line says what is wrong, the others where in the rule. */
function causeOf(error: unknown): string {
  const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return `${why.charAt(0).toLowerCase()}${why.slice(1)}`;
}

/** Rules see what breaks the schema only in objects of another kind. */
function fits(value: unknown, { type }: Schema): boolean {
  return type === undefined || type === typeName(value) || type === 'number';
}

function misfitOf(value: unknown, { type }: Schema): string {
  if (type === 'object') return 'a map for the provided schema with type=object';
  if (type === 'array') return 'an array for the provided schema with type=array';
  return `${type}, got ${goType(value)}`;
}

function goType(value: unknown): string {
  switch (typeName(value)) {
    case 'object':
      return 'map[string]interface {}';
    case 'array':
      return '[]interface {}';
    case 'integer':
      return 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      return typeName(value);
  }
}

const shownBy = (value: unknown): unknown => (typeof value === 'object' ? typeName(value) : value);

function messageOf(rule: CompiledRule, variables: Record<string, unknown>): string {
  const explained: unknown = rule.explain?.(variables);
  if (typeof explained === 'string' && explained !== '') return explained;
  return rule.source.message ?? `failed rule: ${rule.source.rule}`;
}

interface Judged {
  readonly failed: string;
  readonly after: unknown;
  readonly node: readonly Segment[];
}

function errorOf({ source }: CompiledRule, { failed, after, node }: Judged): FieldError {
  const field = `${pathOf(node)}${source.fieldPath ?? ''}`;
  const value = shownBy(after);
  switch (source.reason as FieldErrorReason | undefined) {
    case 'FieldValueRequired':
      return required(field, failed);
    case 'FieldValueForbidden':
      return forbidden(field, failed);
    case 'FieldValueDuplicate':
      return { ...invalid(field, value, failed), reason: 'FieldValueDuplicate' };
    case 'FieldValueInvalid':
    case 'FieldValueTypeInvalid':
    case 'FieldValueNotSupported':
    case 'FieldValueTooLong':
    case 'FieldValueTooMany':
    case undefined:
      return invalid(field, value, failed);
  }
}

/**
 * A JSON number is a double to CEL, unless the schema says integer: those must be BigInt. An object
 * is a Map, as a field of it may be called `constructor`.
 */
function celValue(value: unknown, schema: Schema): unknown {
  if (typeof value === 'number') return celNumber(value, schema);
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema.items ?? {}));
  if (isObject(value)) {
    return new Map(
      Object.entries(value).map(([field, inner]) => [
        field,
        celValue(inner, fieldSchema(schema, field) ?? {}),
      ]),
    );
  }
  if (schema.format === 'date-time' && typeof value === 'string') return new Date(value);
  return value;
}

function celNumber(value: number, schema: Schema): number | bigint {
  return schema.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
}
