/** For readers without a kubectl: its requests, made by us and shown as they are. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { KIND } from '../../../src/api/resource-server.ts';
import { columns } from './columns.ts';
import type { Hands, Progress } from './hands.ts';
import { readDocuments } from './manifests.ts';
import type { Narrator } from './narrator.ts';
import { isReady, readyOf, resourcesPath, type StoredResource } from './resources.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

interface HttpSettings {
  readonly stage: Stage;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

type Ask = (
  method: string,
  path: string,
  more?: { readonly accept?: string; readonly body?: unknown },
) => Promise<Answered>;

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const NAMESPACES = '/api/v1/namespaces';
const BRIEF_LINES = 4;
const GONE_WITHIN_MS = 90_000;

export function createHttpHands({ stage, narrator, signal }: HttpSettings): Hands {
  const ask = askerOf(stage, signal);
  const type = (request: string): void => narrator.typed('>', request);
  const placedIn = (file: string): readonly Placed[] =>
    documentsOf(join(stage.folder, file)).map(placed);
  const removeAll = async (paths: readonly string[], progress: Progress): Promise<void> => {
    for (const path of paths) {
      const { status } = await ask('DELETE', path);
      narrator.output(`${status} DELETE ${path}`);
    }
    const areGone = async (): Promise<boolean> => {
      const answers = await Promise.all(paths.map((path) => ask('GET', path)));
      return answers.every(({ status }) => status === 404);
    };
    await narrator.during(until(areGone, GONE_WITHIN_MS, signal), progress);
  };
  return {
    introduction: 'No kubectl that runs was found (KUBECTL, PATH): its requests are made here.',
    async apply(file, progress) {
      type(`POST each document of ${file}`);
      const posted = await narrator.during(postAll(ask, placedIn(file)), progress);
      narrator.output(posted.join('\n'), BRIEF_LINES);
    },
    async waitUntilReady(namespace, withinMs, progress) {
      type(`GET ${resourcesPath(namespace)}, until all are Ready`);
      const areReady = async (): Promise<boolean> => {
        const { body } = await ask('GET', resourcesPath(namespace));
        return (body as { readonly items: readonly StoredResource[] }).items.every(isReady);
      };
      await narrator.during(until(areReady, withinMs, signal), progress);
    },
    async show(namespace, linesMax) {
      type(`GET ${resourcesPath(namespace)} as a table`);
      const { body } = await ask('GET', resourcesPath(namespace), { accept: TABLE });
      narrator.output(tableText(body as Table), linesMax);
    },
    async showMessage(namespace, name) {
      type(`GET ${resourcesPath(namespace)}/${name}, the message of Ready`);
      const { body } = await ask('GET', `${resourcesPath(namespace)}/${name}`);
      narrator.quote(readyOf(body as StoredResource)?.message ?? '(none)');
    },
    async showEvents(namespace, reason) {
      const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=reason%3D${reason}`;
      type(`GET ${path}`);
      const { items } = (await ask('GET', path)).body as { readonly items: readonly Event[] };
      narrator.output(items.map(({ message }) => `${reason}  ${message}`).join('\n'));
    },
    async remove(namespace, name, progress) {
      type(`DELETE ${namespace}/${name}`);
      await removeAll([`${resourcesPath(namespace)}/${name}`], progress);
    },
    async unapply(file, progress) {
      type(`DELETE each document of ${file}`);
      await removeAll(placedIn(file).map(pathOf), progress);
    },
    async removeNamespaces(namespaces, progress) {
      type(`DELETE the namespaces ${namespaces.join(', ')}`);
      await removeAll(
        namespaces.map((each) => `${NAMESPACES}/${each}`),
        progress,
      );
    },
  };
}

interface Event {
  readonly message: string;
}

function askerOf({ kubernetes: { url, token } }: Stage, signal: AbortSignal): Ask {
  return async (method, path, { accept = 'application/json', body } = {}) => {
    const answer = await fetch(url + path, {
      method,
      signal,
      headers: { accept, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  };
}

function documentsOf(path: string): readonly unknown[] {
  const files = path.endsWith('/') ? globSync(`${path}*.yaml`).sort() : [path];
  return files.flatMap(readDocuments);
}

interface Placed {
  readonly collection: string;
  readonly name: string;
  readonly document: unknown;
}

function placed(document: unknown): Placed {
  const { kind, metadata } = document as {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
  };
  const { name, namespace = 'default' } = metadata;
  const collection = kind === KIND ? resourcesPath(namespace) : NAMESPACES;
  return { collection, name, document };
}

function pathOf({ collection, name }: Placed): string {
  return `${collection}/${name}`;
}

/** One after the other, as kubectl does. */
async function postAll(ask: Ask, all: readonly Placed[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { collection, name, document } of all) {
    const { status } = await ask('POST', collection, { body: document });
    lines.push(`${status} POST ${collection}  ${name}`);
  }
  return lines;
}

interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly { readonly cells: readonly (string | number | null)[] }[];
}

/** As `kubectl get` lays it out, but for the columns of `-o wide`. */
function tableText({ columnDefinitions, rows }: Table): string {
  const isShown = (_: unknown, index: number) => columnDefinitions[index]?.priority === 0;
  const header = columnDefinitions.filter(isShown).map(({ name }) => name.toUpperCase());
  const body = rows.map(({ cells }) => cells.filter(isShown).map((cell) => `${cell ?? ''}`));
  return columns([header, ...body]).join('\n');
}
