/**
 * A server in a process of its own, so that neither its time nor its memory is the operator's:
 * commands go to it one by one, over the channel that Node opens to a forked process.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// oxlint-disable-next-line typescript/no-explicit-any -- parameters of any kind, checked by `call`
export type Commands = Readonly<Record<string, (...parameters: any[]) => unknown>>;

interface Order {
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly unknown[];
}

type Reply = { readonly id: number } & (
  | { readonly kind: 'Returned'; readonly value: unknown }
  | { readonly kind: 'Threw'; readonly message: string }
);

/** Of the forked process: obeys until whoever forked it is gone. */
export function obey(commands: Commands): void {
  process.on('message', (order: Order) => void carryOut(commands, order));
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}

async function carryOut(commands: Commands, { id, name, parameters }: Order): Promise<void> {
  try {
    const value: unknown = await commands[name]?.(...parameters);
    process.send?.({ id, kind: 'Returned', value } satisfies Reply);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.send?.({ id, kind: 'Threw', message } satisfies Reply);
  }
}

export interface Remote<C extends Commands> {
  call<Name extends keyof C & string>(
    name: Name,
    ...parameters: Parameters<C[Name]>
  ): Promise<Awaited<ReturnType<C[Name]>>>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** @param file a module that says `obey`, beside this one */
export async function startRemote<C extends Commands>(file: string): Promise<Remote<C>> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, { serialization: 'advanced' });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const exited = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();
  child.once('exit', () => {
    const gone = new Error(`${file} ended before it answered`);
    ready.reject(gone);
    for (const each of waiting.values()) each.reject(gone);
    exited.resolve();
  });
  child.on('message', (message: 'ready' | Reply) => {
    if (message === 'ready') return ready.resolve();
    const reply = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'Returned') reply?.resolve(message.value);
    else reply?.reject(new Error(message.message));
  });
  await ready.promise;
  let orders = 0;
  return {
    call: (name, ...parameters) => {
      orders += 1;
      const reply = Promise.withResolvers<unknown>();
      waiting.set(orders, reply);
      child.send({ id: orders, name, parameters } satisfies Order);
      return reply.promise as Promise<Awaited<ReturnType<C[typeof name]>>>;
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await exited.promise;
    },
  };
}
