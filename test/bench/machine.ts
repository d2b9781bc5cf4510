/** What the numbers were measured on. */
import { cpus, totalmem } from 'node:os';

export function machineName(): string {
  const all = cpus();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  const model = all[0]?.model.replaceAll(/\s+/g, ' ').trim() ?? 'an unknown processor';
  const cores = `${all.length} ${all.length === 1 ? 'core' : 'cores'}`;
  return `${model}, ${cores}, ${memoryGiB} GiB, ${process.platform}, Node.js ${process.version}`;
}
