/** What may stand in `metadata.ownerReferences`. */
import { isEqual, type JsonObject, textAt } from '../kube-object.ts';
import { type FieldError, invalid } from './field-error.ts';

const FIELD = 'metadata.ownerReferences';

export interface Owners {
  readonly owners: readonly JsonObject[];
  /** What was said twice. */
  readonly warnings: readonly string[];
}

/** An owner that is named twice, word for word, is kept once. */
export function withoutRepeatedOwners(all: readonly JsonObject[]): Owners {
  const isRepeated = (owner: JsonObject, index: number): boolean =>
    all.findIndex((other) => isEqual(other, owner)) < index;
  const repeated = all.filter(isRepeated).map((owner) => textAt(owner, 'uid'));
  const owners = all.filter((owner, index) => !isRepeated(owner, index));
  if (repeated.length === 0) return { owners, warnings: [] };
  const observed = repeated.join(', ');
  return { owners, warnings: [`${REPEATED}; duplicate UID(s) observed: ${observed}`] };
}

const REPEATED =
  '.metadata.ownerReferences contains duplicate entries; API server dedups owner references in ' +
  '1.20+, and may reject such requests as early as 1.24; please fix your requests';

export function validateOwners(owners: readonly JsonObject[]): readonly FieldError[] {
  const controllers = owners
    .filter(({ controller }) => controller === true)
    .map((owner) => `${textAt(owner, 'kind')}/${textAt(owner, 'name')}`);
  const [first] = controllers;
  const surplus = controllers.slice(1).map((other) => {
    const which = `Found "true" in references for ${first} and ${other}`;
    return invalid(FIELD, owners, `Only one reference can have Controller set to true. ${which}`);
  });
  return [...owners.flatMap(validateOwner), ...surplus];
}

function validateOwner(owner: JsonObject): readonly FieldError[] {
  const apiVersion = textAt(owner, 'apiVersion');
  const empty = ['kind', 'name', 'uid'].filter((name) => textAt(owner, name) === '');
  const isEvent = apiVersion === 'v1' && owner['kind'] === 'Event';
  return [
    ...(apiVersion.split('/').at(-1) === ''
      ? [invalid(`${FIELD}.apiVersion`, apiVersion, 'version must not be empty')]
      : []),
    ...empty.map((name) => invalid(`${FIELD}.${name}`, '', 'must not be empty')),
    ...(isEvent
      ? [invalid(FIELD, owner, '/v1, Kind=Event is disallowed from being an owner')]
      : []),
  ];
}
