/**
 * A few control planes for the houses of a run, each lent to one house at a time: a loan is a
 * connection that stays open, so that a test process that dies has given back what it borrowed.
 *
 *   house            lender
 *     GET /?flags ───▶ waits for a free plane, starts another while there may be more
 *     ◀─────────────── one line: where it is
 *     (closes) ──────▶ made as at first, lent again
 */
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';
import { findBinaries, tellOnStderr } from './binaries.ts';
import { accessTo, type Plane, type PlaneAccess, startPlane } from './plane.ts';

export type PlanesLookup =
  | { readonly kind: 'lent'; readonly url: string }
  | { readonly kind: 'missing'; readonly reason: string };

declare module 'vitest' {
  interface ProvidedContext {
    /** Only where the houses are to stand on real API servers. */
    readonly planes: PlanesLookup | undefined;
  }
}

/** 300 MB each. */
const PLANES_MAX = 4;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lookup = await findBinaries();
  if (lookup.kind === 'missing') {
    if (process.env['CI'] !== undefined) throw new Error(lookup.reason);
    tellOnStderr(`ALL SKIPPED: ${lookup.reason}`);
    project.provide('planes', lookup);
    return async () => tellOnStderr(`ALL SKIPPED: ${lookup.reason}`);
  }
  const lender = createLender();
  const server = createServer((request, response) => void lender.lend(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  project.provide('planes', { kind: 'lent', url: `http://127.0.0.1:${port}` });
  return async () => {
    await lender.close();
    server.close();
    server.closeAllConnections();
  };
}

/* ------------------------------------------------------------------- the lender */

interface Lent {
  readonly plane: Promise<Plane>;
  readonly flags: string;
  isFree: boolean;
}

function createLender() {
  const all = new Set<Lent>();
  const waiting: (() => void)[] = [];
  const ending = { hasBegun: false };
  /** One with these flags; at the most, one with others is given up for it. */
  const find = (flags: string): Lent | undefined => {
    const free = [...all].filter(({ isFree }) => isFree);
    const fitting = free.find((each) => each.flags === flags);
    if (fitting !== undefined) return fitting;
    if (all.size >= PLANES_MAX) {
      const [other] = free;
      if (other === undefined) return undefined;
      all.delete(other);
      void other.plane.then((plane) => plane.stop());
    }
    const plane = startPlane({ flags: flags === '' ? [] : flags.split(' ') });
    const lent = { plane, flags, isFree: true };
    all.add(lent);
    return lent;
  };
  const take = async (flags: string): Promise<Lent> => {
    for (;;) {
      const found = find(flags);
      if (found !== undefined) {
        found.isFree = false;
        return found;
      }
      await new Promise<void>((free) => waiting.push(free));
    }
  };
  /** What cannot be renewed is not lent again. */
  const takeBack = async (lent: Lent): Promise<void> => {
    if (ending.hasBegun) return;
    try {
      await (await lent.plane).renew();
      lent.isFree = true;
    } catch (error) {
      if (ending.hasBegun) return;
      tellOnStderr(`a control plane is given up: ${String(error)}`);
      all.delete(lent);
      await lent.plane.then((plane) => plane.stop()).catch(() => undefined);
    }
    for (const wake of waiting.splice(0)) wake();
  };
  return {
    async lend({ url }: IncomingMessage, response: ServerResponse): Promise<void> {
      const flags = new URL(url ?? '/', 'http://lender').searchParams.get('flags') ?? '';
      const lent = await take(flags);
      const isGone = response.destroyed;
      response.once('close', () => void takeBack(lent));
      if (isGone) return takeBack(lent);
      await lent.plane.then(
        (plane) => response.write(`${JSON.stringify(accessTo(plane))}\n`),
        (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
      );
    },
    async close() {
      ending.hasBegun = true;
      for (const { plane } of all) await (await plane).stop();
    },
  };
}

/* ----------------------------------------------------------------- the borrower */

export interface Loan {
  readonly access: PlaneAccess;
  giveBack(): void;
}

export async function borrowPlane(lender: string, flags: readonly string[]): Promise<Loan> {
  const query = new URLSearchParams({ flags: flags.join(' ') });
  const { promise, resolve, reject } = Promise.withResolvers<Loan>();
  const request = get(`${lender}/?${query.toString()}`, { agent: false }, (response) => {
    const giveBack = (): void => void request.destroy();
    const lines = createInterface(response.on('error', reject)).on('error', reject);
    lines.once('line', (line) => resolve({ access: JSON.parse(line) as PlaneAccess, giveBack }));
  });
  request.on('error', reject);
  return promise;
}
