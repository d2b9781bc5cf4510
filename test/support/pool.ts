/** One user pool of the embedded Cognito: what it holds, who changes it, and who called. */

import type { Content, Operation } from '../../src/core/view.ts';
import type { FaultAction } from '../sandbox/cognito/fault-action.ts';
import type { PlacedFault } from '../sandbox/cognito/faults.ts';
import type { HeldCall, Stage } from '../sandbox/cognito/hold.ts';
import type { CallRecord } from '../sandbox/cognito/log.ts';
import type { EmbeddedCognito } from '../sandbox/cognito/server.ts';
import type { StoredServer } from '../sandbox/cognito/store.ts';
import { IDENTIFIER } from './builders.ts';
import { waitFor } from './wait.ts';

export interface Pool {
  readonly id: string;
  /** What it holds under the identifier of the builders, or another. */
  server(identifier?: string): StoredServer | undefined;
  /** Somebody creates or changes it in the console. */
  put(content: Content, identifier?: string): void;
  /** Somebody deletes it in the console. */
  drop(identifier?: string): void;
  calls(operation?: Operation): readonly CallRecord[];
  /** Mutations that changed Cognito, as `Create Update ...`, in the order in which they landed. */
  effects(identifier?: string): readonly string[];
  /** Strikes calls to this pool. */
  fault(operation: Operation, action: FaultAction, times?: number): PlacedFault;
  hold(operation: Operation, stage?: Stage): Promise<HeldCall>;
  /** Waits until it was swept twice from now on: whoever was to be woken has been. */
  untilSwept(): Promise<void>;
}

export function poolOf(cognito: EmbeddedCognito, id: string): Pool {
  const { console, faults, log } = cognito;
  const calls = () => log.calls().filter(({ pool }) => pool === id);
  const match = (operation: Operation) => ({ operation: nameOf(operation), pool: id });
  return {
    id,
    server: (identifier = IDENTIFIER) => console.get(id, identifier),
    put: (content, identifier = IDENTIFIER) => console.put(id, { identifier, ...content }),
    drop: (identifier = IDENTIFIER) => void console.delete(id, identifier),
    calls: (operation) =>
      calls().filter((call) => operation === undefined || call.operation === nameOf(operation)),
    effects: (identifier = IDENTIFIER) =>
      log
        .mutationsOf(id, identifier)
        .filter(({ effect }) => effect)
        .sort((one, other) => (one.landedAt ?? 0) - (other.landedAt ?? 0))
        .map(({ operation }) => operation.replace('ResourceServer', '')),
    fault: (operation, action, times) =>
      faults.add({ match: match(operation), action, ...(times === undefined ? {} : { times }) }),
    hold: (operation, stage) => faults.hold(match(operation), stage),
    async untilSwept() {
      const lists = () => calls().filter(({ operation }) => operation === nameOf('List')).length;
      const before = lists();
      await waitFor(`two sweeps of ${id}`, () => lists() >= before + 2);
    },
  };
}

function nameOf(operation: Operation): string {
  return operation === 'List' ? 'ListResourceServers' : `${operation}ResourceServer`;
}
