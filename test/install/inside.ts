/**
 * The first process of its own namespaces: makes a node in them and runs the tests there. When it
 * ends, for whatever reason, so does every process, mount, address and rule in them; and it ends
 * when whoever started it does.
 */

import { argv, exit, stdin } from 'node:process';
import { buffer } from 'node:stream/consumers';
import { startNode } from './node.ts';
import type { NodePrograms } from './programs.ts';
import type { Site } from './site.ts';
import { runSuite } from './suite.ts';

export interface InsideRequest {
  readonly folder: string;
  readonly programs: NodePrograms;
  /** Archives, by the names that the images get. */
  readonly images: Readonly<Record<string, string>>;
  readonly pause: string;
  readonly site: Omit<Site, 'kubeconfig'>;
  readonly choice: readonly string[];
}

void buffer(stdin).then(() => exit(1));
const { site, choice, ...request } = JSON.parse(argv[2] ?? '') as InsideRequest;
try {
  const startedAt = performance.now();
  const { kubeconfig } = await startNode(request);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(`[install] the node is ready after ${seconds} s\n`);
  exit(await runSuite({ folder: request.folder, site: { ...site, kubeconfig }, choice }));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  exit(1);
}
