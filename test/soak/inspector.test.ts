/** The inspector tells of a real process, which leaks what it is told to. */
import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { attach, INSPECTED } from './inspector.ts';

const LEAK = `
globalThis.kept = [];
globalThis.leak = () => {
  kept.push(new Array(1e6).fill(kept.length));
  setInterval(() => {}, 1e6);
};
setInterval(() => {}, 1e6);
`;

const HEAP = 'process.memoryUsage().heapUsed';
const TIMERS = "process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length";

test('what is kept shows after garbage collection, and what is not does not', async () => {
  const child = spawn(process.execPath, [INSPECTED, '--eval', LEAK], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const words: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => words.push(chunk.toString()));
    const inspector = await attach(() => words.join(''));
    const weigh = async () => {
      await inspector.collectGarbage();
      return Number(await inspector.evaluate(HEAP));
    };
    const before = { heap: await weigh(), timers: Number(await inspector.evaluate(TIMERS)) };
    await inspector.evaluate('void Array.from({ length: 3 }, () => new Array(1e6).fill(0))');
    expect((await weigh()) - before.heap).toBeLessThan(1e6);
    await inspector.evaluate('leak()');
    expect((await weigh()) - before.heap).toBeGreaterThan(7e6);
    expect(await inspector.evaluate(TIMERS)).toBe(before.timers + 1);
    await expect(inspector.evaluate('nobody()')).rejects.toThrow('Uncaught');
    inspector.close();
  } finally {
    child.kill('SIGKILL');
  }
});
