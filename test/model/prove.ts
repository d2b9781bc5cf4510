/**
 * The search as far as it is given time, and on from there:
 *
 *   npm run prove                          ten minutes, a thread for each core
 *   npm run prove -- --resume --transitions=1000000000 --seconds=36000
 *   npm run prove -- --json=proof.json     the result for machines, too
 *   npm run prove -- --traces              each window and each missing rule, as a table of steps
 *
 * First the worlds, the smallest first, each to its end; in the last twentieth of the time, or when
 * all is done, random walks. Ends with 1 when a law is broken that no documented window excuses,
 * or when a world does not converge.
 */
import { availableParallelism } from 'node:os';
import { understood } from '../support/command-line.ts';
import { Proof } from './proof/proof.ts';
import { showTraces } from './proof/show-traces.ts';

const USAGE = `Usage: npm run prove -- [options]

  --seconds=600         how long
  --transitions=<n>     stops when there are so many, with those of before
  --resume              goes on where the last call stopped, unless the code has changed
  --workers=<n>         threads; one for each core
  --sample=0.1          from how many states of the huge worlds all must become well, chosen at
                        random; of the others from each
  --seed=<n>            of all that is chosen at random
  --json=<file>         writes the result there, too
  --traces              shows how each window opens and what each rule prevents, and no more
  --help
`;

const orders = understood(USAGE, {
  options: {
    seconds: { type: 'string', default: '600' },
    transitions: { type: 'string', default: 'Infinity' },
    resume: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(availableParallelism()) },
    sample: { type: 'string', default: '0.1' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    json: { type: 'string' },
    traces: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (orders?.values.traces) showTraces();
else if (orders !== undefined) {
  const { values } = orders;
  console.log(`seed ${values.seed}, ${values.workers} threads`);
  const isProven = await new Proof({
    seconds: Number(values.seconds),
    transitionsMax: Number(values.transitions),
    resumes: values.resume,
    workers: Number(values.workers),
    sample: Number(values.sample),
    seed: Number(values.seed),
    json: values.json,
  }).run();
  process.exitCode = isProven ? 0 : 1;
}
