import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ABSENCES } from './absences.ts';

test.each(ABSENCES)('$file has the test that is absent on a cluster: $test', (absence) => {
  const source = readFileSync(new URL(`../e2e/${absence.file}`, import.meta.url), 'utf8');
  expect(source).toContain(absence.test ?? 'test(');
  expect(absence.because).not.toBe('');
});
