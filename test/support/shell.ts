/** A shell as the reader of a page has it: at the root of the checkout, kubectl on its PATH. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export interface Printed {
  readonly code: number;
  readonly output: string;
  readonly complaint: string;
}

export type Shell = (command: string, input?: string) => Promise<Printed>;

export interface OpenShell {
  readonly shell: Shell;
  readonly home: string;
  /** Removes its home. */
  close(): void;
}

const ROOT = join(import.meta.dirname, '../..');
const DEADLINE_MS = 60_000;

/** @param kubectl the path of the program */
export function openShell(kubectl: string, kubeconfig: string): OpenShell {
  const home = mkdtempSync(join(tmpdir(), 'shell-'));
  const KUBECONFIG = join(home, 'kubeconfig');
  writeFileSync(KUBECONFIG, kubeconfig, { mode: 0o600 });
  const PATH = [dirname(kubectl), process.env['PATH']].join(delimiter);
  const env = { HOME: home, KUBECONFIG, PATH };
  const options = { cwd: ROOT, env, timeout: DEADLINE_MS };
  return {
    home,
    shell: (command, input = '') =>
      new Promise((resolve) => {
        const child = execFile('sh', ['-c', command], options, (error, output, complaint) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? -1), output, complaint });
        });
        child.stdin?.end(input);
      }),
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
