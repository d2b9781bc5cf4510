/**
 * Python, where the machine has one: it brings AWS's published model of Cognito (botocore) and an
 * emulator that others wrote (moto). Nothing is installed for it.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const PYTHON = process.env['PYTHON'] || 'python3';
const LOOK_MS = 60_000;

export type Lookup =
  | { readonly kind: 'found'; readonly folder: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Where a package is, with all that it needs to be imported. */
export async function findPackage(name: string): Promise<Lookup> {
  const program = `import ${name}, os; print(os.path.dirname(${name.split('.')[0]}.__file__))`;
  try {
    const { stdout } = await promisify(execFile)(PYTHON, ['-c', program], { timeout: LOOK_MS });
    return { kind: 'found', folder: stdout.trim() };
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error))
      .trimEnd()
      .split('\n')
      .slice(-1);
    return { kind: 'missing', reason: `${PYTHON} cannot import ${name}: ${why}` };
  }
}

export interface Moto extends AsyncDisposable {
  readonly url: string;
}

const RUNNING = /Running on (http:\/\/127\.0\.0\.1:\d+)/;

/** On a loopback port that nobody has; it ends with its disposal, or with this process. */
export async function startMoto(): Promise<Moto> {
  const args = ['-m', 'moto.server', '--host', '127.0.0.1', '--port', '0'];
  const child = spawn(PYTHON, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const end = async (): Promise<void> => {
    process.removeListener('exit', kill);
    kill();
    await exited;
  };
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    const url = RUNNING.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    return { url, [Symbol.asyncDispose]: end };
  }
  await end();
  throw new Error(`moto did not start:\n${said.join('\n')}`);
}
