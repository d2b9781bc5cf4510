/** Skips what a real API server cannot host, and says why. */
import { basename } from 'node:path';
import { beforeEach, inject } from 'vitest';
import { ABSENCES } from './absences.ts';

beforeEach(({ task, skip }) => {
  const planes = inject('planes');
  if (planes?.kind === 'missing') skip(planes.reason);
  const absence = ABSENCES.find(
    ({ file, test = '' }) => basename(task.file.name) === file && task.fullTestName.endsWith(test),
  );
  if (absence !== undefined) skip(absence.because);
});
