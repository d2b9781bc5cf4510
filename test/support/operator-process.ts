/** The operator that `build-once` built, as a process of its own; forgotten ones are ended. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Environment, type Flags, launchOperator, type OperatorProcess } from './launch.ts';

export function startOperatorProcess(flags: Flags, environment: Environment): OperatorProcess {
  const cached = { NODE_COMPILE_CACHE: inject('compileCache'), ...environment };
  const started = launchOperator(inject('operatorFile'), flags, cached);
  leaveNote(started);
  return started;
}

/** If whoever started it is killed, it is `build-once` that ends it. */
function leaveNote({ pid, exited }: OperatorProcess): void {
  const note = join(inject('operatorsFolder'), String(pid));
  writeFileSync(note, '');
  const forget = (): void => rmSync(note, { force: true });
  exited.then(forget, forget);
}
