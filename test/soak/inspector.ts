/** Node's inspector: a running process is asked about itself, and told to collect its garbage. */
import { waitFor } from '../support/wait.ts';

export interface Inspector {
  collectGarbage(): Promise<void>;
  /** @param expression whose value JSON can hold */
  evaluate(expression: string): Promise<unknown>;
  close(): void;
}

/** The process tells on standard error where its inspector listens. */
export const INSPECTED = '--inspect=127.0.0.1:0';

interface Answer {
  readonly id: number;
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly result?: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly text: string };
  };
}

/** @param words what the process has said on standard error so far */
export async function attach(words: () => string): Promise<Inspector> {
  const url = await waitFor('the inspector', () => /ws:\/\/\S+/.exec(words())?.[0]);
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  const opened = Promise.withResolvers<void>();
  const gone = () => {
    const error = new Error('the inspected process is gone');
    opened.reject(error);
    for (const each of waiting.values()) each.reject(error);
  };
  socket.addEventListener('open', () => opened.resolve());
  socket.addEventListener('close', gone);
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
  });
  await opened.promise;
  let asked = 0;
  const ask = async (method: string, params: object = {}): Promise<Answer> => {
    asked += 1;
    const answer = Promise.withResolvers<Answer>();
    waiting.set(asked, answer);
    socket.send(JSON.stringify({ id: asked, method, params }));
    return soundly(method, await answer.promise);
  };
  return {
    collectGarbage: async () => void (await ask('HeapProfiler.collectGarbage')),
    evaluate: async (expression) =>
      (await ask('Runtime.evaluate', { expression, returnByValue: true })).result?.result?.value,
    close: () => socket.close(),
  };
}

function soundly(method: string, answer: Answer): Answer {
  const complaint = answer.error?.message ?? answer.result?.exceptionDetails?.text;
  if (complaint !== undefined) throw new Error(`${method}: ${complaint}`);
  return answer;
}
