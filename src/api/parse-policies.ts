/** The three policies; what cannot be read counts as whatever touches nothing. */
import type { Problem } from './problem.ts';
import { field, type Unknowns } from './read.ts';
import type { AdoptionPolicy, DeletionPolicy, ManagementPolicy } from './resource-server.ts';

export function parsePolicies(spec: Unknowns, problems: Problem[]) {
  const adoptionPolicy = oneOf(spec, 'adoptionPolicy', ADOPTION, problems);
  if (adoptionPolicy === 'Always' && field(spec, 'scopes') === undefined) {
    const message = 'must be present with `adoptionPolicy: Always`: `[]` means none';
    problems.push({ field: 'spec.scopes', message });
  }
  return {
    deletionPolicy: oneOf(spec, 'deletionPolicy', DELETION, problems),
    adoptionPolicy,
    managementPolicy: oneOf(spec, 'managementPolicy', MANAGEMENT, problems),
  };
}

/** What a policy may be: the schema's default first; `safe` touches nothing. */
interface Choice<T extends string> {
  readonly allowed: readonly T[];
  readonly byDefault: T;
  readonly safe: T;
}

const DELETION: Choice<DeletionPolicy> = {
  allowed: ['DeleteIfCreated', 'Delete', 'Retain'],
  byDefault: 'DeleteIfCreated',
  safe: 'Retain',
};
const ADOPTION: Choice<AdoptionPolicy> = {
  allowed: ['IfMatching', 'Always', 'Never'],
  byDefault: 'IfMatching',
  safe: 'Never',
};
const MANAGEMENT: Choice<ManagementPolicy> = {
  allowed: ['Enforce', 'Observe'],
  byDefault: 'Enforce',
  safe: 'Observe',
};

/** Absent means the default; unreadable means what is safe. */
function oneOf<T extends string>(
  spec: Unknowns,
  name: string,
  { allowed, byDefault, safe }: Choice<T>,
  problems: Problem[],
): T {
  const value = field(spec, name) ?? byDefault;
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  problems.push({ field: `spec.${name}`, message: `must be one of ${allowed.join(', ')}` });
  return safe;
}
