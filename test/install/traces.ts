/**
 * What namespaces do not keep to themselves: a folder, settings of the kernel, control groups.
 * Whoever was killed before it could tidy up is tidied up after by the next one.
 */
import {
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** On a real disk: an overlay cannot lie on another one. */
const PARENT = '/var/tmp';
const PREFIX = 'cognito-operator-install-';

/** The kubelet sets them to its liking. */
const KERNEL_SETTINGS = [
  'kernel/keys/root_maxbytes',
  'kernel/keys/root_maxkeys',
  'kernel/panic',
  'kernel/panic_on_oops',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
].map((name) => join('/proc/sys', name));

/** Of containerd; below the root of each hierarchy under cgroup v1. */
const CONTROL_GROUPS = ['/sys/fs/cgroup/k8s.io', '/sys/fs/cgroup/*/k8s.io'];

export interface Traces {
  /** Short, for sockets. */
  readonly folder: string;
  /** Everything inside must have ended. May be called twice. */
  remove(): void;
}

interface Before {
  readonly processId: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly controlGroups: readonly string[];
}

const BEFORE = 'before.json';

export function beginTraces(): Traces {
  removeLeftovers();
  const folder = mkdtempSync(join(PARENT, PREFIX));
  const present = KERNEL_SETTINGS.filter((path) => existsSync(path));
  const before: Before = {
    processId: process.pid,
    settings: Object.fromEntries(present.map((path) => [path, readFileSync(path, 'utf8')])),
    controlGroups: globSync(CONTROL_GROUPS),
  };
  writeFileSync(join(folder, BEFORE), JSON.stringify(before));
  return { folder, remove: () => removeTraces(folder) };
}

function removeLeftovers(): void {
  for (const name of readdirSync(PARENT).filter((each) => each.startsWith(PREFIX))) {
    const folder = join(PARENT, name);
    const before = beforeOf(folder);
    if (before !== undefined && !isAlive(before.processId)) removeTraces(folder);
  }
}

function removeTraces(folder: string): void {
  const before = beforeOf(folder);
  if (before === undefined) return;
  for (const [path, value] of Object.entries(before.settings)) writeFileSync(path, value);
  const groups = globSync(CONTROL_GROUPS).filter((path) => !before.controlGroups.includes(path));
  for (const group of groups) removeControlGroup(group);
  rmSync(folder, { recursive: true, force: true });
}

/** Its files are the kernel's and go with it. */
function removeControlGroup(path: string): void {
  for (const each of readdirSync(path, { withFileTypes: true })) {
    if (each.isDirectory()) removeControlGroup(join(path, each.name));
  }
  rmdirSync(path);
}

/** Undefined when the folder is gone, or just being made. */
function beforeOf(folder: string): Before | undefined {
  const path = join(folder, BEFORE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Before) : undefined;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
