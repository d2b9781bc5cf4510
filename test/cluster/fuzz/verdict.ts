/** What a server made of a request, without what may differ between two that are right. */
import type { Answer, Body } from '../../contract/kubernetes-client.ts';

export interface Verdict {
  readonly status: number;
  readonly reason: string | undefined;
  /** Each complaint: its field, and why. */
  readonly causes: readonly string[];
  readonly warnings: readonly string[];
  /** The object as it is stored, when there is one. */
  readonly object: unknown;
}

export function verdictOf({ status, headers, body }: Answer): Verdict {
  const isStatus = body.kind === 'Status';
  const causes = new Set((body.details?.causes ?? []).filter(isComparable).map(told));
  return {
    status,
    reason: isStatus ? body.reason : undefined,
    causes: [...causes].toSorted(),
    warnings: warningsOf(headers.get('warning')),
    object: isStatus ? undefined : withoutChance(body),
  };
}

type Cause = { readonly field: string; readonly message: string };

/** What CEL makes of values of the wrong type, which only objects of another kind may have. */
const isComparable = ({ message }: Cause): boolean => !message.includes(' evaluating rule: ');

/** A real server says some of it twice; of a refused patch it shows the whole object. */
function told({ field, message }: Cause): string {
  return field === 'patch' ? field : `${field}: ${message}`;
}

/**
 * `299 - "unknown field \"spec.x\"", 299 - ...`. The embedded server keeps no managedFields: there
 * nobody can move them to where they are unknown.
 */
function warningsOf(header: string | null): readonly string[] {
  return (header ?? '')
    .split(/,? ?299 - /)
    .filter((text) => text !== '' && !text.includes('managedFields'))
    .toSorted();
}

type Chance = 'uid' | 'resourceVersion' | 'creationTimestamp' | 'deletionTimestamp';
const CHANCE: readonly (Chance | 'managedFields')[] = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
];

/** When something was made, under which version: of these only that they are there. */
function withoutChance(body: Body): unknown {
  const metadata = Object.entries(body.metadata).flatMap(([name, value]) => {
    if (name === 'managedFields') return [];
    return [[name, (CHANCE as readonly string[]).includes(name) ? 'given' : value]];
  });
  return { ...body, metadata: Object.fromEntries(metadata) };
}

/** What the server has chosen for an object: another one chooses otherwise. */
export function choicesIn({ metadata }: Body): readonly string[] {
  const { uid, resourceVersion, creationTimestamp } = metadata;
  return [uid, resourceVersion, creationTimestamp].filter((each) => each !== undefined);
}

/** The same verdict, also when a patch has moved what the server chose to where it is quoted. */
export function withoutChoices(verdict: Verdict, choices: ReadonlySet<string>): Verdict {
  const masked = [...choices].reduce(
    (text, each) =>
      text.replaceAll(`"${each}"`, '"chosen"').replaceAll(`\\"${each}\\"`, '\\"chosen\\"'),
    JSON.stringify(verdict),
  );
  return JSON.parse(masked) as Verdict;
}
