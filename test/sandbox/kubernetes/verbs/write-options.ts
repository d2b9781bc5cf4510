/** The query parameters of a write. */
import { badRequest, Failure, invalidObject } from '../failure.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import type { ApiRequest } from '../request.ts';
import { invalid, notSupported } from '../schema/field-error.ts';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface WriteOptions {
  readonly isDryRun: boolean;
  readonly fieldValidation: FieldValidation;
}

const OPTIONS_KIND: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
};

export function writeOptionsOf({ method, query }: ApiRequest): WriteOptions {
  const subject = { group: 'meta.k8s.io', plural: '', kind: OPTIONS_KIND[method] ?? 'Options' };
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  if (dryRun.some((value) => value !== 'All')) {
    throw invalidObject(subject, '', [notSupported('dryRun', dryRun, ['All'])]);
  }
  const asked = query.get('fieldValidation') ?? '';
  if (!isFieldValidation(asked)) {
    const known = ['', 'Ignore', 'Strict', 'Warn'];
    throw invalidObject(subject, '', [notSupported('fieldValidation', asked, known)]);
  }
  return { isDryRun: dryRun.length > 0, fieldValidation: asked === '' ? 'Warn' : asked };
}

function isFieldValidation(text: string): text is FieldValidation | '' {
  return ['', 'Strict', 'Warn', 'Ignore'].includes(text);
}

/** The warnings that unknown fields deserve; under Strict they are an error. */
export function judgeUnknown(
  unknown: readonly string[],
  { fieldValidation }: WriteOptions,
  refuse: (sentence: string) => Failure,
): readonly string[] {
  const warnings = unknown.map((field) => `unknown field "${field}"`);
  switch (fieldValidation) {
    case 'Ignore':
      return [];
    case 'Warn':
      return warnings;
    case 'Strict':
      if (warnings.length === 0) return [];
      throw refuse(`strict decoding error: ${warnings.join(', ')}`);
  }
}

export const refuseBody =
  (type: ResourceType) =>
  (sentence: string): Failure =>
    badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${sentence}`,
    );

export const refusePatch =
  (patched: unknown) =>
  (sentence: string): Failure =>
    invalidObject({ group: '', plural: '', kind: '' }, '', [
      invalid('patch', JSON.stringify(patched), sentence),
    ]);

/** What fails later is told together with what was noticed before. */
export function withWarnings<T>(warnings: readonly string[], write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const all = [...warnings, ...(error.parts.warnings ?? [])];
    throw new Failure({ ...error.parts, warnings: all });
  }
}
