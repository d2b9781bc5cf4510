/** What may stand in `metadata.ownerReferences`. */
import { type JsonObject, textAt } from '../kube-object.ts';
import { type FieldError, invalid } from './field-error.ts';

const FIELD = 'metadata.ownerReferences';

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
