/** One life, led on two servers at once: each step's two verdicts. */
import type { Answer, Body, KubernetesClient } from '../../contract/kubernetes-client.ts';
import type { Life, Part, Step } from './lives.ts';
import { setField } from './values.ts';
import { choicesIn, type Verdict, verdictOf, withoutChoices } from './verdict.ts';

export interface Difference {
  readonly step: string;
  readonly embedded: Verdict;
  readonly real: Verdict;
}

/** Two servers with the same kind and the same namespace. */
export interface Both {
  readonly embedded: KubernetesClient;
  readonly real: KubernetesClient;
  /** The collection in which lives are led. */
  readonly path: string;
}

/** The first step that the two judge differently, if there is one. */
export async function firstDifference(
  both: Both,
  life: Life,
  name: string,
): Promise<Difference | undefined> {
  const chosen = life.name ?? name;
  const lives = [both.embedded, both.real].map((client) =>
    led(client, both.path, { life, chosen }),
  );
  for (;;) {
    const [embedded, real] = await Promise.all(lives.map(async (each) => each.next()));
    if (embedded === undefined || real === undefined) throw new Error('two servers were expected');
    if (embedded.done === true || real.done === true) return undefined;
    const difference = differenceOf(embedded.value, real.value);
    if (difference !== undefined) return difference;
  }
}

interface Seen {
  readonly step: string;
  readonly verdict: Verdict;
}

function differenceOf(embedded: Seen, real: Seen): Difference | undefined {
  if (JSON.stringify(sorted(embedded.verdict)) === JSON.stringify(sorted(real.verdict))) return;
  return { step: real.step, embedded: embedded.verdict, real: real.verdict };
}

/** The order of fields means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const copy = {};
  for (const [name, inner] of fields) setField(copy, name, sorted(inner));
  return copy;
}

interface Named {
  readonly life: Life;
  readonly chosen: string;
}

async function* led(
  client: KubernetesClient,
  path: string,
  { life, chosen }: Named,
): AsyncGenerator<Seen, undefined> {
  const query = `?fieldValidation=${life.validation}`;
  const one = `${path}/${encodeURIComponent(chosen)}`;
  const text = JSON.stringify(namedBody(life.body, chosen));
  const made = await client.post(`${path}${query}`, text);
  yield { step: `create ${text}`, verdict: verdictOf(made) };
  if (made.status !== 201) return undefined;
  const choices = new Set<string>();
  for (const step of life.steps) {
    const before = (await client.get(one)).body;
    choicesIn(before).forEach((each) => choices.add(each));
    const answer = await taken(client, step, { one, query, before });
    yield { step: JSON.stringify(step), verdict: withoutChoices(verdictOf(answer), choices) };
  }
  yield { step: 'read', verdict: withoutChoices(verdictOf(await client.get(one)), choices) };
  return undefined;
}

function namedBody(body: object, name: string): object {
  const metadata = (body as { metadata?: unknown }).metadata;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return body;
  const named = { name };
  for (const [field, value] of Object.entries(metadata)) setField(named, field, value);
  return replaced(body, { metadata: named });
}

/** Spreading would take `__proto__` for a prototype. */
function replaced(object: object, changes: object): object {
  const copy = {};
  for (const [field, value] of Object.entries(object)) setField(copy, field, value);
  for (const [field, value] of Object.entries(changes)) setField(copy, field, value);
  return copy;
}

interface Before {
  readonly one: string;
  readonly query: string;
  readonly before: Body;
}

function taken(client: KubernetesClient, step: Step, where: Before): Promise<Answer> {
  const { one, query, before } = where;
  const pathOf = (part: Part): string => `${one}${part === 'status' ? '/status' : ''}${query}`;
  switch (step.kind) {
    case 'replace':
      return client.put(pathOf(step.part), JSON.stringify(replacement(before, step.fields)));
    case 'merge':
      return client.patch(pathOf(step.part), JSON.stringify(step.patch));
    case 'operations':
      return client.patch(pathOf(step.part), JSON.stringify(step.operations), {
        'content-type': 'application/json-patch+json',
      });
    case 'delete':
      return client.delete(one);
  }
}

/** As who read the object and sends it back changed: its version and name stay. */
function replacement(before: Body, fields: object): object {
  const metadata = (fields as { metadata?: object }).metadata ?? {};
  return replaced(before, { ...fields, metadata: replaced(before.metadata, metadata) });
}
